"""`make pictures`: the pictures of widgets on the front page, in the READMEs and in link previews.

They are taken in Chromium from the widgets themselves: those of chapters from the built book,
the cards that messengers show beside a link (Open Graph) from a trace that is made here.
"""

import io
import shutil
import tempfile
from itertools import product
from pathlib import Path

import torch
from PIL import Image
from playwright.sync_api import sync_playwright

import seegrad as sg
from tests.browser.conftest import NAMES, OPTIONS
from tests.browser.still import page_of
from tests.notebooks import ROOT

STATIC = ROOT / "book" / "_static"
SITE = ROOT / "book" / "_build" / "html"
COLOURS = 96
CARD = {"width": 1200, "height": 630}
STEPS = 4  # of five: the gradient has arrived at the product, and goes on to x
SAYS = {
    "en": (
        "Seeing Gradients",
        "The graph that PyTorch records while your code runs, step by step.",
    ),
    "zh": ("看见梯度", "代码运行时 PyTorch 记录下的计算图，一步一步地看。"),
}
STYLE = """
main { display: flex; align-items: center; height: 614px; gap: 40px; padding: 0 32px;
       box-sizing: border-box; font-family: system-ui, "Noto Sans CJK SC", sans-serif; }
main > div:last-child { flex: 0 0 850px; zoom: 0.84; }
header { color: #1b1f24; } header b { font-size: 58px; line-height: 1.15; }
header p { font-size: 27px; line-height: 1.4; margin: 28px 0 0; }
"""
ADD = ("button:has-text('x.sum().backward()')", "Enter", 1)
STEP = "[aria-label='one step on'], [aria-label='前进一步']"
CHAPTERS = {  # file: chapter, what is pressed before the picture is taken
    "step-size": ("01_computational_graph", [("input[type=range]", "ArrowLeft", 3)]),
    "bench": ("03_accumulation", [
        ADD, ("button:has-text('g = x.grad')", "Enter", 1),
        ADD, ("button:has-text('x.grad = None')", "Enter", 1), ADD,
    ]),
    "rows": ("04_non_scalar_backward", []),
    "switches": ("05_detach", [("button >> nth=2", "Enter", 1)]),
    "pieces": ("06_control_flow", [
        ("input[type=range]", "ArrowRight", 3), (STEP, "Enter", 2),
    ]),
}  # fmt: skip


def keep(shot, name, language):
    """Store a screenshot with few colours: a third of the bytes, and no difference to see."""
    name = name if language == "en" else f"{name}.{language}"
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(STATIC / f"{name}.png", optimize=True)


def card(browser, language):
    """Show the player on 2xᵀx beside the name of the book; write `card.png` or `card.zh.png`."""
    sg.set_language(language)
    x = torch.arange(4.0, requires_grad=True)
    player = sg.Player(sg.trace(lambda x: 2 * torch.dot(x, x), x), step=STEPS)
    name, says = SAYS[language]
    head = f"<style>{STYLE}</style><main><header><b>{name}</b><p>{says}</p></header>"
    html = page_of([player], "light").replace("<main>", head)
    page = browser.new_page(viewport=CARD)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(
            html.replace('lang="en"', f'lang="{language}"').replace("font-size:0", "display:none")
        )
        file.flush()
        page.goto(Path(file.name).as_uri())
        page.wait_for_function("window.ready")
        page.wait_for_timeout(400)  # colours glide
        keep(page.screenshot(), "card", language)
    page.close()


def chapter(page, name, language):
    """Take the first explorer of a chapter after some presses."""
    stem, presses = CHAPTERS[name]
    edition = SITE if language == "en" else SITE / language
    page.goto((edition / "notebooks" / language / f"{stem}.html").as_uri())
    explorer = page.locator(".sg-explorer").first
    for where, key, times in presses:
        for _ in range(times):
            explorer.locator(where).first.press(key)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(400)
    keep(explorer.screenshot(), name, language)


def main():
    """Make the cards, then, if the book is built, the pictures of its chapters."""
    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=path, args=OPTIONS)
        for language in SAYS:
            card(browser, language)
        if SITE.is_dir():
            page = browser.new_page(viewport={"width": 1000, "height": 1100})
            for name, language in product(CHAPTERS, SAYS):
                chapter(page, name, language)
        browser.close()


if __name__ == "__main__":
    main()
