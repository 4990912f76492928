"""Runs a function once for every setting of its controls, and keeps what it returned."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

from seegrad.explore.controls import Control, as_control
from seegrad.explore.views import Board, Matrix, Plot
from seegrad.language import say, sentences
from seegrad.tracing import Trace
from seegrad.widgets.explorer import Explorer
from seegrad.widgets.payload import payload

MAX_SETTINGS = 400
"""So many settings are baked at most: each costs a run now and its share of the widget's data."""

GRAD = "`{name}.grad` gets {gradient}."
REFUSED = "PyTorch refuses this setting."


def explore(run: Callable[..., Any], *, title: str = "", **controls: Any) -> Explorer:
    """Call `run` with every setting of the controls, and let a reader turn them.

    Args:
        run: gets one value of each control by name, and returns what is to be seen:
            a trace, a `Plot`, `Matrix` or `Board`, a text that says it in a sentence,
            or a tuple of these. A RuntimeError or ValueError that it raises is what
            that setting shows.
        title: a heading.
        controls: for each argument of `run` a `slider`, `choice`, `switch` or `arrow`; a
            plain list of numbers stands for a slider, one of texts for a choice.

    Returns:
        A widget that needs no kernel afterwards: all settings have run.

    Raises:
        ValueError: if there are no controls or more than `MAX_SETTINGS` settings.
        TypeError: if `run` returns something else.

    Example:
        >>> def at(a):
        ...     return sg.trace(f, torch.tensor(a, requires_grad=True))
        >>> sg.explore(at, a=[1.0, 300.0, -300.0])
    """
    if not controls:
        raise ValueError(say("nothing to explore: give at least one control, such as a=[1.0, 2.0]"))
    made = {name: as_control(given, name) for name, given in controls.items()}
    _check_size(made)
    frames, pictures, errors = [], [], []
    for values in product(*(c.values for c in made.values())):
        try:
            frame, picture = _frame(run(**dict(zip(made, values, strict=True))))
        except (RuntimeError, ValueError) as error:
            errors.append(error)
            frame, picture = _refusal(error), None
        frames.append(frame)
        pictures.append(picture)
    if len(errors) == len(frames):
        raise errors[0]
    rows = [c.to_dict(name) for name, c in made.items()]
    return Explorer(rows, frames, title=title, pictures=pictures)


def _refusal(error: Exception) -> dict[str, Any]:
    """Return a frame for a setting in which an error was raised."""
    return {
        "say": say(REFUSED),
        "refused": f"{type(error).__name__}: {shorten(error)}",
        "views": [],
    }


def shorten(error: Exception) -> str:
    """Return an error's message without PyTorch's trailing advice."""
    return str(error).split(" Specify ")[0].split(" Hint: ")[0]


def _check_size(controls: dict[str, Control]) -> None:
    counts = [len(c.values) for c in controls.values()]
    if prod(counts) > MAX_SETTINGS:
        raise ValueError(
            say(
                "{product} = {count} settings, at most {most} can be baked: give fewer values",
                product=" × ".join(map(str, counts)),
                count=prod(counts),
                most=MAX_SETTINGS,
            )
        )


def _frame(returned: Any) -> tuple[dict[str, Any], str | None]:
    """Return what one setting shows, and a still picture if there is a trace in it."""
    parts = returned if isinstance(returned, tuple | list) else (returned,)
    told, views, picture = [], [], None
    for part in parts:
        if isinstance(part, str):
            told.append(part)
        elif isinstance(part, Trace):
            views.append({"kind": "trace", **payload(part)})
            picture = picture or part.svg()
        elif isinstance(part, Plot | Matrix | Board):
            views.append(part.to_dict())
        else:
            raise TypeError(
                say(
                    "the explored function returned a {kind}, expected a trace, a Plot, a Matrix, "
                    "a Board, a text or a tuple of these: wrap a tensor's computation in sg.trace",
                    kind=type(part).__name__,
                )
            )
    said = told or [_said(part) for part in parts]
    return {"say": sentences(said), "refused": "", "views": views}, picture


def _said(part: Any) -> str:
    """Return a sentence on a part whose explorer was given none."""
    if isinstance(part, Matrix):
        return part.say()
    if isinstance(part, Trace):
        leaves = [n for n in part.graph.nodes if n.kind == "leaf"]
        grads = ((n.label, part.describe().grads.get((n.id, 0))) for n in leaves)
        return sentences(say(GRAD, name=name, gradient=grad) for name, grad in grads)
    return ""
