"""A prediction: asks before the reader runs, then compares with what PyTorch really gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

import traitlets

from seegrad.language import say
from seegrad.values import flat, number
from seegrad.widgets.shown import Shown

MAX_ORDERED = 6


class Question(Shown, front="question"):
    """Shows one question; made by `ask`, which describes the arguments.

    Attributes:
        answer: what the reader answered, as text; '' before. Synced.
    """

    _data = traitlets.Dict().tag(sync=True)
    answer = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the question and what there is to choose from, not the answer."""
        data = self._data
        rows = [say("Question: {prompt}", prompt=data["prompt"])]
        rows += [f"  ( ) {c}" for c in data["choices"]]
        rows += [f"  [ ] {line}" for line in data["lines"]]
        return "\n".join(rows)


def ask(
    prompt: str,
    *,
    answer: Any,
    choices: Sequence[str] | None = None,
    lines: Sequence[str] | None = None,
    wrong: Mapping[str, str] | None = None,
    why: str = "",
) -> Question:
    """Ask the reader for a prediction, and keep it to compare with the real result.

    Args:
        prompt: the question; words between backticks are shown as code.
        answer: the truth, or a function of no arguments that finds it by running
            PyTorch: a tensor, a number, a bool, None or a text. With `lines`, a
            function that takes the lines in one order and returns whether it is right.
        choices: texts to choose from; the truth, as text, must be one of them.
        lines: at most 6 lines to put in order; shown in the given order.
        wrong: for a wrong answer, as the reader would give it, what it usually means.
        why: shown after any answer.

    Returns:
        A widget. It needs no kernel afterwards: the truth is found now.

    Raises:
        ValueError: if the truth is not among the choices, or if no order, or every
            order, of the lines is right, or if there are too many lines.
    """
    if lines is not None:
        kind, truth, accepted = "order", "", _orders(lines, answer)
    else:
        truth, accepted = _text(answer() if callable(answer) else answer), []
        kind = "choice" if choices is not None else "value"
    if choices is not None and truth not in choices:
        raise ValueError(
            say(
                "the answer is {truth!r}, but the choices are {choices}",
                truth=truth,
                choices=list(choices),
            )
        )
    return Question(
        _data={
            "kind": kind,
            "prompt": prompt,
            "choices": list(choices or ()),
            "lines": list(lines or ()),
            "truth": truth,
            "accepted": accepted,
            "wrong": [[text, meaning] for text, meaning in (wrong or {}).items()],
            "why": why,
        }
    )


def _orders(lines: Sequence[str], right: Callable[[list[str]], bool]) -> list[list[int]]:
    if len(lines) > MAX_ORDERED:
        raise ValueError(
            say(
                "{count} lines to order, at most {most} can all be tried",
                count=len(lines),
                most=MAX_ORDERED,
            )
        )
    every = list(permutations(range(len(lines))))
    accepted = [list(p) for p in every if right([lines[i] for i in p])]
    if len(accepted) in (0, len(every)):
        raise ValueError(
            say(
                "orders that are right: {right} of {count}, so there is no question",
                right=len(accepted),
                count=len(every),
            )
        )
    return accepted


def _text(truth: Any) -> str:
    """Return the truth as a reader would type it: `[0, 4, 8, 12]`, `28`, `True`."""
    if isinstance(truth, str):
        return truth
    data = truth.tolist() if hasattr(truth, "tolist") else truth
    if isinstance(data, tuple):
        data = list(data)
    if isinstance(data, list) and all(isinstance(v, bool | int | float) for v in flat(data)):
        return _written(data)
    return number(data) if isinstance(data, bool | int | float) else str(data)


def _written(data: Any) -> str:
    return f"[{', '.join(map(_written, data))}]" if isinstance(data, list) else number(data)
