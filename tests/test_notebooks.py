"""The form of the notebooks, and that they hold the lesson that they come from."""

import ast
import re

import nbformat
import pytest

from seegrad.language import LANGUAGES
from tests import notebooks

STEMS = (
    "01_computational_graph",
    "02_first_gradient",
    "03_accumulation",
    "04_non_scalar_backward",
    "05_detach",
    "06_control_flow",
)
CHAPTERS = [notebooks.ROOT / "notebooks" / "en" / f"{stem}.ipynb" for stem in STEMS]


def name(path):
    return path.relative_to(notebooks.ROOT).as_posix()


every_notebook = pytest.mark.parametrize("path", notebooks.paths(notebooks.EVERY), ids=name)
every_written = pytest.mark.parametrize("path", notebooks.paths(), ids=name)
every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def prose(path):
    return [c for c in read(path).cells if c.cell_type == "markdown"]


def code(path):
    return [c for c in read(path).cells if c.cell_type == "code"]


# ---------------------------------------------------------------- what is committed


@every_written
def test_a_notebook_is_committed_in_the_one_form(path):
    stored = path.read_text(encoding="utf-8")
    assert stored == notebooks.text(notebooks.normal(nbformat.reads(stored, as_version=4)))


@every_notebook
def test_no_cell_opts_out_of_being_checked(path):
    for cell in code(path):
        assert not {t for t in cell.metadata.get("tags", []) if t.startswith("nbval")}, cell.id
        assert "NBVAL" not in cell.source, cell.id


@every_notebook
def test_cell_ids_can_be_read(path):
    ids = [c.id for c in read(path).cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", i) for i in ids)


@every_notebook
def test_links_lead_somewhere(path):
    for cell in prose(path):
        for target in re.findall(r"\]\(([^)#]+)", cell.source):
            if not target.startswith("https://"):
                assert (path.parent / target).exists(), (cell.id, target)


@every_notebook
def test_nothing_is_written_to_stderr(path):
    for cell in code(path):
        assert not [o for o in cell.outputs if o.get("name") == "stderr"], cell.id


def test_normal_form_drops_what_belongs_to_a_machine():
    cell = nbformat.v4.new_code_cell("1", id="one")
    cell.metadata = {"execution": {"iopub.busy": "2026"}, "tags": ["kept"], "scrolled": True}
    cell.execution_count = 7
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="a"),
        nbformat.v4.new_output("stream", name="stdout", text="b"),
        nbformat.v4.new_output(
            "execute_result", {"text/plain": "1", "image/png": "AAAA"}, execution_count=7
        ),
        nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["/home/me"]),
    ]
    book = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}, "vscode": 1})
    made = notebooks.normal(book)
    assert set(made.metadata) == {"kernelspec", "language_info"}
    assert made.cells[0].execution_count == 1
    assert made.cells[0].metadata == {"tags": ["kept"]}
    stream, result, error = made.cells[0].outputs
    assert stream.text == "ab"
    assert (result.data, result.execution_count) == ({"text/plain": "1"}, 1)
    assert error.traceback == []
    assert notebooks.text(notebooks.normal(made)) == notebooks.text(made)


# ---------------------------------------------------------------- how a chapter reads


@every_chapter
def test_a_chapter_is_short_winded(path):
    cells = read(path).cells
    assert 25 <= len(cells) <= 45
    for cell in cells:
        if cell.cell_type == "code":
            assert len([row for row in cell.source.splitlines() if row.strip()]) <= 12, cell.id
        else:
            assert len(cell.source.split()) <= 150, cell.id


@every_chapter
def test_there_are_at_most_two_code_cells_in_a_row(path):
    kinds = "".join(c.cell_type[0] for c in read(path).cells)
    assert "ccc" not in kinds


@every_chapter
def test_a_chapter_opens_and_closes_as_all_do(path):
    cells = read(path).cells
    first = cells[0].source
    assert first.startswith("# ")
    assert "**What you will be able to do**" in first
    assert "**What you need**: " in first
    *aims, last = re.findall(r"^- (.+)", first, flags=re.MULTILINE)
    assert all(aim.endswith(";") for aim in aims), "one sentence, in parts"
    assert last.endswith(".")
    headings = re.findall(r"^## (.+)", "\n".join(c.source for c in prose(path)), flags=re.MULTILINE)
    assert headings[-3:] == ["Recap", "Check yourself", "Next"]


@every_chapter
def test_a_chapter_asks_before_it_tells_and_again_at_the_end(path):
    cells = read(path).cells
    at = next(i for i, c in enumerate(cells) if "## Check yourself" in c.source)
    asks = [i for i, c in enumerate(cells) if c.cell_type == "code" and "sg.ask(" in c.source]
    assert len([i for i in asks if i < at]) >= 3
    assert 3 <= len([i for i in asks if i > at]) <= 5


@every_chapter
def test_a_final_question_says_what_wrong_answers_mean_and_why(path):
    cells = read(path).cells
    at = next(i for i, c in enumerate(cells) if "## Check yourself" in c.source)
    for cell in cells[at:]:
        for call in ast.walk(ast.parse(cell.source if cell.cell_type == "code" else "")):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "sg.ask":
                given = {k.arg for k in call.keywords}
                assert "why" in given, cell.id
                assert given & {"wrong", "lines"}, cell.id  # an order has no one wrong answer


@every_chapter
def test_the_code_of_a_question_is_folded_as_it_holds_the_answer(path):
    for cell in code(path):
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert hidden == ("sg.ask(" in cell.source), cell.id
        assert hidden == ("hide-input" in cell.metadata.get("tags", [])), cell.id


@every_chapter
def test_no_word_makes_a_reader_feel_slow(path):
    for cell in prose(path):
        assert not re.search(r"\b(simply|just|obviously|trivial(ly)?)\b", cell.source, re.I), (
            cell.id
        )


@every_chapter
def test_the_player_is_in_every_chapter(path):
    assert any(re.search(r"sg\.trace\(|rec\.trace\(", c.source) for c in code(path))


@every_chapter
def test_an_error_that_is_shown_stands_as_text_beside_it(path):
    """A reader who searches for a message finds it: its first clause is in the prose."""
    text = "".join(c.source for c in prose(path)).replace("*", "")
    from conftest import stable

    for cell in code(path):
        for out in cell.outputs:
            if out.output_type == "error":
                assert stable(out.evalue) in text, (cell.id, out.evalue)


# ---------------------------------------------------------------- the lesson

LESSON = {
    "02_first_gradient": [
        ("import torch", None),
        ("x = torch.arange(4.0)", None),
        ("x", "tensor([0., 1., 2., 3.])"),
        ("x.requires_grad_(True)", None),
        ("print(x.grad)", "None\n"),
        ("y = 2 * torch.dot(x, x)", None),
        ("y", "tensor(28., grad_fn=<MulBackward0>)"),
        ("y.backward()", None),
        ("x.grad", "tensor([ 0.,  4.,  8., 12.])"),
        ("x.grad == 4 * x", "tensor([True, True, True, True])"),
    ],
    "03_accumulation": [
        ("x", "tensor([0., 1., 2., 3.], requires_grad=True)"),
        ("x.grad.zero_()", None),
        ("y = x.sum()", None),
        ("y.backward()", None),
        ("x.grad, y", "(tensor([1., 1., 1., 1.]), tensor(6., grad_fn=<SumBackward0>))"),
    ],
    "04_non_scalar_backward": [
        ("x.grad.zero_()", None),
        ("y = x * x", None),
        (
            "f'x: {x}, y: {y}, y.sum: {y.sum()}'",
            "'x: tensor([0., 1., 2., 3.], requires_grad=True), "
            "y: tensor([0., 1., 4., 9.], grad_fn=<MulBackward0>), y.sum: 14.0'",
        ),
        ("y.sum().backward()", None),
        ("y.backward(torch.ones(len(x)))", None),
        ("x.grad", "tensor([0., 2., 4., 6.])"),
    ],
    "05_detach": [
        ("x.grad.zero_()", None),
        ("y = x * x", None),
        ("u = y.detach()", None),
        ("z = u * x", None),
        ("z.sum().backward()", None),
        (
            "x.grad == u, x.grad, u.grad",
            "(tensor([True, True, True, True]), tensor([0., 1., 4., 9.]), None)",
        ),
        ("y.sum().backward()", None),
        ("x.grad == 2 * x", "tensor([True, True, True, True])"),
    ],
    "06_control_flow": [
        (
            "def f(a):\n b = 2 * a\n while b.norm() < 1000:\n  b = b * 2\n"
            " if b.sum() > 0:\n  c = b\n else:\n  c = 100 * b\n return c",
            None,
        ),
        ("a = torch.randn(size=(), requires_grad=True)", None),
        ("d = f(a)", None),
        ("d.backward()", None),
        ("d, a", "(tensor(1577.98, grad_fn=<MulBackward0>), tensor(1.54, requires_grad=True))"),
        ("a.grad == d / a", "tensor(True)"),
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stem", LESSON)
def test_every_statement_of_the_lesson_stands_in_a_chapter_with_its_output(stem, language):
    path = notebooks.ROOT / "notebooks" / language / f"{stem}.ipynb"
    found = {}
    for cell in code(path):
        body = ast.parse(cell.source).body
        out = [
            o.get("text") or o.data["text/plain"] for o in cell.outputs if o.output_type != "error"
        ]
        for statement in body:
            shown = out[-1] if out and statement is body[-1] else None
            found.setdefault(ast.dump(statement), []).append(shown)
    for statement, output in LESSON[stem]:
        shown = found.get(ast.dump(ast.parse(statement).body[0]))
        assert shown is not None, statement
        assert output is None or output in shown, (statement, shown)
