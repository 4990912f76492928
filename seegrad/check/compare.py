"""Compares plain data, with Python's own numbers; it knows no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from seegrad.check import words
from seegrad.check.isomorphism import same_graph
from seegrad.check.plain import Plain
from seegrad.language import say
from seegrad.values import number, shape_text

TOLERANCE = {"float64": 1e-7, "float32": 1e-4}
"""Allowed difference, as a part of the largest expected number, if a check names none."""


def differ(
    got: Plain, want: Plain, within: float | None = None, *, part: bool = False
) -> list[str]:
    """Say how an answer differs from what was expected; an empty list if it does not.

    Args:
        got: the answer.
        want: the truth.
        within: allowed difference as a part of the largest expected number. Whole numbers
            of the truth must be met exactly. nan is never right.
        part: whether this is a part of the answer, where None does not mean that `return`
            was forgotten.
    """
    if got.kind == "nothing" != want.kind:
        return _both(got, want) if part else [*_both(got, want), say(words.NOTHING)]
    if got.kind != want.kind:
        return [*_both(got, want), say(words.OTHER_KIND, want=_kind(want), got=_kind(got))]
    if want.kind == "tensor":
        return _tensors(got, want, within)
    if want.kind == "number":
        return _numbers(got.data, want.data, within, got, want)
    if want.kind == "list":
        return _lists(got, want, within)
    if want.kind == "mapping":
        return _mappings(got, want, within)
    if want.kind == "graph":
        return _graphs(got, want, within)
    # Exact types only come this far (bool, str, None), so `!=` is Python's own.
    return _both(got, want) if got.kind == "other" or got.data != want.data else []


def _both(got: Plain, want: Plain) -> list[str]:
    return [say(words.EXPECTED, text=want.text()), say(words.GOT, text=got.text())]


def _kind(it: Plain) -> str:
    if it.kind == "tensor":
        return say(words.A_TENSOR, shape=shape_text(it.shape), dtype=it.dtype)
    if it.kind == "list":
        return say(words.A_LIST, type=it.type, count=len(it.data))
    return say(words.KINDS[it.kind]) if it.kind in words.KINDS else it.type


def _tensors(got: Plain, want: Plain, within: float | None) -> list[str]:
    if got.shape != want.shape:
        lines = [*_both(got, want), _shapes(got.shape, want.shape)]
        return [*lines, say(words.WOULD_BROADCAST)] if _broadcast(got.shape, want.shape) else lines
    if got.dtype != want.dtype:
        return [*_both(got, want), say(words.OTHER_DTYPE, want=want.dtype, got=got.dtype)]
    if within is None:
        within = TOLERANCE.get(want.dtype, 0.0)
    return _numbers(got.data, want.data, within, got, want)


def _shapes(got: tuple[int, ...], want: tuple[int, ...]) -> str:
    return say(words.OTHER_SHAPE, want=shape_text(want), got=shape_text(got))


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    pairs = zip_longest(reversed(a), reversed(b), fillvalue=1)
    return all(m == n or 1 in (m, n) for m, n in pairs)


def _numbers(
    got: Any, want: Any, within: float | None, got_all: Plain, want_all: Plain
) -> list[str]:
    """Compare two nestings of equal shape, or two numbers."""
    if got is None or want is None:
        return [] if got is want else _both(got_all, want_all)
    pairs = [(i, _flat(got, i), w) for i, w in _indexed(want)]
    largest = max((abs(w) for _, _, w in pairs if math.isfinite(w)), default=0.0)
    within = TOLERANCE["float64"] if within is None else within
    allowed = within * (largest or 1.0)
    bad = [(i, g, w) for i, g, w in pairs if not _close(g, w, allowed)]
    if not bad:
        return []
    lines = _both(got_all, want_all)
    unknown = next((i for i, g, _ in bad if math.isnan(g)), None)
    if unknown is not None:
        return [*lines, say(words.NOT_A_NUMBER, place=_at(unknown))]
    i, g, w = max(bad, key=lambda row: abs(row[1] - row[2]))
    if i or got_all.text() == want_all.text():
        gap = number(abs(g - w))
        lines.append(say(words.WHERE, gap=gap, place=_at(i), want=_exact(w, g), got=_exact(g, w)))
    return lines


def _exact(one: float, other: float) -> str:
    """Format a number so that it is told from another one."""
    short = number(one)
    return short if short != number(other) else f"{one:.10g}"


def _close(got: float, want: float, allowed: float) -> bool:
    if type(want) in (int, bool):
        return got == want
    if math.isinf(want):
        return got == want
    return math.isfinite(got) and abs(got - want) <= allowed  # false for nan


def _indexed(data: Any, at: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    if isinstance(data, list):
        for i, part in enumerate(data):
            yield from _indexed(part, (*at, i))
    else:
        yield at, data


def _flat(data: Any, at: tuple[int, ...]) -> Any:
    for i in at:
        data = data[i]
    return data


def _at(index: tuple[int, ...]) -> str:
    return say(words.AT, index=str(list(index))) if index else ""


def _lists(got: Plain, want: Plain, within: float | None) -> list[str]:
    if len(got.data) != len(want.data):
        said = say(words.OTHER_LENGTH, want=len(want.data), got=len(got.data))
        return [*_both(got, want), said]
    if all(part.kind == "number" for part in (*got.data, *want.data)):
        numbers = [[part.data for part in it.data] for it in (got, want)]
        return _numbers(*numbers, within, got, want)
    for i, (g, w) in enumerate(zip(got.data, want.data, strict=True)):
        if lines := differ(g, w, within, part=True):
            return [say(words.IN_PART, index=i), *lines]
    return []


def _mappings(got: Plain, want: Plain, within: float | None) -> list[str]:
    if list(got.data) != list(want.data) and set(got.data) != set(want.data):
        return _both(got, want)
    for key in want.data:
        if lines := differ(got.data[key], want.data[key], within, part=True):
            return [say(words.IN_PART, index=repr(key)), *lines]
    return []


def _graphs(got: Plain, want: Plain, within: float | None) -> list[str]:
    (got_value, got_graph, got_text), (want_value, want_graph, want_text) = got.data, want.data
    if lines := differ(got_value, want_value, within):
        return lines
    if got_graph is not None and same_graph(got_graph, want_graph):
        return []
    return [
        say(words.OTHER_GRAPH),
        say(words.EXPECTED_GRAPH),
        *(f"    {row}" for row in want_text.splitlines()),
        say(words.GOT_GRAPH),
        *(f"    {row}" for row in got_text.splitlines()),
    ]
