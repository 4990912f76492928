"""The whole round in a classroom, with stock nbgrader, as book/teachers.md describes it.

Ada answers right, and one of her right answers warns. Ben answers wrong, one answer never ends,
and he deleted one graded cell and edited another. Cleo hands in what she got.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.answers import answers_to
from tests.exercises import cells, exercises, twin
from tests.notebooks import ROOT

NAME = "01_computational_graph"
FILE = f"{NAME}/{NAME}.ipynb"
SOURCE = ROOT / "solutions/en" / FILE
CODED = [e for e in exercises(SOURCE) if e.tests]
MANUAL = next(e for e in exercises(SOURCE) if not e.tests)
STUDENTS = ("ada", "ben", "cleo")
LOOP = "def order_of_lines():\n    while True:\n        pass\n"
WARNS = "import warnings\n\n\ndef change_of_cube():\n    warnings.warn('mind')\n    return -0.12\n"


def nbgrader(folder, *arguments):
    """Run nbgrader as a teacher types it, and return what it says."""
    bin_folder = str(Path(sys.executable).parent)  # nbgrader looks for alembic on the path
    env = {**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"]}
    made = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout + made.stderr


def write(book, changes):
    for cell in book.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = changes.get(name, cell.source)


def right(book):
    sources = {e.name: e.answer.source for e in exercises(SOURCE)}
    write(book, {**sources, "change_of_cube": WARNS})


def wrong(book):
    first = [a for a in reversed(answers_to(NAME)) if a.hint and a.exercise != "diamond"]
    answers = {a.exercise: a.source for a in first}
    write(book, {**answers, MANUAL.name: "Because.", "order_of_lines": LOOP})
    write(book, {"test_change_of_cube_value": "assert True"})
    book.cells = [c for c in book.cells if c.id != "count-nodes-number"]


CHANGES = {"ada": right, "ben": wrong, "cleo": lambda book: None}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Go through the round once; return the folder of the course."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", root / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    nbgrader(root, "generate_assignment", NAME)
    release_and_hand_in(root)
    nbgrader(root, "autograde", NAME)
    nbgrader(root, "generate_feedback", NAME)
    return root


def release_and_hand_in(root):
    """Release, let every student change and submit, and collect.

    nbgrader's exchange exists on Linux and macOS; on Windows teachers copy the files.
    """
    released = root / "exercises/en" / FILE
    if sys.platform != "win32":
        exchange = root / "exchange"
        exchange.mkdir(mode=0o777)
        exchange.chmod(0o777)
        through = f"--Exchange.root={exchange}"
        nbgrader(root, "release_assignment", NAME, through)
        released = exchange / "seegrad/outbound" / FILE
    for student in STUDENTS:
        book = nbformat.read(released, as_version=4)
        CHANGES[student](book)
        target = root / "submitted" / student / FILE
        if sys.platform != "win32":
            stamp = "2026-01-01 10:00:00 UTC"
            target = exchange / f"seegrad/inbound/{student}+{NAME}+{stamp}" / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(book, target)
        if sys.platform != "win32":
            (target.parent / "timestamp.txt").write_text(stamp)
    if sys.platform != "win32":
        nbgrader(root, "collect", NAME, through, "--ExchangeCollect.check_owner=False")


@pytest.fixture
def gradebook(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "seegrad") as book:
        yield book


def scores(gradebook, student):
    """Return the automatic score of each graded cell, and whether a person must read it."""
    submission = gradebook.find_submission(NAME, student)
    return {
        grade.name: (grade.auto_score, grade.needs_manual_grade)
        for notebook in submission.notebooks
        for grade in notebook.grades
    }


def test_what_is_released_is_what_is_committed(course):
    made = (course / "exercises/en" / FILE).read_bytes()
    assert made == twin(SOURCE).read_bytes()


def test_every_submission_is_graded(gradebook):
    assert [s.student.id for s in gradebook.assignment_submissions(NAME)] == list(STUDENTS)
    assert gradebook.find_assignment(NAME).max_score == sum(e.points for e in exercises(SOURCE))


def test_right_answers_get_all_points_even_with_a_warning(gradebook):
    found = scores(gradebook, "ada")
    for exercise in CODED:
        for cell in exercise.tests:
            meta = cell.metadata.nbgrader
            assert found[meta.grade_id] == (meta.points, False), meta.grade_id
    assert found[MANUAL.name] == (None, True)


def test_wrong_answers_get_none_even_with_cells_deleted_or_edited(gradebook):
    found = scores(gradebook, "ben")
    assert found["test_count_nodes_number"] == (0, False), "a deleted cell was not put back"
    assert found["test_change_of_cube_value"] == (0, False), "an edited cell was not restored"
    assert found["test_order_of_lines_runs"] == (0, False), "the loop was not stopped"
    assert sum(score or 0 for score, _ in found.values()) <= 3
    assert found[MANUAL.name] == (None, True)


def test_the_untouched_exercise_gets_zero_and_nobody_has_to_read_it(gradebook):
    assert set(scores(gradebook, "cleo").values()) == {(0, False)}
    assert not gradebook.find_submission(NAME, "cleo").needs_manual_grade


def test_a_person_grades_the_text_and_the_sum_is_right(course, gradebook):
    grade = gradebook.find_grade(MANUAL.name, NAME, NAME, "ada")
    grade.manual_score = MANUAL.points
    grade.needs_manual_grade = False
    gradebook.db.commit()
    assert gradebook.find_submission(NAME, "ada").score == sum(e.points for e in exercises(SOURCE))


def test_feedback_says_why(course):
    pages = {s: course / "feedback" / s / FILE.replace(".ipynb", ".html") for s in STUDENTS}
    text = {s: page.read_text(encoding="utf-8") for s, page in pages.items()}
    assert "✗" not in text["ada"].replace("&#10007;", "✗")
    assert "✓ central_difference: right on 4 inputs" in text["ada"]
    assert "Stopped at the time limit" in text["ben"]
    assert "not attempted yet: diamond" in text["cleo"]
    # Hidden tests are shown in feedback, by design of nbgrader: see book/teachers.md.
    assert "Use the step that is given" in text["ben"]


def test_validate_tells_a_student_before_handing_in(course):
    """The command runs the same code as the Validate button of JupyterLab."""
    for student, words in (("ada", "Success!"), ("cleo", "VALIDATION FAILED")):
        said = nbgrader(course, "validate", str(course / "submitted" / student / FILE))
        assert words in said


def test_the_validate_button_is_there():
    made = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"],
        capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    said = made.stdout + made.stderr
    for extension in ("validate_assignment", "formgrader", "assignment_list"):
        assert f"nbgrader.server_extensions.{extension}" in said
    found = subprocess.run(
        [sys.executable, "-m", "jupyter", "labextension", "list"],
        capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert "nbgrader" in found.stdout + found.stderr


def test_a_deleted_first_graded_cell_has_a_place_to_be_put_back():
    """It puts a deleted cell behind the nbgrader cell before it, which must be there."""
    first = next(c for c in cells(SOURCE) if "nbgrader" in c.metadata)
    assert first.metadata.nbgrader.solution
