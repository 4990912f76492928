"""A student opens an exercise in JupyterLab, presses Run All Cells, and nbgrader's Validate."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.test_jupyterlab import open_notebook, run_all
from tests.exercises import exercises, solutions, twin

SOLVED = next(p for p in solutions() if p.stem == "01_computational_graph")
FIRST, SECOND, THIRD = exercises(SOLVED)[:3]
GRADED = {cell.id: task for task in (FIRST, SECOND) for cell in task.tests}
SHOW = "k => { jupyterapp.shell.currentWidget.content.activeCellIndex = k; }"


@pytest.fixture
def opened(page, lab, lab_folder, request):
    """Return a function that opens two exercises as they are handed out, or with answers."""

    def made(*, answered):
        book = nbformat.read(twin(SOLVED), as_version=4)
        answers = {task.answer.id: task.answer.source for task in (FIRST, SECOND) if answered}
        end = next(k for k, cell in enumerate(book.cells) if cell.id == THIRD.heading.id)
        book.cells = book.cells[:end]
        for cell in book.cells:
            cell.source = answers.get(cell.id, cell.source)
        name = f"{request.node.name}.ipynb"
        nbformat.write(book, lab_folder / name)
        open_notebook(page, lab, name)
        return page

    return made


def test_run_all_goes_through_to_the_end_and_says_what_is_not_attempted(opened):
    page = opened(answered=False)
    made = run_all(page)
    for k, cell in enumerate(made):
        if cell["id"] in GRADED:
            (said,) = cell["outputs"]
            assert said["ename"] == "NotImplementedError"
            page.evaluate(SHOW, k)
            shown = page.locator(".jp-Cell.jp-mod-active .jp-OutputArea-output")
            expect(shown).to_have_text(f"not attempted yet: {GRADED[cell['id']].name}")
            expect(shown).to_be_in_viewport()


def test_run_all_says_that_answers_are_right(opened):
    made = run_all(opened(answered=True))
    for cell in made:
        if cell["id"] in GRADED:
            said = "".join(out["text"] for out in cell["outputs"])
            assert said.startswith(f"✓ {GRADED[cell['id']].name}: right")


@pytest.mark.parametrize("answered", [False, True], ids=["untouched", "solved"])
def test_validate_says_whether_all_is_right(answered, opened):
    page = opened(answered=answered)
    page.locator(".validate-button").get_by_text("Validate", exact=True).click()
    result = page.locator(".jp-Dialog", has_text="Validation Results")
    expect(result).to_be_visible(timeout=90_000)
    if answered:
        expect(result).to_contain_text("Success! Your notebook passes all the tests.")
    else:
        expect(result.get_by_text("The following cell failed:")).to_have_count(len(GRADED))
        for task in (FIRST, SECOND):
            expect(result).to_contain_text(f"not attempted yet: {task.name}")
    result.get_by_role("button", name="Ok", exact=True).click()
    expect(result).to_have_count(0)
