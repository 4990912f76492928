"""nbval with our conftest: what must fail does, at once; what is right passes."""

import shutil
import subprocess
import sys
import time

import nbformat
import pytest

from tests import notebooks

RAISES = {"tags": ["raises-exception"]}
STDERR = {"stream": "stderr"}


def run(folder, book):
    """Run pytest on one notebook in a folder of its own: (exit code, output, seconds)."""
    shutil.copy(notebooks.ROOT / "conftest.py", folder)
    nbformat.write(book, folder / "book.ipynb")
    start = time.monotonic()
    made = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "--color=no",
         "-p", "no:cacheprovider", "--nbval-cell-timeout=60", "book.ipynb"],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return made.returncode, made.stdout, time.monotonic() - start


def book_of(*cells):
    """Build a notebook from (source, text output, metadata) with counts as if it had run."""
    made = []
    for count, (source, output, metadata) in enumerate(cells, 1):
        cell = nbformat.v4.new_code_cell(source, execution_count=count, metadata=metadata or {})
        if isinstance(output, tuple):
            cell.outputs = [
                nbformat.v4.new_output("error", ename=output[0], evalue=output[1], traceback=[])
            ]
        elif metadata is STDERR:
            cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text=output)]
        elif output is not None:
            cell.outputs = [
                nbformat.v4.new_output(
                    "execute_result", {"text/plain": output}, execution_count=count
                )
            ]
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made)


GOOD = ("1 + 1", "2", None)

BROKEN = {
    "a stored output was changed": ([("1 + 1", "3", None)], "Cell outputs differ"),
    "a digit of the code was changed": ([("1 + 2", "2", None)], "Cell outputs differ"),
    "an unknown magic": (
        [("%nosuchmagic", "UsageError: Line magic function `%nosuchmagic` not found.\n", STDERR)],
        "ended with status error: UsageError",
    ),
    "a hidden traceback": (
        [("get_ipython().showtraceback = lambda *a, **k: None\n1 / 0", None, None)],
        "ZeroDivisionError: division by zero",
    ),
    "a promised error stays away": (
        [("1 + 1", ("ValueError", "no"), RAISES)],
        "raises-exception, but nothing was raised, or stored",
    ),
    "a promised error is not stored": (
        [("1 / 0", None, RAISES)],
        "raises-exception, but nothing was raised, or stored",
    ),
    "another type of error": (
        [("int('x')", ("TypeError", "invalid literal for int() with base 10: 'x'"), RAISES)],
        "The cell raised ('ValueError'",
    ),
    "another message": (
        [("1 / 0", ("ZeroDivisionError", "something else"), RAISES)],
        "stored is ('ZeroDivisionError', 'something else')",
    ),
    "an error that was not promised": (
        [("1 / 0", None, None)],
        "Cell execution caused an exception",
    ),
    "the kernel dies": ([("import os\nos._exit(1)", None, None), GOOD, GOOD], "The kernel died"),
    "an output that was not stored": ([("print('new')", None, None)], "Cell outputs differ"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_fails_within_seconds(name, tmp_path):
    cells, message = BROKEN[name]
    code, out, seconds = run(tmp_path, book_of(GOOD, *cells))
    assert code == 1, out
    assert message in out
    assert seconds < 30


def test_what_is_right_passes(tmp_path):
    drifted = "division by zero. This half of the sentence may be reworded by a new version"
    book = book_of(GOOD, ("1 / 0", ("ZeroDivisionError", drifted), RAISES), GOOD)
    code, out, _ = run(tmp_path, book)
    assert code == 0, out
    assert "3 passed" in out


@pytest.mark.parametrize("change", ["output", "digit", "edge"])
def test_a_real_chapter_that_drifts_fails(change, tmp_path, monkeypatch):
    """One changed output, one changed digit, or one turned edge in the tracing code."""
    book = nbformat.read(notebooks.ROOT / "notebooks/en/02_first_gradient.ipynb", as_version=4)
    last = next(i for i, c in enumerate(book.cells) if c.id == "player") + 1
    book.cells = book.cells[:last]
    cells = {c.id: c for c in book.cells}
    if change == "output":
        cells["verify"].outputs[0].data["text/plain"] = "tensor([True, True, True, False])"
    elif change == "digit":
        cells["forward"].source = cells["forward"].source.replace("2 * torch", "3 * torch")
    else:
        shutil.copytree(notebooks.ROOT / "seegrad", tmp_path / "seegrad")
        walk = tmp_path / "seegrad/tracing/walk.py"
        right = "Edge(source, target, slot, output)"
        assert right in walk.read_text(encoding="utf-8")
        turned = walk.read_text(encoding="utf-8").replace(
            right, "Edge(target, source, slot, output)"
        )
        walk.write_text(turned, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, out, seconds = run(tmp_path, book)
    assert code == 1, out
    assert seconds < 40


def test_cells_stay_in_order_whatever_shuffles_the_tests(tmp_path):
    book = book_of(*((f"n = {i} if {i} == 0 else n + 1\nn", str(i), None) for i in range(8)))
    nbformat.write(book, tmp_path / "other.ipynb")
    code, out, _ = run(tmp_path, book)
    assert code == 0, out
    made = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-n", "2",
         "--dist=loadfile", "-p", "randomly", "-p", "no:cacheprovider", "."],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout
    assert "16 passed" in made.stdout


GRADED = {"tags": ["raises-exception"], "nbgrader": {"grade": True}}


@pytest.mark.parametrize(
    ("source", "passes", "message"),
    [
        ("raise NotImplementedError", True, "1 passed"),
        ("raise NameError('check')", False, "A cell that nobody has answered raised NameError"),
        ("pass", False, "raises-exception, but nothing was raised"),
    ],
)
def test_a_graded_cell_of_an_exercise_waits_for_its_answer(source, passes, message, tmp_path):
    book = book_of((source, None, GRADED))
    book.cells[0].execution_count = None
    code, out, _ = run(tmp_path, book)
    assert (code == 0) == passes, out
    assert message in out
