"""The widgets in Chinese: no English word is left in them but code, and they fit as well."""

import re

import pytest
import torch

import seegrad as sg
from tests.browser.test_accessibility import SIZES, THEMES, violations
from tests.translations import ill_set

CODE = """
    a b c e f g j p t v x y z alpha cos detach dot dtype exp float grad grad_fn inf none ones other
    pytorch requires_grad self sin sum tensor torch true zero_ accumulategrad addbackward backward
    divbackward dotbackward mulbackward sinbackward sumbackward
    lambda player py return sg test_chinese trace
    ctrl end enter esc home png svg
"""
"""What is the same in every language: names of tensors and functions, the line of this file that a
node stands in, keys, and formats of pictures."""

WORDS = """() => {
  const found = [];
  const names = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) found.push(child.textContent);
      else if (!child.matches(".sg-refused code")) walk(child); // else PyTorch's own message
    }
    for (const name of names) if (node.hasAttribute(name)) found.push(node.getAttribute(name));
  };
  document.querySelectorAll(".sg").forEach(walk);
  return found;
}"""


@pytest.fixture(autouse=True)
def zh(english):
    sg.set_language("zh")


LINES = """() => [...document.querySelectorAll(".sg *")]
  .filter((e) => [...e.childNodes].some((c) => c.nodeType === Node.TEXT_NODE && c.data.trim()))
  .filter((e) => !e.closest("svg, math, code, .sg-refused") && !e.querySelector("math"))
  .map((e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("code").forEach((c) => (c.textContent = "`" + c.textContent + "`"));
    return copy.textContent;
  })"""
"""What is read as one text, with the pieces in it."""


def english_in(page):
    """Return the Latin words that a page shows, or reads out, that are no code."""
    told = page.evaluate(WORDS)
    for text in (*told, *page.evaluate(LINES)):
        assert not ill_set(text), text
    return {
        w
        for w in re.findall(r"[a-z_]+", " ".join(told).lower())
        if w.strip("_") and w not in CODE.split()
    }


def lesson():
    x = torch.arange(4.0, requires_grad=True)
    x.grad = torch.ones(4)
    return sg.Player(sg.trace(lambda x: 2 * torch.dot(x, x) + x.detach().sum(), x))


def deep():
    """Return a player of a graph that is folded, in which a value is not finite."""
    x = torch.ones(2, requires_grad=True)
    with sg.record() as rec:
        y = x
        for _ in range(120):
            y = torch.sin(y * 1.01) + x
        z = (y / torch.tensor([1.0, 0.0])).sum()
    return sg.Player(rec.trace(z))


def at(a, scaled, b, v):
    x = torch.tensor(a, requires_grad=True)
    if b == "错":
        torch.ones(2, requires_grad=True).backward()
    plot = sg.Plot("f 和它的斜率", x="a", y="f(a)").curve("f", [0, 1, 2], [0, 1, 4])
    return (
        sg.trace(lambda x: x * x * (2 if scaled else 1), x),
        plot.point("这里", a, a * a).line("切线", a, a * a, slope=2 * a),
        sg.Matrix("雅可比矩阵", ["y"], ["x"], [[2 * a]], [v[0]], [v[0] * 2 * a]),
    )


def explorers():
    x = torch.arange(3.0, requires_grad=True)
    return [
        sg.explore(
            at,
            a=[1.0, 2.0],
            scaled=sg.switch("两倍"),
            b=["对", "错"],
            v=sg.arrow([0.0, 1.0], [0.0, 1.0], label="箭头"),
        ),
        sg.bench(
            "x = torch.ones(2, requires_grad=True)",
            ["x.sum().backward()", "y = x.detach()", "x.grad.zero_()"],
            watch=["x", "x.grad"],
            depth=2,
        ),
        sg.switchboard(lambda x: 2 * torch.dot(x, x), x),
    ]


def questions():
    return [
        sg.ask("有几个 `grad_fn`？", answer=3, wrong={"2": "少了一个因数。"}, why="有三个。"),
        sg.ask("哪一个？", answer="b", choices=["a", "b"], why="因为。"),
        sg.ask("什么次序？", lines=["c", "a", "b"], answer=lambda o: o == ["a", "b", "c"]),
    ]


def every_control(page):
    """Open what opens, step through what steps, so that every word has been on the page."""
    seen = english_in(page)
    for box in page.locator("details").all():
        box.locator("summary").first.click()
        seen |= english_in(page)
    return seen


def test_the_player_is_chinese(mount, page):
    mount(lesson())
    seen = every_control(page)
    page.get_by_role("button", name="表格").click()
    for step in range(9):
        page.get_by_role("slider").fill(str(step))
        seen |= english_in(page)
    for node in page.locator(".sg-node").all():
        node.dispatch_event("click")
        seen |= english_in(page)
    page.get_by_role("button", name="播放所有步骤").click()
    seen |= english_in(page)
    assert seen == set()
    assert page.get_by_role("button", name="暂停").is_visible()


def test_a_big_graph_is_chinese(mount, page):
    mount(deep())
    seen = every_control(page)
    page.get_by_role("searchbox").fill("sin")
    seen |= english_in(page)
    page.get_by_role("button", name="表格").click()
    page.get_by_role("slider").fill("300")
    seen |= english_in(page)
    assert seen == set()
    assert "找到" in page.locator(".sg-search").inner_text()
    assert "不是有限数" in page.locator(".sg-notes").first.inner_text()


def test_the_explorers_are_chinese(mount, page):
    mount(*explorers())
    seen = every_control(page)
    for button in page.locator(".sg-choice button, .sg-switch, .sg-line, .sg-cutter").all():
        if button.is_enabled():
            button.click()
        seen |= english_in(page)
    assert seen == set()


@pytest.mark.parametrize("answers", [("", "", ""), ("2", "a", "0,1,2"), ("3", "b", "1,2,0")])
def test_the_questions_are_chinese(answers, mount, page):
    made = questions()
    for question, answer in zip(made, answers, strict=True):
        question.answer = answer
    mount(*made)
    assert english_in(page) == set()


def test_english_would_be_found(mount, page):
    sg.set_language("en")
    mount(lesson())
    assert {"play", "step", "forward"} <= english_in(page)


@SIZES
@THEMES
def test_axe_finds_nothing_in_chinese_and_nothing_is_cut_off(theme, mount, page):
    mount(lesson(), *explorers(), *questions(), theme=theme)
    page.get_by_role("slider", name="步", exact=True).first.fill("4")
    page.wait_for_timeout(300)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_words_of_a_box_fit_into_it(mount, page):
    mount(lesson())
    page.get_by_role("slider").first.fill("9")
    over = """g => [...g.querySelectorAll("text")].map(t => t.getBBox().width)
      .some(w => w > g.querySelector("rect").getBBox().width)"""
    nodes = page.locator(".sg-node").all()
    assert len(nodes) > 4
    assert [n.text_content() for n in nodes if n.evaluate(over)] == []
