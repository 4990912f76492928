"""Executes notebooks and writes them in the one form that is committed.

Exercises are not among them: nbgrader makes them from the solutions, see `make exercises`.

`python -m tests.notebooks [file …]`, or `make notebooks` for all. The tests use
`normal` to prove that what is committed has this form.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ("notebooks", "solutions")
EVERY = (*WRITTEN, "exercises")
TIMEOUT = 120


def paths(folders: tuple[str, ...] = WRITTEN) -> list[Path]:
    """Return the committed notebooks of some folders, in a fixed order."""
    return sorted(
        p
        for f in folders
        for p in (ROOT / f).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in p.parts
    )


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from a fresh kernel and return it with its outputs.

    A cell that raises stops the run, unless it is tagged `raises-exception`.
    """
    notebook = nbformat.read(path, as_version=4)
    # Outputs are recorded in a kernel that sees no setting of the person who records them.
    NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": path.parent}},
    ).execute()
    return notebook


def normal(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy in the committed form.

    Kept: sources, cell ids, tags, text outputs, execution counts from 1. Dropped: widget
    state, pictures, scripts, timestamps, tracebacks, the versions of the machine.
    """
    made = nbformat.from_dict(notebook)
    made.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        **{k: v for k, v in notebook.metadata.items() if k in ("nbgrader", "seegrad")},
    }
    made.nbformat, made.nbformat_minor = 4, 5
    count = 0
    for cell in made.cells:
        for volatile in ("execution", "collapsed", "scrolled", "trusted"):
            cell.metadata.pop(volatile, None)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_output(o, count) for o in _joined(cell.outputs)]
    return made


def _joined(outputs: list) -> list:
    """Join neighbouring pieces of the same stream: how they are cut depends on timing."""
    kept: list = []
    for o in outputs:
        before = kept[-1] if kept else None
        if before and o.output_type == before.output_type == "stream" and o.name == before.name:
            before.text += o.text
        else:
            kept.append(nbformat.from_dict(o))
    return kept


def _output(output: nbformat.NotebookNode, count: int) -> nbformat.NotebookNode:
    if output.output_type == "error":
        output.traceback = []
    if output.output_type in ("execute_result", "display_data"):
        output.data = {"text/plain": output.data["text/plain"]}
        output.metadata = {}
    if output.output_type == "execute_result":
        output.execution_count = count
    return output


def text(notebook: nbformat.NotebookNode) -> str:
    """Return the bytes of a notebook file as text."""
    return nbformat.writes(notebook) + "\n"


def main(names: list[str]) -> None:
    """Execute and rewrite the named notebooks, all if none is named."""
    for path in [Path(n).resolve() for n in names] or paths():
        made = text(normal(execute(path)))
        changed = made != path.read_text(encoding="utf-8")
        path.write_text(made, encoding="utf-8", newline="\n")
        print("changed" if changed else "same   ", path.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
