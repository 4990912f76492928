"""Runs an answer and the truth on inputs of their own and tells how they differ."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from seegrad.check import compare, plain, running, words
from seegrad.check.inputs import Draw
from seegrad.check.isomorphism import Form
from seegrad.check.plain import Plain
from seegrad.language import say
from seegrad.tracing import graph
from seegrad.values import number

Inputs = Callable[[Draw], tuple]
Look = Callable[[Any, tuple], Plain]
State = dict[str, dict[str, Plain]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a call left behind: its result, and the state of each argument by name.

    Attributes:
        result: what it returned, as plain data.
        states: for each argument, what `plain.state` says about it.
        error: what it raised, None if it returned.
        outcome: how it ended, for the learner's own call.
        before: the state of each argument before the call, for an author's function.
    """

    result: Plain
    states: dict[str, State] = field(default_factory=dict)
    error: BaseException | None = None
    outcome: running.Outcome | None = None
    before: dict[str, State] = field(default_factory=dict)


def names_of(function: Callable, count: int) -> list[str]:
    """Return the parameter names of a function, as far as they are known."""
    try:
        known = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        known = []
    return (known + [say(words.ARGUMENT, number=i + 1) for i in range(len(known), count)])[:count]


def described(names: list[str], args: tuple) -> str:
    """Return the arguments in words: `f = sin, x = [-1.2, 0.5]`."""
    return ", ".join(f"{n} = {_described(a)}" for n, a in zip(names, args, strict=True))


def _described(thing: Any) -> str:
    if isinstance(thing, float):
        return number(thing)
    it = plain.read(thing)
    if it.kind == "other":
        return str(getattr(thing, "__name__", it.type))
    return it.text()


def value(result: Any, args: tuple) -> Plain:
    """Look at the result itself."""
    return plain.read(result)


def structure(result: Any, args: tuple) -> Plain:
    """Look at the result and at the graph behind it."""
    it = plain.read(result)
    if it.kind != "tensor" or not result.requires_grad:
        return Plain("graph", it.type, (it, None, say(words.NO_GRAPH)))
    trace = graph(result, upstream=torch.ones_like(result))
    nodes = trace.graph.nodes
    inputs: list[list[tuple[int, int]]] = [[] for _ in nodes]
    for edge in trace.graph.edges:
        inputs[edge.target].append((edge.slot, edge.source))
    labels = tuple(
        f"leaf {plain.read(trace.value(n.id)).text()}" if n.kind == "leaf" else n.op or n.kind
        for n in nodes
    )
    form = Form(labels, tuple(tuple(i for _, i in sorted(row)) for row in inputs))
    return Plain("graph", it.type, (it, form, trace.text()))


def prepared(inputs: Inputs, draw: Draw) -> tuple:
    """Return fresh arguments, also where the notebook has switched recording off."""
    with torch.enable_grad():
        return tuple(inputs(draw))


def found(truth: Any) -> Any:
    """Return a truth, or what a function finds to be the truth."""
    with torch.enable_grad():
        return truth() if callable(truth) else truth


def call(function: Callable, args: tuple, names: list[str], seconds: float, look: Look) -> Seen:
    """Call a learner's function, guarded, and look at what it left behind."""
    outcome = running.run(function, args, seconds)
    if outcome.timed_out or outcome.error is not None:
        return Seen(Plain("other", "error"), {}, outcome.error, outcome)
    with running.quiet(), torch.enable_grad():
        result = look(outcome.value, args)
    return Seen(result, _states(names, args), None, outcome)


def known(function: Callable, args: tuple, names: list[str], look: Look) -> Seen:
    """Call a function of the exercise's author, which may be a wrong way that raises."""
    before = _states(names, args)
    with running.quiet(), torch.enable_grad():
        try:
            result = look(function(*args), args)
        except Exception as error:
            return Seen(Plain("other", "error"), {}, error)
    return Seen(result, _states(names, args), before=before)


def _states(names: list[str], args: tuple) -> dict[str, State]:
    return {n: plain.state(a) for n, a in zip(names, args, strict=True)}


def differences(got: Seen, want: Seen, within: float | None) -> Iterator[tuple[str, list[str]]]:
    """Yield what differs, as `error`, `result` or the name of a state, each with sentences."""
    if got.error is not None or want.error is not None:
        if _headline(got.error) != _headline(want.error):
            yield "error", []
        return
    yield from _results(got.result, want.result, within)
    for name, parts in want.states.items():
        for inner, facts in parts.items():
            mine = got.states[name].get(inner)
            for what, fact in facts.items():
                lines = compare.differ(mine[what], fact, within, part=True) if mine else [""] * 2
                if lines:
                    said = _changed(name + inner, what, lines)
                    was = want.before[name].get(inner)
                    if was and not compare.differ(fact, was[what]):
                        said.append(say(words.LEAVE_INPUTS, name=name + inner))
                    yield f"{name}{inner} {what}", said


def _results(got: Plain, want: Plain, within: float | None) -> Iterator[tuple[str, list[str]]]:
    """Yield what differs in the result; the parts of a dictionary count each alone."""
    if got.kind == want.kind == "mapping" and set(got.data) == set(want.data):
        for key, part in want.data.items():
            if lines := compare.differ(got.data[key], part, within, part=True):
                yield f"result {key}", [say(words.IN_PART, index=repr(key)), *lines]
    elif lines := compare.differ(got, want, within):
        yield "result", lines


def _changed(name: str, what: str, lines: list[str]) -> list[str]:
    said = say(words.INPUT_CHANGED[what], name=name)
    return [said, *lines]


def _headline(error: BaseException | None) -> tuple[str, str]:
    """Return the type and the first words of an error, which versions of torch do not change."""
    return (type(error).__name__, str(error)[:40]) if error is not None else ("", "")


def hint(
    wrong: Mapping[str, Any], seen: list[Seen], again: Callable[[Any, int], Seen],
    more: Iterator[Seen], aspect: str, within: float | None,
) -> str:  # fmt: skip
    """Return the hint of the known wrong way that gives what the answer gave.

    Args:
        wrong: hint and function.
        seen: what the answer left behind, round by round, the last of them wrong.
        again: runs a function on the inputs of a round.
        more: runs the answer on the rounds that follow; used if several hints fit so far.
        aspect: what differed in the last round; only this is compared.
        within: allowed difference.
    """

    def fits(way: Any, turn: int, mine: Seen) -> bool:
        theirs = again(way, turn)
        if (mine.error is None) != (theirs.error is None):
            return False
        return aspect not in dict(differences(mine, theirs, within))

    fitting = [
        said
        for said, way in wrong.items()
        if all(fits(way, turn, mine) for turn, mine in enumerate(seen))
    ]
    turn = len(seen)
    while len(fitting) > 1 and (mine := next(more, None)) is not None:
        fitting = [said for said in fitting if fits(wrong[said], turn, mine)] or fitting[:1]
        turn += 1
    return fitting[0] if fitting else ""
