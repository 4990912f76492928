"""What an explored function may return to be shown beside a trace: a plot, a matrix, a board."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from seegrad.language import say
from seegrad.values import number

INKS = 4
"""So many kinds of line, dash and marker the front end has."""

GIVES = "{name} = {weights} gives {sum} = {total}."

DIGITS = 5
"""Plots and matrices keep this many significant digits, which is more than can be seen."""


@dataclass(frozen=True)
class Plot:
    """Curves, points and lines over two axes; every method returns a new plot with one more.

    What has the same label is drawn in the same ink, else the next of four; `ink` chooses.

    Example:
        >>> plot = sg.Plot("f and its slope", x="a", y="f(a)").curve("f", a, f(a))
        >>> plot.point("here", 2.0, 4.0).line("tangent", 2.0, 4.0, slope=4.0)

    Attributes:
        title: what to see in it.
        x, y: names of the axes.
        log: "x", "y" or "xy" for logarithmic axes.
        xlim, ylim: (lowest, highest); if left out, what the curves and points need.
        alt: what the picture shows, in a sentence, for who cannot see it.
    """

    title: str
    x: str
    y: str
    log: str = ""
    xlim: tuple[float, float] | None = None
    ylim: tuple[float, float] | None = None
    alt: str = ""
    _curves: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    _points: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    _lines: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def curve(
        self,
        label: str,
        xs: Iterable[float],
        ys: Iterable[float],
        *,
        dots: bool = False,
        ink: int | None = None,
    ) -> Plot:
        """Add a curve through points; nan makes a gap. With `dots` the points are not joined."""
        known_x, known_y = _numbers(xs), _numbers(ys)
        if len(known_x) != len(known_y):
            raise ValueError(
                say(
                    "curve {label!r} has {xs} x and {ys} y: give as many of each",
                    label=label,
                    xs=len(known_x),
                    ys=len(known_y),
                )
            )
        made = {"label": label, "x": known_x, "y": known_y, "dots": dots}
        made["ink"] = self._ink(label, ink)
        return replace(self, _curves=(*self._curves, made))

    def point(self, label: str, x: float, y: float, *, ink: int | None = None) -> Plot:
        """Add a marked point; a number that cannot be drawn leaves it out of the picture."""
        made = {"label": label, "x": _number(x), "y": _number(y), "ink": self._ink(label, ink)}
        return replace(self, _points=(*self._points, made))

    def line(self, label: str, x: float, y: float, *, slope: float, ink: int | None = None) -> Plot:
        """Add a straight line through a point, such as a tangent, from edge to edge."""
        made = {"label": label, "x": _number(x), "y": _number(y), "slope": _number(slope)}
        made["ink"] = self._ink(label, ink)
        return replace(self, _lines=(*self._lines, made))

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data for the front end."""
        return {
            "kind": "plot",
            "title": self.title,
            "alt": self.alt,
            "x": {"label": self.x, "log": "x" in self.log, "range": self._range("x", self.xlim)},
            "y": {"label": self.y, "log": "y" in self.log, "range": self._range("y", self.ylim)},
            "curves": list(self._curves),
            "points": list(self._points),
            "lines": list(self._lines),
        }

    def _ink(self, label: str, given: int | None) -> int:
        """Return which of the inks to use: what has the same label has the same one."""
        drawn = (*self._curves, *self._lines, *self._points)
        known = {d["label"]: d["ink"] for d in reversed(drawn)}
        free = [i for i in range(INKS) if i not in known.values()]
        first = free[0] if free else len(known)
        return (known.get(label, first) if given is None else given) % INKS

    def _range(self, axis: str, given: tuple[float, float] | None) -> list[float]:
        if given is not None:
            return [_number(v) for v in given]
        numbers = [v for c in self._curves for v in c[axis]]
        numbers = numbers or [p[axis] for p in self._points]
        known = [v for v in numbers if v is not None and (v > 0 or axis not in self.log)]
        if not known:
            raise ValueError(
                say(
                    "plot {title!r} has nothing to draw along {axis}: add a curve",
                    title=self.title,
                    axis=axis,
                )
            )
        low, high = min(known), max(known)
        return [low, high] if low < high else [low - 1, high + 1]


@dataclass(frozen=True)
class Matrix:
    """A matrix with a weight for each row, and the weighted sum of its rows.

    Attributes:
        title: what to see in it.
        rows, columns: names.
        data: the matrix, a list of rows or a tensor.
        weights: one for each row.
        total: the sum that PyTorch found; shown as it is, never computed here.
        names: of the weights and of the sum.
    """

    title: str
    rows: list[str]
    columns: list[str]
    data: Any
    weights: Any
    total: Any
    names: tuple[str, str] = ("v", "v·J")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data for the front end."""
        data = self.data.tolist() if hasattr(self.data, "tolist") else self.data
        data, weights = [_numbers(row) for row in data], _numbers(self.weights)
        total = _numbers(self.total)
        shape = (len(self.rows), len(self.columns))
        if len(data) != shape[0] or any(len(row) != shape[1] for row in data):
            raise ValueError(
                say(
                    "the matrix {title!r} should have {shape} entries, as its names",
                    title=self.title,
                    shape=shape,
                )
            )
        if (len(weights), len(total)) != shape:
            raise ValueError(
                say(
                    "the matrix {title!r} needs a weight for each row and a sum for each column "
                    "({rows} and {columns}), got {weights} and {sums}",
                    title=self.title,
                    rows=shape[0],
                    columns=shape[1],
                    weights=len(weights),
                    sums=len(total),
                )
            )
        return {
            "kind": "matrix", "title": self.title, "rows": self.rows, "columns": self.columns,
            "data": data, "weights": weights, "total": total, "names": list(self.names),
        }  # fmt: skip

    def say(self) -> str:
        """Return the weights and the sum as a sentence."""
        weights, total = (_bracketed(_numbers(v)) for v in (self.weights, self.total))
        return say(GIVES, name=self.names[0], weights=weights, sum=self.names[1], total=total)


@dataclass(frozen=True)
class Board:
    """Names and the objects that they name: two names of one object stand at one box.

    Attributes:
        title: what to see in it.
        objects: (names, value, note) for each object.
    """

    title: str
    objects: tuple[tuple[tuple[str, ...], str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data for the front end."""
        objects = [{"names": list(n), "value": v, "note": note} for n, v, note in self.objects]
        return {"kind": "board", "title": self.title, "objects": objects}


def _bracketed(numbers: list[float | None]) -> str:
    return f"[{', '.join('nan' if v is None else number(v) for v in numbers)}]"


def written(t: Any) -> str:
    """Return all elements of a small tensor as a reader would write them: `[0, 4]`, `28`."""
    return _written(t.tolist())


def _written(data: Any) -> str:
    return f"[{', '.join(map(_written, data))}]" if isinstance(data, list) else number(data)


def _numbers(values: Any) -> list[float | None]:
    return [_number(v) for v in (values.tolist() if hasattr(values, "tolist") else values)]


def _number(v: Any) -> float | None:
    v = float(v.item() if hasattr(v, "item") else v)
    if not math.isfinite(v):
        return None
    short = float(f"{v:.{DIGITS}g}")
    return int(short) if short == int(short) else short
