"""Reads exercise notebooks: which cells belong to an exercise, and runs its graded cells.

Names tell what belongs together. The answer cell's `grade_id` is the name of the function that
learners write; the graded cells of the same exercise begin with `test_` and this name.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any

import nbformat

import seegrad as sg
from tests.notebooks import ROOT, paths
from tests.translations import other, texts

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS\n?", re.DOTALL)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Form:
    """How the parts of an exercise are written in one language, as regular expressions.

    Attributes:
        title: the first line of a notebook, up to the title itself.
        promise: points, minutes, and whether a person reads the answer.
        hint: the symptom that opens a hint.
        free: the first line of a free cell.
        property: the first line of a graded cell.
        reread: a heading of the chapter, as hints name it.
        why, tempting: the two parts of a reading.
        scheme, mark: the mark scheme, and the points of one of its lines.
        slow: words that make a reader feel slow, or that do not suit the voice.
    """

    title: str
    promise: str
    hint: str
    free: str
    property: str
    reread: str
    why: str
    tempting: str
    scheme: str
    mark: str
    slow: str


FORMS = {
    "en": Form(
        title=r"# Exercises (\d) · \S",
        promise=r"(?m)^\*(\d+) points?, (\d+) minutes(, read by a person)?\*$",
        hint=r"<details><summary>(.{11,})</summary>\n\n",
        free=r"# Free for your own trials",
        property=r"# [A-Z].+\.\n",
        reread=r"Reread '([^']+)'",
        why=r"\*\*Why this is right\.\*\*",
        tempting=r"\*\*Tempting:\*\*",
        scheme=r"\*\*Mark scheme\*\*",
        mark=r"(?m)^- (\d) points?: ",
        slow=r"(?i)\b(simply|just|obviously|trivial(ly)?)\b",
    ),
    "zh": Form(
        title=r"# 练习 (\d) · \S",
        promise=r"(?m)^\*(\d+) 分，(\d+) 分钟(，人工批阅)?\*$",
        hint=r"<details><summary>(.{4,})</summary>\n\n",
        free=r"# .*试",
        property=r"# .*[\u4e00-\u9fff].*。\n",
        reread=r"重读“([^”]+)”",
        why=r"\*\*为什么这样对。\*\*",
        tempting=r"\*\*容易掉进的坑：\*\*",
        scheme=r"\*\*评分标准\*\*",
        mark=r"(?m)^- (\d) 分：",
        slow=r"您|显然|显而易见|不言而喻|众所周知|轻而易举",
    ),
}


def solutions() -> list[Path]:
    """Return the notebooks that are edited by hand."""
    return paths(("solutions",))


def language(path: Path) -> str:
    """Return the language of a notebook of solutions: the name of its shelf."""
    return path.relative_to(ROOT / "solutions").parts[0]


def form(path: Path) -> Form:
    """Return how exercises are written in the language of a notebook."""
    return FORMS[language(path)]


def chapter(path: Path) -> Path:
    """Return the chapter, in the same language, that a notebook of solutions belongs to."""
    return ROOT / "notebooks" / language(path) / path.name


def twin(path: Path) -> Path:
    """Return the notebook that students get for a solution."""
    return ROOT / "exercises" / path.relative_to(ROOT / "solutions")


def english(path: Path) -> Path:
    """Return the English notebook of which a notebook of solutions is the translation."""
    return other(path, language(path), "en")


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


def hints(cell: nbformat.NotebookNode) -> list[str]:
    """Return the hints of a graded cell: the keys of what is given as `wrong=`."""
    given = []
    for node in ast.walk(ast.parse(cell.source)):
        before = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "wrong"
        if before or (isinstance(node, ast.keyword) and node.arg == "wrong"):
            given.append(node.value)
    keys = [key for it in given if isinstance(it, ast.Dict) for key in it.keys]
    return [key.value for key in keys if isinstance(key, ast.Constant)]


def translated(path: Path, exercise: Exercise, words: str) -> list[str]:
    """Return what stands in the graded cells for the English texts that contain some words."""
    source = next(e for e in exercises(english(path)) if e.name == exercise.name)
    return [
        mine
        for theirs_cell, my_cell in zip(source.tests, exercise.tests, strict=True)
        for theirs, mine in zip(texts(theirs_cell.source), texts(my_cell.source), strict=True)
        if words in theirs
    ]


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
    names = solved(path)
    sg.set_language(language(path))  # as the notebook did when it was run
    for cell in exercise.tests:
        source = cell.source if hidden else HIDDEN.sub("", cell.source)
        inside = {**names, exercise.name: answer}
        error = io.StringIO()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
                exec(compile(source, cell.id, "exec"), inside)
        except Exception as raised:
            notes = "\n".join(getattr(raised, "__notes__", []))
            return f"{type(raised).__name__}: {raised}\n{notes}"
        if error.getvalue():
            return f"stderr: {error.getvalue()}"  # it would cost the points
    return ""
