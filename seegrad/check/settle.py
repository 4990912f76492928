"""Reads an answer that is not a computation, and says what cannot be compared at all."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from seegrad.check import compare, observe, plain, verdict, words
from seegrad.check.plain import Plain
from seegrad.check.running import Outcome
from seegrad.language import say


def name_of(answer: Any) -> str:
    """Return what to call an answer: the name of the function."""
    name = getattr(answer, "__name__", None)
    return name if type(name) is str else "answer"


def given(answer: Any, name: str, seconds: float) -> Any:
    """Return a prediction: what the function returns, or what is not a function itself."""
    __tracebackhide__ = True
    if not isinstance(answer, types.FunctionType):
        return answer
    seen = observe.call(answer, (), [], seconds, observe.value)
    ended(answer, name, seen)
    if seen.error is not None:
        raise_again(name, seen.error)
    return seen.outcome.value


def ended(answer: Any, name: str, seen: observe.Seen, shown: str = "") -> None:
    """Raise if the answer is the stub, was stopped at the time limit, or ended the program."""
    __tracebackhide__ = True
    if seen.outcome.timed_out:
        verdict.fail(name, _late(seen.outcome, shown))
    if _is_stub(answer, seen.error):
        verdict.not_attempted(name)
    if seen.error is not None and not isinstance(seen.error, Exception):
        verdict.fail(name, [say(words.EXITED, error=type(seen.error).__name__)])


def raise_again(name: str, error: BaseException, shown: str = "", hint: str = "") -> NoReturn:
    """Raise the answer's own error, with a note that says for which inputs it was raised."""
    __tracebackhide__ = True
    form = words.RAISED_IN if shown else words.RAISED_PLAIN
    error.add_note(say(form, name=name, text=shown))
    if hint:
        error.add_note(say(words.HINT, text=hint))
    raise error


def _is_stub(answer: Any, error: BaseException | None) -> bool:
    """Tell the stub's `raise NotImplementedError()` from one that torch raises deep inside."""
    return type(error) is NotImplementedError and not error.args


def _late(outcome: Outcome, shown: str) -> list[str]:
    lines = [say(words.INPUTS, text=shown)] if shown else []
    lines.append(say(words.TIME_LIMIT, seconds=outcome.seconds))
    if outcome.line is not None:
        lines.append(say(words.WAS_AT, line=outcome.line[0], code=outcome.line[1]))
    return [*lines, say(words.STILL_RUNNING)] if outcome.alive else lines


def labels(it: Plain) -> list[str] | None:
    """Return the letters of `"BCA"` or of `["b", "c", "a"]`; None if it is neither."""
    if it.kind == "text":
        return list("".join(it.data.split()))
    if it.kind == "list" and all(part.kind == "text" for part in it.data):
        return [part.data.strip() for part in it.data]
    return None


def hint_for(
    answered: Any, got: Plain, wrong: Mapping[str, Any] | None, within: float | None
) -> str:
    """Return the hint of the first wrong answer that was given.

    A wrong answer is a value, or a function of the answer that recognises it.
    """
    for said, known in (wrong or {}).items():
        if callable(known):
            if _recognised(known, answered):
                return said
        elif not compare.differ(got, plain.loose(plain.read(known)), within):
            return said
    return ""


def _recognised(known: Callable[[Any], bool], answered: Any) -> bool:
    try:
        return known(answered) is True
    except Exception:
        return False  # the answer is of a sort that the author's function does not expect


class _Locked(types.ModuleType):
    """A module whose names keep their meaning."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(say(words.LOCKED, module=self.__name__, name=name))

    def __delattr__(self, name: str) -> None:
        raise AttributeError(say(words.LOCKED, module=self.__name__, name=name))


def lock(package: str) -> None:
    """Refuse from now on to set names in the modules of a package, or to replace the package."""
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            module.__class__ = _Locked
    parent, _, child = package.rpartition(".")
    real = sys.modules[package]

    class Keeper(types.ModuleType):
        def __setattr__(self, name: str, value: Any) -> None:
            if name == child and value is not real:
                raise AttributeError(say(words.LOCKED, module=parent, name=name))
            super().__setattr__(name, value)

    sys.modules[parent].__class__ = Keeper
