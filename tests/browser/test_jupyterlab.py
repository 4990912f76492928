"""A reader opens each chapter, presses Run All Cells, and steps through the player."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.test_notebooks import CHAPTERS, code

MODEL = "jupyterapp.shell.currentWidget.context.model.toJSON()"
DONE = f"() => {MODEL}.cells.filter(c => c.cell_type === 'code').every(c => c.execution_count)"


def open_notebook(page, lab, name):
    page.goto(f"{lab}/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.context.sessionContext.session?.kernel"
    )


def run_all(page):
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(DONE, timeout=90_000)
    return page.evaluate(MODEL)["cells"]


def open_and_run(page, lab, path):
    open_notebook(page, lab, f"notebooks/en/{path.name}")
    return run_all(page)


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


# ---------------------------------------------------------------- at home in ipywidgets

SET_UP = """
import ipywidgets as w, torch, seegrad as sg
x = torch.arange(4.0, requires_grad=True)
lesson = lambda c=2: sg.Player(sg.trace(lambda x: c * torch.dot(x, x), x))
"""


@pytest.fixture
def notebook(page, lab, lab_folder, request):
    """Return a function that runs cells of code in a new notebook of a real JupyterLab."""

    def made(*cells):
        name = f"{request.node.name}.ipynb"
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        book = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        book.cells = [nbformat.v4.new_code_cell(c) for c in (SET_UP, *cells)]
        nbformat.write(book, lab_folder / name)
        open_notebook(page, lab, name)
        cells = run_all(page)
        errors = [o for c in cells for o in c["outputs"] if o["output_type"] == "error"]
        assert errors == []
        return page

    return made


def kernel_says(page, expression):
    """Return what the kernel prints for an expression."""
    return page.evaluate(
        """async (code) => {
          const { kernel } = jupyterapp.shell.currentWidget.context.sessionContext.session;
          const asked = kernel.requestExecute({ code, store_history: false });
          let said = "";
          asked.onIOPub = (m) => { if (m.header.msg_type === "stream") said += m.content.text; };
          await asked.done;
          return said.trim();
        }""",
        f"print({expression})",
    )


def test_linked_nested_and_driving_others(notebook):
    page = notebook(
        "one, two = lesson(), lesson(3)\n"
        "link = w.jslink((one, 'step'), (two, 'step'))\n"
        "w.HBox([one, w.VBox([two])])",
        "seen = []\nw.interactive_output(lambda at: print('at', at), {'at': two})",
    )
    says = page.locator(".sg-say")
    expect(says).to_have_count(2)
    for k in (0, 1):  # side by side, each of a readable width
        assert page.locator(".sg-player").nth(k).bounding_box()["width"] > 200
    page.get_by_role("button", name="one step on").first.click()
    page.get_by_role("button", name="one step on").first.click()
    expect(says.nth(1)).to_contain_text("14 · 3 = 42")
    page.get_by_role("button", name="one step back").nth(1).click()
    expect(says.nth(0)).to_contain_text("dot(")
    expect(page.get_by_text("at 1", exact=True)).to_be_visible()
    assert kernel_says(page, "one.step, two.step, two.value") == "1 1 1"
    kernel_says(page, "setattr(one, 'step', 5)")
    expect(says.nth(1)).to_contain_text("x receives")


def test_one_widget_shown_twice_agrees_and_another_is_left_alone(notebook):
    page = notebook("one, two = lesson(), lesson()\none", "one", "two")
    says = page.locator(".sg-say")
    expect(says).to_have_count(3)
    page.get_by_role("button", name="one step on").nth(1).click()
    expect(says.nth(0)).to_contain_text("dot(")
    expect(says.nth(1)).to_contain_text("dot(")
    expect(says.nth(2)).to_contain_text("Press Step")


def test_keys_belong_to_the_player_that_has_the_focus(notebook):
    page = notebook("lesson()", "1 + 1")
    page.locator(".sg-player").scroll_into_view_if_needed()
    page.locator(".sg-player .sg-node[tabindex='0']").focus()
    active = "jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = page.evaluate(active)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".sg-node[aria-label^='dot,']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="details of the selected node")).to_be_visible()
    page.keyboard.press(".")
    page.keyboard.press("0")
    page.keyboard.press("0")  # twice: would restart the kernel
    page.keyboard.press("b")  # would insert a cell
    expect(page.locator(".sg-say")).to_contain_text("dot(")
    assert page.evaluate(active) == before
    assert page.locator(".jp-Dialog").count() == 0
    assert len(page.evaluate(MODEL)["cells"]) == 3
    page.keyboard.press("Control+s")  # but saving works from here
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def test_state_survives_closing_and_reopening(notebook, lab):
    page = notebook("one = lesson()\none", "sg.ask('How many?', answer=3)")
    page.get_by_role("button", name="one step on").click(click_count=3)
    page.get_by_role("textbox", name="your prediction").fill("4")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".sg-say")).to_contain_text("MulBackward0 receives 1")
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    path = page.evaluate("jupyterapp.shell.currentWidget.context.path")
    page.evaluate("jupyterapp.shell.currentWidget.close()")
    page.wait_for_selector(".sg-player", state="detached")
    page.evaluate("path => jupyterapp.commands.execute('docmanager:open', { path })", path)
    expect(page.locator(".sg-say")).to_contain_text("MulBackward0 receives 1", timeout=30_000)
    expect(page.locator(".sg-question")).to_contain_text("Not so. PyTorch gives 3.")
    page.get_by_role("button", name="one step on").click()
    expect(page.locator(".sg-say")).to_contain_text("DotBackward0 receives 2")
    page.wait_for_timeout(300)
    assert kernel_says(page, "one.step") == "4"


def test_the_theme_is_followed_and_a_cleared_output_is_gone(notebook):
    page = notebook("lesson()")
    ground = "getComputedStyle(document.querySelector('.sg-player')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    dark = "jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })"
    named = "document.body.dataset.jpThemeName === 'JupyterLab Dark'"
    page.evaluate(dark)
    page.wait_for_function(f"{ground} === 'rgb(20, 24, 31)'")
    page.wait_for_function(named)  # JupyterLab stumbles if the next theme comes before
    page.evaluate(dark.replace("Dark", "Light"))
    page.wait_for_function(f"{ground} === 'rgb(255, 255, 255)'")
    page.wait_for_function(named.replace("Dark", "Light"))
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    expect(page.locator(".sg-player")).to_have_count(0)
