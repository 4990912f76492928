"""Runs lines of code in the order that a learner chose."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from seegrad.check import compare, plain, running, words
from seegrad.language import say

FILE = "<your order>"


def problems(
    order: str, lines: Mapping[str, str], gives: Mapping[str, Any], names: dict[str, Any],
    within: float | None, seconds: float,
) -> list[str]:  # fmt: skip
    """Run the lines and say what goes wrong; an empty list if nothing does.

    Args:
        order: the labels of the lines, in order.
        lines: label and code.
        gives: names and values that must be there at the end.
        names: what the lines may use; changed by them.
        within: allowed difference.
        seconds: time limit.
    """
    source = "\n".join(lines[label] for label in order)

    def program() -> None:
        exec(compile(source, FILE, "exec"), names)

    outcome = running.run(program, (), seconds)
    if outcome.timed_out:
        return [say(words.TIME_LIMIT, seconds=seconds)]
    if outcome.error is not None:
        return [_stops(outcome.error, order, lines)]
    for name, want in gives.items():
        got = plain.read(names.get(name))
        if said := compare.differ(got, plain.read(want), within):
            return [say(words.ORDER_GIVES, name=name), *said]
    return []


def _stops(error: BaseException, order: str, lines: Mapping[str, str]) -> str:
    """Say at which line it stops, in the learner's labels."""
    if isinstance(error, SyntaxError):
        number = error.lineno or 1
    else:
        frames = traceback.extract_tb(error.__traceback__)
        number = next(f.lineno for f in reversed(frames) if f.filename == FILE)
    label = order[min(number, len(order)) - 1]
    return say(
        words.ORDER_STOPS, label=label, code=lines[label].strip(), error=type(error).__name__,
        message=getattr(error, "msg", error),
    )  # fmt: skip
