"""The widget of each chapter, taken from the chapter itself, in a plain page without a kernel."""

import contextlib
import io
import json
import re
from functools import cache

import pytest
import torch
from playwright.sync_api import expect

from seegrad.widgets.explorer import Explorer
from tests.browser.test_accessibility import SIZES, THEMES, violations
from tests.test_notebooks import CHAPTERS, code

STEMS = [p.stem for p in CHAPTERS]
TOUCH = {"viewport": {"width": 360, "height": 800}, "has_touch": True, "is_mobile": True}
WORST = "<img src=x onerror=alert(1)> </script> שלום 🎈"


@cache
def state_of(number):
    """Run a chapter's code up to its explorer, and return that explorer's state."""
    path = next(p for p in CHAPTERS if p.stem.startswith(number))
    names, digits = {}, torch._tensor_str.PRINT_OPTS.precision
    for cell in code(path):
        if "raises-exception" in cell.metadata.get("tags", []) or "plt" in cell.source:
            continue
        source = cell.source.replace('\nsg.set_language("en")', "")
        *before, last = source.rsplit("\nsg.", 1) if "\nsg." in source else [source]
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile("".join(before) if before else last, path.name, "exec"), names)
        if before or last.startswith("sg."):
            made = eval("sg." + last.removeprefix("sg."), names)
            if isinstance(made, Explorer):
                torch.set_printoptions(precision=digits)
                return made.state()
    raise AssertionError(f"no explorer in {path.name}")


FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e.closest(".sg-controls, .sg-wiring")) return null;
  const s = getComputedStyle(e.matches("g") ? e.querySelector(".sg-grip") : e);
  const seen = s.outlineStyle !== "none" || parseFloat(s.strokeWidth) >= 3;
  return [e.getAttribute("aria-label") ?? e.textContent, seen];
})()"""


class Shown:
    """What `page_of` needs to know of a widget."""

    front = "explorer"

    def __init__(self, state):
        self._state = state

    def state(self):
        return self._state


@pytest.fixture
def chapter(mount):
    def shown(number, **options):
        return mount(Shown(state_of(number)), **options)

    return shown


def setting(page):
    return page.evaluate("models[0].get('setting')")


def says(page):
    return page.locator(".sg-tells")


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ---------------------------------------------------------------- one test for each chapter


def test_01_the_slider_moves_the_points_and_the_line(chapter):
    page = chapter("01")
    slider = page.get_by_role("slider", name="step h")
    expect(slider).to_have_attribute("aria-valuetext", "1")
    walls = page.get_by_role("img", name=re.compile("Every curve has two walls"))
    first = walls.locator("circle.sg-point").get_attribute("cx")
    slider.focus()
    for _ in range(14):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "1e-07")
    expect(says(page)).to_have_text(
        "What spoils the slope: round-off in float32, truncation in float64."
    )
    assert float(walls.locator("circle.sg-point").get_attribute("cx")) < float(first) - 50
    page.keyboard.press("Home")
    expect(page.get_by_text("float64: slope 0")).to_be_visible()
    page.locator("summary").last.click()
    expect(page.get_by_role("table").last).to_contain_text("float64")
    x, y = middle(walls.bounding_box())
    page.mouse.move(x, y)
    page.mouse.down()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("e-(09|10)$"))
    page.mouse.move(x - 100, y, steps=4)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("e-1[23]$"))
    page.mouse.up()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    expect(slider).to_have_attribute("aria-valuetext", "1")


def test_02_either_edge_is_detached_and_both_are_refused(chapter):
    page = chapter("02")
    one, two = (page.get_by_role("switch", name=re.compile(f"x → dot, input {i}")) for i in (1, 2))
    expect(says(page)).to_contain_text("x.grad is [0, 4, 8, 12]")
    one.click()
    expect(one).to_have_attribute("aria-checked", "true")
    expect(one).to_contain_text("cut")
    expect(says(page)).to_contain_text("x.grad is [0, 2, 4, 6]: one edge brings it.")
    page.keyboard.press("ArrowRight")
    expect(two).to_be_focused()
    page.keyboard.press("Space")
    expect(says(page)).to_contain_text("element 0 of tensors does not require grad")
    expect(page.locator(".sg-wiring svg")).to_have_attribute(
        "aria-label", re.compile("not recorded")
    )
    one.press("Enter")
    assert setting(page) == 2


def test_03_presses_are_run_and_the_alias_is_seen(chapter):
    page = chapter("03")

    def press(name):
        page.get_by_role("button", name=name, exact=True).click()

    press("x.grad.zero_()")
    expect(says(page)).to_contain_text("'NoneType' object has no attribute 'zero_'")
    assert setting(page) == 0
    press("x.sum().backward()")
    press("g = x.grad")
    expect(page.locator(".sg-board li")).to_have_count(1)
    expect(page.locator(".sg-board li")).to_contain_text("one object, two names")
    press("x.sum().backward()")
    expect(says(page)).to_have_text("x.grad and g are one tensor, [2, 2, 2].")
    press("x.grad = None")
    expect(page.locator(".sg-board li").first).to_contain_text("changed")
    page.get_by_role("button", name="x.sum().backward()", exact=True).focus()
    page.keyboard.press("Enter")
    expect(says(page)).to_have_text("x.grad is [1, 1, 1]. g is [2, 2, 2].")
    expect(page.locator(".sg-log")).to_contain_text("x.grad = None")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="g = x.grad", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Start again")).to_be_focused()
    page.keyboard.press("Enter")
    assert setting(page) == 0
    expect(page.get_by_role("button", name="x.sum().backward()", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="g = x.grad", exact=True)).to_be_focused()


def test_03_a_state_from_elsewhere_brings_its_own_way(chapter):
    page = chapter("03")
    page.evaluate("models[0].set('setting', 3)")
    texts = state_of("03")["_data"]["controls"][0]["texts"]
    shown = page.locator(".sg-log li")
    assert "; ".join(shown.all_text_contents()) == texts[3]


def test_04_the_arrow_is_dragged_and_moved_by_keys(chapter):
    page = chapter("04")
    handle = page.get_by_role("slider", name="v", exact=True)
    expect(handle).to_have_attribute("aria-valuetext", "[1, 0]")
    total = page.locator(".sg-total td")
    assert total.all_text_contents() == ["2", "1", "0"]
    x, y = middle(page.locator(".sg-tip").bounding_box())
    pad = page.locator(".sg-pad").bounding_box()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(pad["x"] + pad["width"] / 2, pad["y"] + pad["height"] / 4, steps=5)
    expect(handle).to_have_attribute("aria-valuetext", re.compile(r"^\[0, 1(\.5)?\]$"))
    page.mouse.up()
    page.mouse.move(x, y)
    weight = page.locator(".sg-weight").last.text_content()
    assert total.all_text_contents() == [str(0), *(plain(float(weight) * k) for k in (4, 1))]
    handle.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    expect(handle).to_have_attribute("aria-valuetext", f"[-1, {plain(float(weight) - 0.5)}]")


def plain(v):
    return f"{v:g}"


def test_05_every_edge_has_a_switch(chapter):
    page = chapter("05")
    expect(page.get_by_role("switch")).to_have_count(5)
    expect(says(page)).to_contain_text("x.grad is [0, 3, 12, 27]")
    page.get_by_role("switch", name=re.compile("y → z")).click()
    expect(says(page)).to_contain_text("x.grad is [0, 1, 4, 9]: one edge brings it.")
    expect(page.get_by_role("switch", name=re.compile("x → y, input 1"))).to_have_text(
        "✂no gradient"
    )
    page.get_by_role("switch", name=re.compile("x → z")).click()
    expect(says(page)).to_contain_text("nothing was recorded")


def test_06_graph_and_plot_follow_a_and_the_player_steps(chapter):
    page = chapter("06")
    slider = page.get_by_role("slider", name="a", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "300")
    assert page.locator(".sg-player .sg-kind-op").count() == 2
    page.get_by_role("button", name="one step on").click()
    assert page.evaluate("models[0].get('step')") == 1
    slider.focus()
    page.keyboard.press("Home")
    expect(says(page)).to_have_text("f(-900) = -180000, and its slope is 200.")
    assert page.evaluate("models[0].get('step')") == 1
    expect(page.get_by_role("img", name=re.compile("negative a"))).to_be_visible()
    step = page.locator(".sg-player").get_by_role("slider")
    step.focus()
    page.keyboard.press("End")
    last = page.evaluate("models[0].get('step')")
    slider.focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    assert page.locator(".sg-player .sg-kind-op").count() > 2
    assert page.evaluate("models[0].get('step')") > last  # the end stays the end
    expect(page.locator(".sg-player .sg-say")).to_contain_text("backward() adds this")


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("page", [TOUCH], indirect=True)
@pytest.mark.parametrize("number", [stem[:2] for stem in STEMS])
def test_touch_works_and_nothing_hangs_over_at_360_pixels(number, chapter, page):
    chapter(number)
    before = setting(page)
    if number in ("02", "05"):
        page.get_by_role("switch").last.tap()
    elif number == "03":
        page.get_by_role("button", name="x.sum().backward()").tap()
    else:
        at = page.locator(".sg-pad" if number == "04" else ".sg-slider input")
        at.scroll_into_view_if_needed()
        box = at.bounding_box()
        tool = page.context.new_cdp_session(page)
        start, end = (box["x"] + box["width"] * f for f in (0.5, 0.2))
        y = box["y"] + box["height"] * (0.3 if number == "04" else 0.5)
        for kind, x in (("touchStart", start), ("touchMove", end)):
            points = [{"x": x, "y": y}]
            tool.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        tool.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"models[0].get('setting') !== {before}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        "[...document.querySelectorAll('button, input, summary')].filter(e => e.offsetHeight)"
        ".filter(e => !e.closest('.sg-player') && e.getBoundingClientRect().height < 24).length"
    )
    assert small == 0


@SIZES
@THEMES
@pytest.mark.parametrize("number", [stem[:2] for stem in STEMS])
def test_axe_finds_nothing(number, theme, chapter, page):
    chapter(number, theme=theme)
    for details in page.locator(".sg-numbers summary").all():
        details.click()
    last = len(state_of(number)["_data"]["frames"]) - 1
    for shown in (setting(page), last):
        page.evaluate(f"models[0].set('setting', {shown})")
        assert violations(page) == []


@pytest.mark.parametrize("number", [stem[:2] for stem in STEMS])
def test_every_control_is_reached_by_tab_and_shows_its_focus(number, chapter):
    page = chapter(number)
    wanted = page.locator(".sg-controls :is(button, input, [tabindex='0']), .sg-cutter").count()
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at:
            seen.add(at[0])
            assert at[1], at[0]
    assert len(seen) == wanted


def test_two_explorers_of_one_model_follow_each_other(chapter):
    page = chapter("05")
    page.evaluate("void (window.clean = show(0))")
    page.get_by_role("switch").first.click()
    expect(page.get_by_role("switch", checked=True)).to_have_count(2)
    page.evaluate("window.clean()")
    expect(page.get_by_role("switch", checked=True)).to_have_count(1)


@pytest.mark.parametrize("number", [stem[:2] for stem in STEMS])
def test_fifty_renders_leave_nothing_behind(number, chapter):
    page = chapter(number)
    tool = page.context.new_cdp_session(page)

    def counts():
        page.evaluate("models[0].set('setting', 1)")
        tool.send("HeapProfiler.collectGarbage")
        found = tool.send("Memory.getDOMCounters")
        return found["nodes"], found["jsEventListeners"], page.evaluate("models[0].heard()")

    page.evaluate("show(0)()")  # what is made once, such as a font, is there now
    nodes, listeners, heard = counts()
    page.evaluate("for (let i = 0; i < 50; i++) show(0)()")
    page.wait_for_timeout(100)
    after = counts()
    assert after[2] == heard
    assert after[1] <= listeners
    assert after[0] <= nodes + 20


@pytest.mark.parametrize("number", [stem[:2] for stem in STEMS])
def test_hostile_words_are_shown_as_text(number, mount):
    """Every text of the data, of whatever part, becomes a hostile one."""

    def poisoned(v):
        if isinstance(v, str):
            return v + WORST if len(v) > 8 and v[0] not in "M" else v
        if isinstance(v, list):
            return [poisoned(w) for w in v]
        return {k: poisoned(w) for k, w in v.items()} if isinstance(v, dict) else v

    state = json.loads(json.dumps(state_of(number)))
    pool = state["_data"]["pool"]
    keys = {int(k) for entry in pool if isinstance(entry, dict) for k in entry}
    state["_data"]["pool"] = [v if i in keys else poisoned(v) for i, v in enumerate(pool)]
    state["_data"]["controls"] = poisoned(state["_data"]["controls"])
    page = mount(Shown(state))
    assert page.locator("main img").count() == 0
    assert "onerror" in page.locator("main").inner_text()
