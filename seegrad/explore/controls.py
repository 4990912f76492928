"""What a reader turns: each control is a list of values and how they are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from seegrad.language import say
from seegrad.values import number

OFF_ON = ("off", "on")


@dataclass(frozen=True)
class Control:
    """One thing to turn; made by `slider`, `choice`, `switch` and `arrow`.

    Attributes:
        kind: how it is drawn.
        values: what the explored function gets, one of these at a time.
        texts: the values as a reader sees them.
        label: what to call it, empty for the name of the argument.
        start: position of the value that is shown first.
        extra: what the drawing needs besides.
    """

    kind: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    label: str = ""
    start: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def to_dict(self, name: str) -> dict[str, Any]:
        """Return JSON-safe data for the front end."""
        known = {"kind": self.kind, "name": name, "label": self.label or name}
        return known | {"texts": list(self.texts), "start": self.start} | self.extra


def slider(values: Iterable[float], *, label: str = "", start: float | None = None) -> Control:
    """Return a slider over numbers, in the given order.

    Args:
        values: numbers, or a tensor of them.
        label: what to call it, if not by the name of the argument.
        start: the value shown first, the first one if left out.
    """
    return _listed("slider", values, label, start)


def choice(values: Iterable[Any], *, label: str = "", start: Any = None) -> Control:
    """Return buttons of which one is on, for a few values of any kind.

    Args:
        values: texts or numbers; each is shown as its text.
        label: what to call it, if not by the name of the argument.
        start: the value shown first, the first one if left out.
    """
    return _listed("choice", values, label, start)


def switch(label: str = "", *, start: bool = False) -> Control:
    """Return a switch; the function gets False or True.

    Args:
        label: what is on when it is on.
        start: whether it is on at first.
    """
    return Control("switch", (False, True), tuple(map(say, OFF_ON)), label, int(start))


def arrow(
    xs: Iterable[float],
    ys: Iterable[float],
    *,
    label: str = "",
    names: tuple[str, str] = ("v₀", "v₁"),
    start: tuple[float, float] | None = None,
) -> Control:
    """Return an arrow in the plane whose head is dragged over a grid; the function gets (x, y).

    Args:
        xs: where its head can stand from left to right, in ascending order.
        ys: likewise from bottom to top.
        label: what to call it, if not by the name of the argument.
        names: of its two entries.
        start: where its head stands at first, the first grid point if left out.
    """
    xs, ys = _plain(xs), _plain(ys)
    if sorted(set(xs)) != xs or sorted(set(ys)) != ys or min(len(xs), len(ys)) < 2:
        raise ValueError(say("an arrow needs two or more different xs and ys, in ascending order"))
    values = [(x, y) for y, x in product(ys, xs)]
    texts = tuple(f"[{number(x)}, {number(y)}]" for x, y in values)
    at = _position(values, start, "arrow")
    extra = {"xs": xs, "ys": ys, "names": list(names)}
    return Control("arrow", tuple(values), texts, label, at, extra)


def as_control(given: Any, name: str) -> Control:
    """Return a control for what `explore` was given: a plain list of numbers is a slider."""
    if isinstance(given, Control):
        return given
    values = _plain(given)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return _listed("slider", values, "", None, name)
    return _listed("choice", values, "", None, name)


def _listed(
    kind: str, values: Iterable[Any], label: str, start: Any, name: str = "control"
) -> Control:
    values = _alike(_plain(values))
    if not values:
        raise ValueError(
            say("{name} has no values to choose from: give at least one", name=label or name)
        )
    texts = tuple(number(v) if isinstance(v, bool | int | float) else str(v) for v in values)
    if len(set(texts)) < len(texts):
        raise ValueError(
            say(
                "{name} has two values that read the same: {texts}",
                name=label or name,
                texts=list(texts),
            )
        )
    return Control(kind, tuple(values), texts, label, _position(values, start, label or name))


def _alike(values: list[Any]) -> list[Any]:
    """Return the numbers as floats if one of them is: [0.5, 1] is meant as [0.5, 1.0]."""
    mixed = {type(v) for v in values} == {int, float}
    return [float(v) for v in values] if mixed else values


def _plain(values: Iterable[Any]) -> list[Any]:
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _position(values: Sequence[Any], start: Any, name: str) -> int:
    if start is None:
        return 0
    if start not in values:
        raise ValueError(
            say(
                "{name} cannot start at {start!r}, which is not one of its values",
                name=name,
                start=start,
            )
        )
    return values.index(start)
