"""What a tensor held, as plain data that can be printed, drawn and compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from seegrad.language import say

LISTED = 64
"""Tensors with at most this many elements are listed in full in the JSON form."""

Number = float | int | bool | complex


@dataclass(frozen=True, slots=True)
class Value:
    """The content of one tensor at one moment.

    Attributes:
        shape: sizes of the dimensions, `()` for a scalar.
        dtype: name without the `torch.` prefix, for example `float32`.
        data: the elements as nested lists (a number for a scalar), or None when
            the tensor was too big to be kept, or could not be read.
        stats: for a tensor that was not kept, `min`, `mean`, `max` and `norm`
            (2-norm) over all elements, and `corner`, its first elements; else None.
    """

    shape: tuple[int, ...]
    dtype: str
    data: Any = None
    stats: dict[str, Any] | None = None

    def __str__(self) -> str:
        return self.text()

    @property
    def form(self) -> tuple[tuple[int, ...], str]:
        """Shape and dtype."""
        return self.shape, self.dtype

    def text(self, width: int = 48) -> str:
        """Return a short text, with fewer elements the less fits into `width` characters.

        What leaves elements out begins with the shape.
        """
        if self.stats is not None:
            low, mean, high = map(number, (self.stats[k] for k in ("min", "mean", "max")))
            return f"{shape_text(self.shape)} min {low}, mean {mean}, max {high}"
        if self.data is None:
            return say(
                "{shape} of {dtype}, elements not readable",
                shape=shape_text(self.shape),
                dtype=self.dtype,
            )
        if 0 in self.shape:
            return f"{shape_text(self.shape)} []"
        if not self.shape:
            return number(self.data)
        for limit in _limits(self.shape, width):
            text = _nested(self.data, limit)
            if max(self.shape) > limit:
                text = f"{shape_text(self.shape)} {text}"
            if len(text) <= width:
                return text
        first = [number(v) for v in _first(self.data, 3)]
        while True:
            text = f"{shape_text(self.shape)} [{', '.join(first)}, …]"
            if len(text) <= width or len(first) == 1:
                return text
            first.pop()

    @property
    def finite(self) -> bool:
        """False if an element (or, for a summary, a statistic) is nan or infinite."""
        if self.stats is not None:
            return all(_finite(self.stats[k]) for k in ("min", "mean", "max", "norm"))
        if self.data is None or self.dtype == "bool":
            return True
        return all(_finite(v) for v in flat(self.data))

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data: nan and infinities become the strings 'nan', 'inf', '-inf'.

        More than `LISTED` elements are left to the text.
        """
        out: dict[str, Any] = {"shape": list(self.shape), "dtype": self.dtype, "text": self.text()}
        if self.stats is not None:
            out["stats"] = {k: _plain(v) for k, v in self.stats.items()}
        elif math.prod(self.shape) <= LISTED:
            out["data"] = _plain(self.data)
        return out


def number(v: Number) -> str:
    """Format one element: whole numbers in full, others to four significant digits."""
    if type(v) is float:
        return str(int(v)) if v.is_integer() and -1e7 < v < 1e7 else f"{v:.4g}"
    if isinstance(v, bool | str):
        return str(v)
    if isinstance(v, complex):
        return f"{number(v.real)}{'+' if v.imag >= 0 else '-'}{number(abs(v.imag))}j"
    if math.isfinite(v) and v == int(v) and abs(v) < 1e7:
        return str(int(v))
    return f"{v:.4g}"


def shape_text(shape: tuple[int, ...] | None) -> str:
    """Format a shape as Python writes it: `(3, 4)`, `(4,)`, `()`."""
    return say("(unknown shape)") if shape is None else _written(tuple(shape))


@lru_cache(maxsize=1024)
def _written(shape: tuple[int, ...]) -> str:
    return str(shape)


def flat(data: Any) -> list[Number]:
    """Return the elements of nested lists in order."""
    if not isinstance(data, list):
        return [data]
    return [v for row in data for v in flat(row)]


@lru_cache(maxsize=1024)
def _limits(shape: tuple[int, ...], width: int) -> tuple[int, ...]:
    """Return how many elements of a dimension might fit, so that hopeless texts are not made."""
    longest = max(shape)
    limits = (min(longest, 8), *[n for n in (5, 4, 3) if n < longest])
    return tuple(n for n in limits if _least(shape, n) <= width)


def _least(shape: tuple[int, ...], limit: int) -> int:
    """Return how long a text is if each element takes one character."""
    length = 1
    for size in reversed(shape):
        shown = min(size, limit)
        length = shown * (length + 2) + (3 if size > limit else 0)  # ", " each, but [] around
    return length + (len(shape_text(shape)) + 1 if max(shape) > limit else 0)


def _first(data: Any, count: int) -> list[Number]:
    """Return up to `count` elements of nested lists in order."""
    found: list[Number] = []
    for row in data:
        found += _first(row, count - len(found)) if isinstance(row, list) else [row]
        if len(found) == count:
            break
    return found


def _element(v: Number, limit: int) -> str:
    return number(v)


def _nested(data: list, limit: int) -> str:
    tell = _nested if isinstance(data[0], list) else _element
    if len(data) > limit:
        shown = [tell(v, limit) for v in data[: limit - 1]]
        shown += ["…", tell(data[-1], limit)]
    else:
        shown = [tell(v, limit) for v in data]
    return f"[{', '.join(shown)}]"


def _finite(v: Number) -> bool:
    if isinstance(v, complex):
        return math.isfinite(v.real) and math.isfinite(v.imag)
    return math.isfinite(v)


def _plain(v: Any) -> Any:
    if isinstance(v, list):
        return [_plain(item) for item in v]
    if isinstance(v, complex):
        return number(v)
    if isinstance(v, float):
        return float(f"{v:.6g}") if math.isfinite(v) else str(v)
    return v
