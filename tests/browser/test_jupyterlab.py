"""A reader opens each chapter, presses Run All Cells, and steps through the player."""

import re

import pytest
from playwright.sync_api import expect

from tests.test_notebooks import CHAPTERS, code

MODEL = "jupyterapp.shell.currentWidget.context.model.toJSON()"
DONE = f"() => {MODEL}.cells.filter(c => c.cell_type === 'code').every(c => c.execution_count)"


def open_and_run(page, lab, path):
    page.goto(f"{lab}/tree/notebooks/en/{path.name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.context.sessionContext.session?.kernel"
    )
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(DONE, timeout=90_000)
    return page.evaluate(MODEL)["cells"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_run_all_gives_what_is_stored_and_a_player_that_steps(path, page, lab):
    cells = {c["id"]: c for c in open_and_run(page, lab, path)}
    for stored in code(path):
        fresh = cells[stored.id]["outputs"]
        errors = [o for o in fresh if o["output_type"] == "error"]
        assert bool(errors) == ("raises-exception" in stored.metadata.get("tags", [])), stored.id
        assert len(fresh) == len(stored.outputs), stored.id

    player = page.locator(".sg-player").first
    player.scroll_into_view_if_needed()
    expect(player).to_be_visible()
    say = player.locator(".sg-say")
    expect(say).to_contain_text("Press Step")
    player.get_by_role("button", name="one step on").click()
    expect(say).to_contain_text("PyTorch notes")
    slider = player.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(say).to_contain_text("backward() adds this to")
    expect(player.get_by_role("button", name="one step on")).to_be_disabled()
    page.keyboard.press("Home")
    expect(say).to_contain_text("Press Step")


def test_a_node_tells_its_details_and_a_prediction_is_compared(page, lab):
    open_and_run(page, lab, next(p for p in CHAPTERS if p.stem == "02_first_gradient"))
    player = page.locator(".sg-player").first
    player.scroll_into_view_if_needed()
    page.keyboard.press("Escape")
    player.get_by_role("slider").fill("4")
    player.get_by_role("button", name=re.compile("dot, DotBackward0, 14, gradient 2")).click()
    detail = player.get_by_role("region", name="details of the selected node")
    expect(detail).to_contain_text("saved tensor[0, 1, 2, 3]")
    expect(detail).to_contain_text("sends to x[0, 2, 4, 6]")

    question = page.locator(".sg-question", has_text="What is x.grad after y.backward()?")
    question.scroll_into_view_if_needed()
    field = question.get_by_role("textbox")
    field.fill("[0, 2, 4, 6]")
    field.press("Enter")
    expect(question).to_contain_text("Not so. PyTorch gives [0, 4, 8, 12].")
    expect(question).to_contain_text("A factor 2 is missing")
    field.fill("0 4 8 12")
    field.press("Enter")
    expect(question).to_contain_text("Right.")
