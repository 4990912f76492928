"""Still pictures of an explorer's panels, as SVG, for pages and papers where nothing moves."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from seegrad.language import say
from seegrad.picture import letters_wide
from seegrad.values import number

Picture = tuple[str, float, float]
"""SVG elements, and their width and height."""

Scale = Callable[[float | None], float | None]

INKS = ("#0b66a8", "#b8500a", "#107a5b", "#1f2430")
DASHES = ("none", "7 3", "2 3", "none")
WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 78, 14, 30, 46
GAP = 16
ROW, CHAR = 22, 8
STYLE = """
.sg-stack text{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2430}
.sg-stack .sg-m{text-anchor:middle}.sg-stack .sg-e{text-anchor:end}.sg-stack .sg-b{font-weight:700}
.sg-stack .sg-g{stroke:#dfe3ea}.sg-stack .sg-f{fill:none;stroke:#6b7388}
"""
TITLE = "Explorer"


def still(views: Sequence[dict[str, Any]], traced: str | None, says: str) -> str | None:
    """Return one picture of all panels of a setting, one below the other.

    Args:
        views: the panels, as the front end gets them.
        traced: the picture of the trace among them, if there is one.
        says: the sentence of the setting, for who cannot see the picture.
    """
    made = []
    for view in views:
        draw = DRAWN.get(view["kind"])
        if draw is not None:
            made.append(draw(view))
        elif traced is not None:
            made.append(_foreign(traced))
    if not made:
        return None
    width, y, body = max(w for _, w, _ in made), 0.0, ""
    for inside, w, h in made:
        body += f'<svg x="0" y="{y:g}" width="{w:g}" height="{h:g}">{inside}</svg>'
        y += h + GAP
    height = y - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sg-stack" role="img" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width:100%;height:auto"><title>{say(TITLE)}</title><desc>{escape(says)}</desc><style>{STYLE}</style>'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>{body}</svg>'
    )


def _foreign(svg: str) -> Picture:
    """Return a standalone picture as a part of another."""
    width, height = (
        float(re.search(rf'{side}="([\d.]+)"', svg)[1]) for side in ("width", "height")
    )
    return svg, width, height


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


# ---------------------------------------------------------------- plots


def plot(view: dict[str, Any]) -> Picture:
    """Return a plot with its axes, its curves and what is marked on them."""
    sx = _scale(view["x"], LEFT, WIDTH - RIGHT)
    sy = _scale(view["y"], HEIGHT - BOTTOM, TOP)
    parts = [_text(4, 18, view["title"], "sg-b"), _axes(view, sx, sy)]
    for c in view["curves"]:
        spots = [(sx(x), sy(y)) for x, y in zip(c["x"], c["y"], strict=True)]
        parts.append(_dots(spots, c["ink"]) if c["dots"] else _curve(spots, c["ink"]))
    for line in view["lines"]:
        if not (view["x"]["log"] or view["y"]["log"] or None in line.values()):
            parts.append(_curve(_straight(line, view, sx, sy), line["ink"]))
    for p in view["points"]:
        x, y = sx(p["x"]), sy(p["y"])
        if x is not None and y is not None:
            ink = INKS[p["ink"]]
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#fff" stroke="{ink}" '
                'stroke-width="3"/>'
            )
    drawn = [*view["curves"], *view["lines"], *view["points"]]
    inks = {d["label"]: d["ink"] for d in drawn}
    for k, (label, ink) in enumerate(inks.items()):
        y = HEIGHT + ROW * k
        mark = f'stroke="{INKS[ink]}" stroke-width="2" stroke-dasharray="{DASHES[ink]}"'
        parts.append(f'<path d="M{LEFT} {y}h26" {mark}/>{_text(LEFT + 34, y + 4, label)}')
    return "".join(parts), WIDTH, HEIGHT + ROW * len(inks)


def _axes(view: dict[str, Any], sx: Scale, sy: Scale) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    made = []
    for v, words in ticks(view["x"], 5):
        x = sx(v)
        made.append(f'<path class="sg-g" d="M{x:.1f} {TOP}V{bottom}"/>')
        made.append(_text(x, bottom + 16, words, "sg-m"))
    for v, words in ticks(view["y"], 5):
        y = sy(v)
        made.append(f'<path class="sg-g" d="M{LEFT} {y:.1f}H{right}"/>')
        made.append(_text(LEFT - 6, y + 4, words, "sg-e"))
    made.append(
        f'<rect class="sg-f" x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}"/>'
    )
    made.append(_text((LEFT + right) / 2, bottom + 34, view["x"]["label"], "sg-m"))
    middle = (TOP + bottom) / 2
    turned = f'<g transform="rotate(-90 12 {middle})">'
    return "".join(made) + turned + _text(12, middle, view["y"]["label"], "sg-m") + "</g>"


def ticks(axis: dict[str, Any], room: int) -> list[tuple[float, str]]:
    """Return about `room` round numbers on an axis; whole decades if it is logarithmic."""
    low, high = axis["range"]
    if axis["log"]:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        every = max(1, math.ceil((last - first + 1) / room))
        start = math.ceil(first / every) * every
        return [(10.0**k, f"1e{k}" if k else "1") for k in range(start, last + 1, every)]
    rough = (high - low) / room
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= rough)
    found = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return [(k * step, number(float(f"{k * step:.6g}"))) for k in found]


def _scale(axis: dict[str, Any], start: float, end: float) -> Scale:
    of = math.log10 if axis["log"] else float
    low, high = (of(v) for v in axis["range"])
    pad = (high - low) * 0.03
    low, high = low - pad, high + pad

    def place(v: float | None) -> float | None:
        if v is None or (axis["log"] and v <= 0) or not low <= of(v) <= high:
            return None
        return start + (of(v) - low) / (high - low) * (end - start)

    return place


def _curve(spots: list[tuple[float | None, float | None]], ink: int) -> str:
    d, pen = "", False
    for x, y in spots:
        there = x is not None and y is not None
        d += f"{'L' if pen else 'M'}{x:.1f} {y:.1f}" if there else ""
        pen = there
    return (
        f'<path d="{d}" fill="none" stroke="{INKS[ink]}" stroke-width="1.8" '
        f'stroke-dasharray="{DASHES[ink]}"/>'
    )


def _dots(spots: list[tuple[float | None, float | None]], ink: int) -> str:
    d = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in spots if x is not None and y is not None)
    return f'<path d="{d}" stroke="{INKS[ink]}" stroke-width="3" stroke-linecap="round"/>'


def _straight(
    line: dict[str, Any], view: dict[str, Any], sx: Scale, sy: Scale
) -> list[tuple[float | None, float | None]]:
    """Return points close together, so that what leaves the frame can be left out."""
    low, high = view["x"]["range"]
    xs = [low + (high - low) * k / 400 for k in range(401)]
    return [(sx(x), sy(line["y"] + line["slope"] * (x - line["x"]))) for x in xs]


# ---------------------------------------------------------------- tables


def matrix(view: dict[str, Any]) -> Picture:
    """Return a matrix with the weights on its left and the weighted sum below."""
    weight, total = view["names"]
    head = ["", weight, *view["columns"]]
    rows = zip(view["rows"], view["weights"], view["data"], strict=True)
    body = [[name, _written(w), *map(_written, row)] for name, w, row in rows]
    return _table(view["title"], [head, *body, ["", total, *map(_written, view["total"])]])


def board(view: dict[str, Any]) -> Picture:
    """Return which names hold which object."""
    rows = [[", ".join(o["names"]), "→", o["value"], o["note"]] for o in view["objects"]]
    return _table(view["title"], rows)


def _table(title: str, rows: list[list[str]]) -> Picture:
    widths = [max(map(letters_wide, column)) * CHAR + GAP for column in zip(*rows, strict=True)]
    starts = [4 + sum(widths[:k]) for k in range(len(widths) + 1)]
    parts = [_text(4, 18, title, "sg-b")]
    for r, row in enumerate(rows):
        for (start, end), words in zip(pairwise(starts), row, strict=True):
            parts.append(_text((start + end) / 2, 18 + ROW * (r + 1), words, "sg-m"))
    return (
        "".join(parts),
        max(starts[-1], letters_wide(title) * CHAR) + 8,
        18 + ROW * len(rows) + 10,
    )


def _written(v: float | None) -> str:
    return "nan" if v is None else number(v)


DRAWN: dict[str, Callable[[dict[str, Any]], Picture]] = {
    "plot": plot, "matrix": matrix, "board": board
}  # fmt: skip
