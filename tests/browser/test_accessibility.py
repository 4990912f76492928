"""axe-core over every state of the widgets, light and dark, wide and narrow; and the palette."""

import re
from importlib.resources import files
from itertools import product

import pytest

import seegrad as sg
from seegrad.widgets import module
from tests.browser.test_player import deep, lesson

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
NARROW = {"viewport": {"width": 360, "height": 800}}
WIDE = {"viewport": {"width": 1300, "height": 900}}
SIZES = pytest.mark.parametrize("page", [WIDE, NARROW], indirect=True, ids=["wide", "narrow"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def violations(page):
    """Return what axe-core finds, as lines that say where and why."""
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{v['id']}: {n['html'][:120]} {n['failureSummary']}" for v in found for n in v["nodes"]
    ]


@SIZES
@THEMES
def test_axe_finds_nothing_in_the_player(theme, mount, page):
    mount(lesson(), theme=theme)
    assert violations(page) == []
    page.get_by_role("slider").fill("4")
    page.locator(".sg-node.sg-now").dispatch_event("click")
    page.get_by_role("button", name="Table").click()
    page.get_by_text("Help", exact=True).click()
    page.wait_for_timeout(300)  # colours glide
    assert violations(page) == []
    page.get_by_text("Picture", exact=True).click()
    assert violations(page) == []


@SIZES
@THEMES
def test_axe_finds_nothing_in_a_big_graph(theme, mount, page):
    mount(deep(), theme=theme)
    assert violations(page) == []
    page.get_by_role("searchbox").fill("tanh")
    page.get_by_role("slider").fill("500")
    page.get_by_role("button", name="Table").click()
    page.wait_for_timeout(300)
    assert violations(page) == []


def questions():
    wrong = {"2": "A factor is missing, as in `x * x`."}
    return [
        sg.ask("How many `grad_fn`?", answer=3, wrong=wrong, why="There are three."),
        sg.ask("Which?", answer="b", choices=["a", "b"], why="Because."),
        sg.ask("In which order?", lines=["c", "a", "b"], answer=lambda o: o == ["a", "b", "c"]),
    ]


@SIZES
@THEMES
@pytest.mark.parametrize("answers", [("", "", ""), ("2", "a", "0,1,2"), ("3", "b", "1,2,0")])
def test_axe_finds_nothing_in_the_questions(answers, theme, mount, page):
    made = questions()
    for question, answer in zip(made, answers, strict=True):
        question.answer = answer
    mount(*made, theme=theme)
    assert violations(page) == []


def test_axe_would_find_something(mount, page):
    mount(lesson())
    page.evaluate("document.querySelector('.sg-say').style.color = '#ccc'")
    page.evaluate("document.querySelector('[aria-label=\"zoom in\"]').removeAttribute('title')")
    assert any(v.startswith("color-contrast") for v in violations(page))


# ---------------------------------------------------------------- colours

INKS = {"ink", "soft", "leaf", "back", "now", "right"}
GROUNDS = {"page", "panel", "leaf-fill", "back-fill", "now-fill"}
TEXTS = [
    *product(["ink", "soft", "back"], sorted(GROUNDS)),
    *product(["leaf", "now", "right"], ["page", "panel"]),
]


def palettes():
    blocks = re.findall(r"\{([^}]*--sg-page:[^}]*)\}", module.style("player"))
    found = [dict(re.findall(r"--sg-([\w-]+): #(\w{6})", b)) for b in blocks]
    return dict(zip(["light", "dark"], found, strict=True))


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_ink_is_readable_on_every_ground(theme):
    colours = palettes()[theme]
    assert set(colours) >= INKS | GROUNDS
    for ink, ground in TEXTS:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ground in ("page", "panel", "leaf-fill"):  # lines need 3 : 1
        assert contrast(colours["line"], colours[ground]) >= 3, ground
