"""How a check ends: a line that says right, a short error, or "not attempted yet"."""

from __future__ import annotations

from typing import NoReturn

from seegrad.check import words
from seegrad.language import say


class AnswerError(AssertionError):
    """An answer is not right; the message says why, and Jupyter shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def right(name: str, count: int = 0) -> None:
    """Say that the answer is right."""
    print(say(words.RIGHT_ON if count else words.RIGHT, name=name, count=count))


def fail(name: str, lines: list[str], hint: str = "") -> NoReturn:
    """Raise `AnswerError` with a headline, the given lines and a hint."""
    shown = [say(words.NOT_YET, name=name), *lines]
    if hint:
        shown.append(say(words.HINT, text=hint))
    raise AnswerError("\n".join(shown))


def not_attempted(name: str) -> NoReturn:
    """Raise a NotImplementedError that Jupyter shows as one friendly line."""
    said = say(words.NOT_ATTEMPTED, name=name)
    error = NotImplementedError(said)
    error._render_traceback_ = lambda: [said]
    raise error from None
