"""Checkers for exercises: say at once whether an answer is right, and if not, why.

A graded cell calls one of them with the learner's function, an independent truth, and known
wrong ways with a hint each. They return nothing, print one line when the answer is right, and
raise when it is not. See "Exercises" in CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from seegrad.check import compare, observe, plain, program, settle, verdict, words
from seegrad.check.inputs import ROUNDS, Draw
from seegrad.check.verdict import AnswerError
from seegrad.language import say

__all__ = ["AnswerError", "Draw", "choice", "function", "graph", "order", "raises", "value"]

SECONDS = 10.0
"""For one call. A right answer may be the first to use torch.optim, which takes long to import."""
Hints = Mapping[str, Any]


def function(
    answer: Callable,
    reference: Callable,
    inputs: Callable[[Draw], tuple],
    *,
    wrong: Hints | None = None,
    within: float | None = None,
    seconds: float = SECONDS,
) -> None:
    """Check a function on four rounds of fresh inputs.

    Value, shape and dtype of the result must be those of the reference, and so must the state
    of the inputs afterwards: a call may change an input, its `requires_grad` or its `.grad`
    only as the reference does.

    Args:
        answer: the learner's function.
        reference: finds the truth in another way, on inputs of its own.
        inputs: takes a `Draw` and returns the arguments as a tuple; called afresh for
            everything that is run, so that no call sees what another one did.
        wrong: for each hint, a function that goes the known wrong way.
        within: allowed difference, as a part of the largest expected number; by default
            1e-7 in float64 and 1e-4 in float32. Whole numbers must be met exactly.
        seconds: time limit for one call.

    Raises:
        AnswerError: if the answer is not right. An error in the answer comes through as it is.
        NotImplementedError: if the answer is still the stub.
    """
    __tracebackhide__ = True
    _check(answer, reference, inputs, wrong, within, seconds, observe.value)


def graph(
    answer: Callable,
    reference: Callable,
    inputs: Callable[[Draw], tuple],
    *,
    wrong: Hints | None = None,
    within: float | None = None,
    seconds: float = SECONDS,
) -> None:
    """Check a function that returns a tensor, and the graph behind that tensor.

    The graphs must be the same up to the order of operands: the same operations, the same
    leaves, and what is used twice must be one node in both. See `function` for the arguments.
    """
    __tracebackhide__ = True
    _check(answer, reference, inputs, wrong, within, seconds, observe.structure)


def value(
    answer: Any,
    truth: Any,
    *,
    wrong: Hints | None = None,
    within: float = 0.01,
    seconds: float = SECONDS,
) -> None:
    """Check a prediction: a number, a text, a bool, None, or lists of these.

    Args:
        answer: a function without arguments that returns the prediction, or the prediction.
        truth: the same for the truth; a function runs PyTorch to find it. A tensor counts as
            the numbers in it.
        wrong: for each hint, a wrong value, or a function of the answer that recognises it.
        within: allowed difference as a part of the largest expected number. Whole numbers of
            the truth (`int`) must be met exactly.
        seconds: time limit.

    Raises:
        AnswerError: if the answer is not right.
        NotImplementedError: if the answer is still the stub.
    """
    __tracebackhide__ = True
    name = settle.name_of(answer)
    given = settle.given(answer, name, seconds)
    got = plain.loose(plain.read(given))
    want = plain.loose(plain.read(observe.found(truth)))
    if said := compare.differ(got, want, within):
        verdict.fail(name, said, settle.hint_for(given, got, wrong, within))
    verdict.right(name)


def choice(
    answer: Any,
    truth: Any,
    options: Iterable[str],
    *,
    wrong: Hints | None = None,
    seconds: float = SECONDS,
) -> None:
    """Check which of some options was chosen; a failure does not tell the right one.

    Args:
        answer: a function without arguments that returns the label of an option, or the label.
            If several options are right, a list of labels in any order.
        truth: the same for the truth.
        options: all labels, such as `"abcd"`.
        wrong: for each hint, a wrong label, or a function of the answer that recognises it.
        seconds: time limit.

    Raises:
        AnswerError: if the answer is not right.
        NotImplementedError: if the answer is still the stub.
    """
    __tracebackhide__ = True
    name, options = settle.name_of(answer), list(options)
    want = observe.found(truth)
    got = plain.read(settle.given(answer, name, seconds))
    chosen = settle.labels(got)
    several = not isinstance(want, str)
    if chosen is None or not set(chosen) <= set(options) or (len(chosen) != 1 and not several):
        form = words.SEVERAL_OPTIONS if several else words.UNKNOWN_OPTION
        verdict.fail(name, [say(form, options=", ".join(options), got=got.text())])
    if set(chosen) != set(want if several else [want]):
        answered = set(chosen) if several else chosen[0]
        hint = settle.hint_for(answered, plain.read(answered), wrong, 0.0)
        said = say(words.NOT_THIS_OPTION, got=", ".join(sorted(chosen)))
        verdict.fail(name, [said if chosen else say(words.NO_OPTION)], hint)
    verdict.right(name)


def order(
    answer: Any,
    lines: Mapping[str, str],
    gives: Mapping[str, Any],
    *,
    given: Callable[[], dict[str, Any]] = dict,
    wrong: Hints | None = None,
    within: float | None = None,
    seconds: float = SECONDS,
) -> None:
    """Check an order of lines by running them: every order that works is right.

    Args:
        answer: a function without arguments that returns the labels in order, as a text
            (`"BCA"`) or a list, or these themselves.
        lines: label of one letter and line of code, indentation included.
        gives: names and values that must be there at the end.
        given: returns the names that the lines may use, made afresh.
        wrong: for each hint, a function of the order (a text) that recognises a mistake.
        within: allowed difference.
        seconds: time limit for running the lines.

    Raises:
        AnswerError: if the answer is not right.
        NotImplementedError: if the answer is still the stub.
    """
    __tracebackhide__ = True
    name = settle.name_of(answer)
    got = plain.read(settle.given(answer, name, seconds))
    labels = settle.labels(got)
    if labels is None or sorted(labels) != sorted(lines):
        verdict.fail(name, [say(words.ORDER_FORM, letters=", ".join(lines), got=got.text())])
    chosen = "".join(labels)
    if said := program.problems(chosen, lines, gives, given(), within, seconds):
        verdict.fail(name, said, settle.hint_for(chosen, plain.read(chosen), wrong, 0.0))
    verdict.right(name)


def raises(
    answer: Callable[[], Any], error: type[BaseException], says: str = "", *,
    seconds: float = SECONDS,
) -> None:  # fmt: skip
    """Check that a call raises an error.

    Args:
        answer: a function without arguments; `lambda: f(-1)` for a call with some.
        error: the expected type; a subclass is right as well.
        says: words that must be in the message; take the first ones, which stay the same
            from version to version.
        seconds: time limit.

    Raises:
        AnswerError: if nothing was raised, or something else.
        NotImplementedError: if the answer is still the stub.
    """
    __tracebackhide__ = True
    name = settle.name_of(answer)
    seen = observe.call(answer, (), [], seconds, observe.value)
    settle.ended(answer, name, seen)
    if seen.error is None:
        verdict.fail(name, [say(words.NO_ERROR, error=error.__name__)])
    got = type(seen.error).__name__
    if not isinstance(seen.error, error):
        said = say(words.OTHER_ERROR, error=error.__name__, got=got, message=seen.error)
        verdict.fail(name, [said])
    if says not in str(seen.error):
        verdict.fail(name, [say(words.OTHER_MESSAGE, error=got, says=says, message=seen.error)])
    verdict.right(name)


def _check(
    answer: Callable, reference: Callable, make: Callable, wrong: Hints | None,
    within: float | None, seconds: float, look: observe.Look,
) -> None:  # fmt: skip
    __tracebackhide__ = True
    name, seen = settle.name_of(answer), []

    def again(way: Callable, turn: int) -> observe.Seen:
        args = observe.prepared(make, Draw(name, turn))
        return observe.known(way, args, observe.names_of(reference, len(args)), look)

    def tried(turn: int) -> tuple[observe.Seen, str]:
        args = observe.prepared(make, Draw(name, turn))
        names = observe.names_of(reference, len(args))
        shown = observe.described(names, args)  # before the call, which may change them
        return observe.call(answer, args, names, seconds, look), shown

    for turn in range(ROUNDS):
        want = again(reference, turn)
        if want.error is not None:
            raise want.error  # a mistake in the exercise
        got, shown = tried(turn)
        seen.append(got)
        settle.ended(answer, name, got, shown)
        for aspect, said in observe.differences(got, want, within):
            more = (tried(later)[0] for later in range(turn + 1, ROUNDS))
            hint = observe.hint(wrong or {}, seen, again, more, aspect, within)
            if got.error is not None:
                settle.raise_again(name, got.error, shown, hint)
            verdict.fail(name, [say(words.INPUTS, text=shown), *said], hint)
    verdict.right(name, len(seen))


settle.lock("seegrad.check")
