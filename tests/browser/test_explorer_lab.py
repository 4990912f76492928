"""Explorers in a real JupyterLab: the chapters' own, and as widgets among others."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_jupyterlab import kernel_says, notebook, open_and_run  # noqa: F401
from tests.test_notebooks import CHAPTERS

MADE = """
at = lambda a: (sg.trace(lambda t: t * t, torch.tensor(a, requires_grad=True)), f"a is {a:g}")
one, two = sg.explore(at, a=[1.0, 2.0, 3.0]), sg.explore(at, a=[4.0, 5.0])
"""


TEXT = "document.querySelector('.sg-explorer').innerText"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_the_explorer_of_each_chapter_reacts_to_keyboard_and_mouse(path, page, lab):
    open_and_run(page, lab, path)
    explorer = page.locator(".sg-explorer")
    explorer.scroll_into_view_if_needed()
    active = "jupyterapp.shell.currentWidget.content.activeCellIndex"
    first = page.evaluate(TEXT)
    control = explorer.locator(".sg-controls :is(input, button, [role=slider]), .sg-cutter").first
    control.focus()
    before = page.evaluate(active)
    page.keyboard.press("ArrowLeft" if path.stem[:2] in ("01", "04", "06") else "Space")
    page.wait_for_function(f"text => {TEXT} !== text", arg=first)
    assert page.evaluate(active) == before
    second = page.evaluate(TEXT)
    if path.stem[:2] == "04":
        explorer.locator(".sg-pad").click(position={"x": 40, "y": 60})
    elif path.stem[:2] in ("01", "06"):
        control.click(position={"x": 20, "y": 10})
    else:
        explorer.locator(".sg-line, .sg-cutter").nth(1).click()
    page.wait_for_function(f"text => {TEXT} !== text", arg=second)


def test_an_explorer_is_linked_nested_and_keeps_the_kernel_informed(notebook):  # noqa: F811
    page = notebook(
        MADE,
        "link = w.jslink((one, 'setting'), (two, 'setting'))\nw.VBox([w.HBox([one]), two])",
        "w.interactive_output(lambda at: print('heard', at['a']), {'at': one})",
    )
    says = page.locator(".sg-tells")
    expect(says).to_have_text(["a is 1", "a is 4"])
    slider = page.get_by_role("slider", name="a", exact=True)
    slider.first.focus()
    page.keyboard.press("ArrowRight")
    expect(says).to_have_text(["a is 2", "a is 5"])
    expect(page.get_by_text("heard 2", exact=True)).to_be_visible()
    assert kernel_says(page, "one.setting, one.value, two.setting") == "1 {'a': '2'} 1"
    kernel_says(page, "setattr(two, 'setting', 0)")
    expect(says).to_have_text(["a is 1", "a is 4"])
    page.get_by_role("button", name="one step on").first.click()
    page.wait_for_timeout(300)
    assert kernel_says(page, "one.step, two.step") == "1 0"


def test_the_setting_survives_closing_and_reopening(notebook):  # noqa: F811
    page = notebook(MADE, "one")
    page.get_by_role("slider", name="a", exact=True).focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="one step on").click()
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    path = page.evaluate("jupyterapp.shell.currentWidget.context.path")
    page.evaluate("jupyterapp.shell.currentWidget.close()")
    page.wait_for_selector(".sg-explorer", state="detached")
    page.evaluate("path => jupyterapp.commands.execute('docmanager:open', { path })", path)
    expect(page.locator(".sg-tells")).to_have_text("a is 3", timeout=30_000)
    expect(page.locator(".sg-player .sg-say")).not_to_contain_text("Press Step")
