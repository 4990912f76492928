"""Reads exercise notebooks: which cells belong to an exercise, and runs its graded cells.

Names tell what belongs together. The answer cell's `grade_id` is the name of the function that
learners write; the graded cells of the same exercise begin with `test_` and this name.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any

import nbformat

from tests.notebooks import ROOT, paths

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS\n?", re.DOTALL)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
PROMISE = re.compile(r"^\*(\d+) points?, (\d+) minutes(, read by a person)?\*$", re.MULTILINE)


def solutions() -> list[Path]:
    """Return the notebooks that are edited by hand."""
    return paths(("solutions",))


def twin(path: Path) -> Path:
    """Return the notebook that students get for a solution."""
    return ROOT / "exercises" / path.relative_to(ROOT / "solutions")


@dataclass(slots=True)
class Exercise:
    """One exercise of a notebook.

    Attributes:
        name: name of the function that learners write, or of the text.
        heading: the cell with the task.
        answer: the cell for the answer.
        tests: the graded cells; none where a person reads the answer.
        others: the cells between them.
    """

    name: str
    heading: nbformat.NotebookNode
    answer: nbformat.NotebookNode
    tests: list[nbformat.NotebookNode] = field(default_factory=list)
    others: list[nbformat.NotebookNode] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Sum of the points of all graded cells."""
        return sum(c.metadata.nbgrader.get("points", 0) for c in (self.answer, *self.tests))


@functools.cache
def cells(path: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


def kind(cell: nbformat.NotebookNode) -> str:
    """Return `answer`, `test`, `manual`, `reading` or `plain`."""
    graded = cell.metadata.get("nbgrader", {})
    if graded.get("grade"):
        return "manual" if graded.get("solution") else "test"
    if graded.get("solution"):
        return "answer"
    return "reading" if "solution" in cell.metadata.get("tags", []) else "plain"


@functools.cache
def exercises(path: Path) -> list[Exercise]:
    """Return the exercises of a notebook, in order."""
    found, heading, between = [], None, []
    for cell in cells(path):
        if cell.source.startswith("## "):
            heading, between = cell, []
        elif kind(cell) in ("answer", "manual"):
            name = cell.metadata.nbgrader.grade_id
            found.append(Exercise(name, heading, cell, others=between))
        elif kind(cell) == "test":
            found[-1].tests.append(cell)
        else:
            between.append(cell)
    return found


@functools.cache
def solved(path: Path) -> dict[str, Any]:
    """Return the names of a solved notebook: everything run but the graded cells."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells(path):
            if cell.cell_type == "code" and kind(cell) != "test":
                with contextlib.suppress(*_promised(cell)):
                    exec(compile(cell.source, cell.id, "exec"), names)
    return names


def _promised(cell: nbformat.NotebookNode) -> tuple[type[Exception], ...]:
    return (Exception,) if "raises-exception" in cell.metadata.get("tags", []) else ()


def stub(path: Path, exercise: Exercise) -> FunctionType:
    """Return the function as it stands in the exercise that students get."""
    cell = next(c for c in cells(twin(path)) if c.id == exercise.answer.id)
    names: dict[str, Any] = {}
    exec(cell.source, dict(solved(path)), names)
    return names[exercise.name]


def refused(path: Path, exercise: Exercise, answer: Any, *, hidden: bool = True) -> str:
    """Run the graded cells of an exercise on an answer.

    Args:
        path: the solutions notebook, whose cells are run as they stand there.
        exercise: one of its exercises.
        answer: takes the place of the function that the notebook defines.
        hidden: whether hidden tests are run as well.

    Returns:
        What a learner sees when it is refused, notes included; '' when it is accepted.
    """
    for cell in exercise.tests:
        source = cell.source if hidden else HIDDEN.sub("", cell.source)
        names = {**solved(path), exercise.name: answer}
        error = io.StringIO()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
                exec(compile(source, cell.id, "exec"), names)
        except Exception as raised:
            notes = "\n".join(getattr(raised, "__notes__", []))
            return f"{type(raised).__name__}: {raised}\n{notes}"
        if error.getvalue():
            return f"stderr: {error.getvalue()}"  # it would cost the points
    return ""
