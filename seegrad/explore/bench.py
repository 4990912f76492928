"""A bench of buttons: each runs a line of Python on the same few objects, for real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from seegrad.explore.bake import MAX_SETTINGS
from seegrad.explore.views import Board, written
from seegrad.language import say, say_count, sentences
from seegrad.widgets.explorer import Explorer

TOO_MANY = (
    "{count} presses reach more than {most} situations: give fewer buttons or a smaller depth"
)
TOO_MANY_IN_ONE = "one press reaches more than {most} situations: give fewer buttons"
TITLE = "Names, and the objects that they name"
START = "start"
ONE = "{names} are one tensor, {value}."
IS = "{names} is {value}."
SHARES = "a tensor of its own, with the memory of {names}"
AND = " and "


@dataclass
class _State:
    """A situation that presses lead to, and where each button leads from it."""

    path: tuple[int, ...]
    board: Board
    say: str
    to: list[int | None]
    errors: list[str | None]


def bench(
    setup: str | Sequence[str], buttons: Sequence[str], watch: Sequence[str], *, depth: int = 5
) -> Explorer:
    """Let a reader press lines of code in any order, and watch what names hold.

    Every situation that up to `depth` presses can reach is run now, each from a fresh
    start. Situations are counted as one only if nothing in them differs: values, which
    names are one object, which objects share memory.

    Args:
        setup: lines that make the objects; `torch` is known to them.
        buttons: lines of code, one for each button.
        watch: expressions to watch, such as `x.grad`.
        depth: how many presses are followed.

    Returns:
        A widget that needs no kernel afterwards.

    Example:
        >>> sg.bench(
        ...     "x = torch.ones(2, requires_grad=True)",
        ...     ["x.sum().backward()", "x.grad.zero_()"],
        ...     watch=["x.grad"],
        ... )

    Raises:
        ValueError: if that reaches more than `MAX_SETTINGS` situations.
    """
    setup = [setup] if isinstance(setup, str) else list(setup)
    states, known = [], {}

    def place(path: tuple[int, ...]) -> int:
        names = _run(setup, [buttons[b] for b in path])
        key = _key(names, path)
        if key not in known:
            known[key] = len(states)
            board = _board(watch, names)
            states.append(_State(path, board, _say(board), [], []))
        return known[key]

    place(())
    for state in states:  # grows while it is walked: breadth first
        for b in range(len(buttons)):
            to, error = None, None
            if len(state.path) < depth:
                to, error = _try(place, (*state.path, b))
            state.to.append(to)
            state.errors.append(error)
        if len(states) > MAX_SETTINGS:
            raise ValueError(say_count(TOO_MANY_IN_ONE, TOO_MANY, count=depth, most=MAX_SETTINGS))
    return _explorer(setup, buttons, states, depth)


def _try(place: Any, path: tuple[int, ...]) -> tuple[int | None, str | None]:
    try:
        return place(path), None
    except Exception as error:  # whatever the pressed line raises is what the reader sees
        return None, f"{type(error).__name__}: {error}"


def _run(setup: Sequence[str], lines: Sequence[str]) -> dict[str, Any]:
    names: dict[str, Any] = {"torch": torch}
    with torch.random.fork_rng(devices=[]):  # every run draws the same random numbers
        for line in (*setup, *lines):
            exec(line, names)
    return names


def _key(names: dict[str, Any], path: tuple[int, ...]) -> Any:
    """Return what tells two situations apart, by anything that a later line could notice."""
    numbers: dict[int, int] = {}
    objects = []

    def seen(v: Any) -> Any:
        if not isinstance(v, torch.Tensor):
            return repr(v)
        if id(v) not in numbers:
            numbers[id(v)] = len(numbers)
            # What was computed has a graph, which may be used up: such situations stay apart.
            history = path if v.grad_fn is not None else ()
            grad = seen(v.grad) if v.is_leaf else None
            held = (tuple(v.shape), str(v.dtype), str(v.tolist()), v.requires_grad)
            objects.append((numbers[id(v)], _memory(v), held, history, grad))
        return numbers[id(v)]

    hidden = ("torch", "__builtins__")
    tensors = [(name, seen(v)) for name, v in sorted(names.items()) if name not in hidden]
    objects.sort(key=lambda o: o[0])
    memories = [memory for _, memory, *_ in objects]
    shared = [memories.index(memory) for memory in memories]  # addresses differ from run to run
    return tuple(tensors), tuple(shared), tuple((*o[2:],) for o in objects)


def _memory(t: torch.Tensor) -> int:
    return t.untyped_storage().data_ptr()


def _board(watch: Sequence[str], names: dict[str, Any]) -> Board:
    objects: list[list[Any]] = []  # [names, object]
    for expression in watch:
        held = eval(expression, names)
        for known, other in objects:
            if other is held and held is not None:
                known.append(expression)
                break
        else:
            objects.append([[expression], held])
    return Board(say(TITLE), tuple((tuple(n), _text(v), _note(v, n, objects)) for n, v in objects))


def _note(v: Any, names: list[str], objects: list[list[Any]]) -> str:
    """Say that another object has the same memory, as after `detach`."""
    if isinstance(v, torch.Tensor):
        for other_names, other in objects:
            if isinstance(other, torch.Tensor) and other is not v and _memory(other) == _memory(v):
                return say(SHARES, names=say(AND).join(other_names))
    return ""


def _text(v: Any) -> str:
    return written(v) if isinstance(v, torch.Tensor) else str(v)


def _say(board: Board) -> str:
    said = []
    for names, value, note in board.objects:
        quoted = say(AND).join(f"`{n}`" for n in names)
        form = ONE if len(names) > 1 else IS
        text = say("{note}, {value}", note=note, value=value) if note else value
        said.append(say(form, names=quoted, value=text))
    return sentences(said)


def _explorer(
    setup: Sequence[str], buttons: Sequence[str], states: list[_State], depth: int
) -> Explorer:
    texts = ["; ".join(buttons[b] for b in s.path) or say(START) for s in states]
    control = {
        "kind": "buttons", "name": "state", "label": "; ".join(setup), "texts": texts, "start": 0,
        "names": list(buttons), "to": [s.to for s in states],
        "errors": [s.errors for s in states], "paths": [list(s.path) for s in states],
        "depth": depth,
    }  # fmt: skip
    frames = [{"say": s.say, "refused": "", "views": [s.board.to_dict()]} for s in states]
    return Explorer([control], frames)
