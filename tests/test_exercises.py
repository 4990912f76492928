"""Every checker of every exercise against answers that learners give, and the exercises' form.

All of it in each language that has a notebook; one that is not translated yet is not missed here.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zlib

import nbformat
import pytest
import torch
from nbgrader.nbgraderformat import MetadataValidator

import seegrad as sg
from seegrad.check import Draw, words
from seegrad.language import say
from tests import notebooks
from tests.answers import answers_to
from tests.exercises import (
    HIDDEN,
    SOLUTION,
    cells,
    chapter,
    english,
    exercises,
    form,
    hints,
    kind,
    language,
    refused,
    solutions,
    solved,
    stub,
    translated,
    twin,
)
from tests.translations import bare, chinese, ill_set


def name(path):
    return f"{language(path)}-{path.stem}"


NOTEBOOKS = solutions()
every_solution = pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
TRANSLATED = [p for p in NOTEBOOKS if language(p) != "en"]
every_translated = pytest.mark.parametrize("path", TRANSLATED, ids=name)
CODED = [(p, e) for p in NOTEBOOKS for e in exercises(p) if e.tests]
every_coded = pytest.mark.parametrize(
    ("path", "exercise"), CODED, ids=[f"{name(p)}-{e.name}" for p, e in CODED]
)
ANSWERS = [(p, e, a) for p, e in CODED for a in answers_to(p.stem) if a.exercise == e.name]
CONSTANTS = (None, 0, 1, 0.0, "", [], {}, True, torch.zeros(()), torch.ones(3))


def given(which):
    chosen = [row for row in ANSWERS if (row[2].hint is None) == (which == "right")]
    ids = [f"{name(p)}-{e.name}-{a.function.__name__}" for p, e, a in chosen]
    return pytest.mark.parametrize(("path", "exercise", "answer"), chosen, ids=ids)


# ---------------------------------------------------------------- the checkers


@given("wrong")
def test_a_wrong_answer_is_refused_with_its_hint(path, exercise, answer):
    said = refused(path, exercise, answer.placed(solved(path)))
    assert said, "accepted"
    if language(path) == "en":
        assert answer.hint in said
    elif known := translated(path, exercise, answer.hint):
        assert any(hint in said for hint in known), known
        assert not ill_set(said)
    else:  # the checker found these words itself
        assert chinese(said)
        assert not ill_set(said)


@given("right")
def test_a_right_answer_is_accepted(path, exercise, answer):
    assert refused(path, exercise, answer.placed(solved(path))) == ""


@every_coded
def test_the_solution_is_accepted_and_the_stub_is_not_attempted(path, exercise):
    assert refused(path, exercise, solved(path)[exercise.name]) == ""
    said = refused(path, exercise, stub(path, exercise))
    waits = {"en": "not attempted yet: ", "zh": "还没有作答："}[language(path)]
    assert said.strip() == f"NotImplementedError: {waits}{exercise.name}"


@pytest.fixture
def drawn_anew(monkeypatch):
    """Return a function that makes all checkers draw other inputs than they do for students."""
    drawn = zlib.crc32
    return lambda word: monkeypatch.setattr(zlib, "crc32", lambda it: drawn(word.encode() + it))


ENGLISH = [(p, e) for p, e in CODED if language(p) == "en"]  # the code of the twins is the same


@pytest.mark.parametrize("word", ["this", "that", "other", "another", "different"])
def test_no_right_answer_owes_it_to_the_draw(word, drawn_anew):
    drawn_anew(word)
    for path, exercise in ENGLISH:
        answers = [a for a in answers_to(path.stem) if a.exercise == exercise.name and not a.hint]
        for given in (solved(path)[exercise.name], *(a.placed(solved(path)) for a in answers)):
            assert refused(path, exercise, given) == "", exercise.name


@pytest.mark.parametrize("word", ["this", "that"])
def test_no_wrong_answer_is_refused_by_the_draw_alone(word, drawn_anew):
    """Its hint may be another one: two ways that go wrong can agree on some inputs."""
    drawn_anew(word)
    for path, exercise, answer in ANSWERS:
        if language(path) == "en" and answer.hint:
            said = refused(path, exercise, answer.placed(solved(path)))
            assert said, answer.function.__name__


def test_another_draw_is_another_one(drawn_anew):
    def first():
        return Draw("central_difference", 0)(3).tolist()

    before = first()
    assert first() == before
    drawn_anew("other")
    assert first() != before


@every_coded
def test_constants_and_the_first_argument_are_refused(path, exercise):
    for constant in CONSTANTS:
        said = refused(path, exercise, lambda *a, c=constant, **k: c)
        assert said, repr(constant)
        assert language(path) == "en" or not ill_set(said)
    for position in range(3):
        assert refused(path, exercise, lambda *a, i=position, **k: a[i]), position


@every_coded
def test_there_are_enough_answers(path, exercise):
    mine = [a for _, e, a in ANSWERS if e is exercise]
    assert len([a for a in mine if a.hint is not None]) >= 4
    assert len([a for a in mine if a.hint is None]) >= 2


@every_coded
def test_each_hidden_test_catches_what_the_visible_ones_let_through(path, exercise):
    wrong = [a for _, e, a in ANSWERS if e is exercise and a.hint is not None]
    for cell in exercise.tests:
        for found in HIDDEN.finditer(cell.source):
            assert "check." in found[1]
            let_through = [
                a.function.__name__
                for a in wrong
                if not refused(path, exercise, a.placed(solved(path)), hidden=False)
            ]
            assert let_through, cell.id


@every_solution
def test_every_answer_belongs_to_an_exercise(path):
    names = {e.name for e in exercises(path) if e.tests}
    assert {a.exercise for a in answers_to(path.stem)} == names


# ---------------------------------------------------------------- how an exercise reads


@every_solution
def test_a_notebook_has_five_to_seven_exercises_and_adds_up(path):
    found, title = exercises(path), cells(path)[0].source
    assert re.match(form(path).title, title)[1] == path.stem[1], "the number of the chapter"
    assert 5 <= len(found) <= 7
    assert sum(not e.tests for e in found) <= 1, "at most one is read by a person"
    points, minutes = 0, 0
    for number, exercise in enumerate(found, 1):
        assert exercise.heading.source.startswith(f"## {number} · ")
        promise = re.search(form(path).promise, exercise.heading.source)
        assert promise, exercise.name
        assert int(promise[1]) == exercise.points, exercise.name
        assert bool(promise[3]) == (not exercise.tests), exercise.name
        points, minutes = points + int(promise[1]), minutes + int(promise[2])
    total = re.search(form(path).promise, title)
    assert (int(total[1]), int(total[2])) == (points, minutes)


@every_solution
def test_the_beginning_chooses_the_language_and_names_what_students_meet(path):
    title, setup = cells(path)[:2]
    last = ast.parse(setup.source.split("import seegrad as sg\n\n")[1]).body[0]
    assert ast.unparse(last) == f"sg.set_language({language(path)!r})"
    link = f"(../../../notebooks/{language(path)}/{path.name})"
    assert link in title.source
    assert "`YOUR CODE HERE`" in title.source
    sg.set_language(language(path))
    assert say(words.NOT_ATTEMPTED, name="").strip(" :：") in title.source


@every_coded
def test_an_exercise_has_its_parts(path, exercise):
    """Task with hints, stub with a docstring, a free cell, graded cells, a reading."""
    assert exercise.answer.metadata.nbgrader.grade_id == exercise.name
    assert ast.get_docstring(ast.parse(exercise.answer.source).body[0])
    assert len(SOLUTION.findall(exercise.answer.source)) == 1
    task, need = exercise.heading.source, form(path)
    assert task.count("<details>") == task.count("</details>") == len(re.findall(need.hint, task))
    assert "<details>" in task
    assert any(re.match(need.free, c.source) for c in exercise.others)
    reading = "\n".join(c.source for c in exercise.others if kind(c) == "reading")
    assert re.search(need.why, reading)
    assert re.search(need.tempting, reading)


@every_coded
def test_a_graded_cell_says_what_it_checks_and_stands_alone(path, exercise):
    for cell in exercise.tests:
        assert cell.metadata.nbgrader.grade_id.startswith(f"test_{exercise.name}_")
        assert re.match(form(path).property, cell.source), cell.id
        assert "\nfrom seegrad import check\n" in cell.source
        assert HIDDEN.sub("", cell.source).count("check.") >= 1, "only hidden tests"
        assert cell.metadata.jupyter.source_hidden
        assert "hide-input" in cell.metadata.tags
        # The last statement is a call that returns None: a value would be read as partial credit.
        last = ast.parse(cell.source).body[-1]
        assert ast.unparse(last).startswith("check."), cell.id


@every_coded
def test_hints_name_sections_of_the_chapter(path, exercise):
    headings = [
        row.lstrip("# ").replace("`", "")
        for cell in cells(chapter(path))
        if cell.cell_type == "markdown"
        for row in cell.source.splitlines()
        if row.startswith("#")
    ]
    said = [hint for cell in exercise.tests for hint in hints(cell)]
    named = re.findall(form(path).reread, "\n".join(said))
    assert named, "at least one hint says what to reread"
    for section in named:
        assert any(row.startswith(section.replace("`", "")) for row in headings), section


@every_solution
def test_a_text_that_a_person_reads_has_a_mark_scheme(path):
    for exercise in exercises(path):
        if not exercise.tests:
            text = SOLUTION.search(exercise.answer.source)[1]
            marks = re.findall(form(path).mark, re.split(form(path).scheme, text)[1])
            assert sum(map(int, marks)) == exercise.points


@every_solution
def test_no_word_makes_a_reader_feel_slow(path):
    for cell in cells(path):
        if cell.cell_type == "markdown":
            assert not re.search(form(path).slow, cell.source), cell.id


# ---------------------------------------------------------------- translations


@every_translated
def test_marks_enclose_the_same_code_as_in_the_original(path):
    """They are comments; `test_translations.py` compares the code of a whole cell."""
    for theirs, mine in zip(cells(english(path)), cells(path), strict=True):
        for region in (SOLUTION, HIDDEN):
            found = [region.findall(cell.source) for cell in (theirs, mine)]
            assert len(found[0]) == len(found[1]), mine.id
            if mine.cell_type == "code":
                one, two = ([bare(textwrap.dedent(i)) for i in inside] for inside in found)
                assert one == two, mine.id


@every_translated
def test_hints_comments_and_docstrings_are_translated(path):
    for cell in cells(path):
        if cell.cell_type == "code":
            comments = re.findall(r"(?m)^\s*# (.+)", cell.source)
            read = [*hints(cell), *(c for c in comments if not is_code(c))]
            assert all(map(chinese, read)), (cell.id, read)
    for exercise in exercises(path):
        if exercise.tests:
            assert chinese(ast.get_docstring(ast.parse(exercise.answer.source).body[0]))


def is_code(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


# ---------------------------------------------------------------- what students get


@every_solution
def test_metadata_is_valid_and_no_cell_is_locked_without_being_graded(path):
    for file in (path, twin(path)):
        book = nbformat.read(file, as_version=4)
        MetadataValidator().validate_nb(book)
        nbformat.validate(book)
        for cell in book.cells:
            # nbgrader cannot put a deleted test back behind a cell that is locked and no more.
            meta = cell.metadata.get("nbgrader")
            assert meta is None or meta.grade or meta.solution, cell.id


@every_solution
def test_students_get_no_answer(path):
    book = nbformat.read(twin(path), as_version=4)
    assert set(book.metadata) == {"kernelspec", "language_info"}
    text = twin(path).read_text(encoding="utf-8")
    for marker in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        assert marker not in text, marker
    for marker in (form(path).scheme, form(path).why, form(path).tempting):
        assert not re.search(marker, text), marker
    shown = {line.strip() for cell in book.cells for line in cell.source.splitlines()}
    for cell in book.cells:
        assert "attachments" not in cell
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert kind(cell) != "reading"
        assert "seegrad" not in cell.metadata, "where it was translated from is no news to them"
    for line in secret_lines(path):
        assert line not in shown, line


def secret_lines(path):
    """Return the lines of solutions, hidden tests and readings that are told from others."""
    visible = []
    secret = []
    for cell in cells(path):
        regions = [cell.source] if kind(cell) == "reading" else SOLUTION.findall(cell.source)
        regions += HIDDEN.findall(cell.source)
        secret += [row.strip() for region in regions for row in region.splitlines()]
        if kind(cell) != "reading":
            visible += HIDDEN.sub("", SOLUTION.sub("", cell.source)).splitlines()
    return {row for row in secret if len(row) > 3} - {row.strip() for row in visible}


@pytest.fixture(scope="module")
def made_twice(tmp_path_factory):
    """Make all exercises in a copy, twice: {path: (first bytes, second bytes)}."""
    root = tmp_path_factory.mktemp("made")
    shutil.copytree(notebooks.ROOT / "solutions", root / "solutions")
    shutil.copy(notebooks.ROOT / "nbgrader_config.py", root)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--no-db", "--force"]
    runs = []
    for _ in range(2):
        for shelf in (p.name for p in (root / "solutions").iterdir()):
            env = {**os.environ, "SEEGRAD_LANGUAGE": shelf}
            subprocess.run(command, cwd=root, env=env, capture_output=True, check=True)
        found = (root / "exercises").rglob("*.ipynb")
        runs.append({p.relative_to(root): p.read_bytes() for p in found})
    return runs


def test_the_exercises_are_made_from_the_solutions_as_they_are_now(made_twice):
    first, second = made_twice
    committed = notebooks.paths(("exercises",))
    assert first == second
    now = {p.relative_to(notebooks.ROOT): p.read_bytes() for p in committed}
    # On Windows nbgrader ends lines in the way of that system.
    assert {p: b.replace(b"\r\n", b"\n") for p, b in first.items()} == {
        p: b.replace(b"\r\n", b"\n") for p, b in now.items()
    }


@every_solution
def test_run_all_passes_what_is_not_attempted(path):
    for cell in cells(twin(path)):
        tagged = "raises-exception" in cell.metadata.get("tags", [])
        if kind(cell) == "test":
            assert tagged
        elif kind(cell) != "plain":
            assert not tagged


def test_there_is_an_exercise_for_every_solution_and_no_other():
    made = set(notebooks.paths(("exercises",)))
    assert made == {twin(p) for p in NOTEBOOKS}
