"""Runs real PyTorch and returns a `Trace`; the only part that reads `grad_fn`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.graph import GradientEdge, get_gradient_edge

from seegrad.collecting import paused, seldom
from seegrad.graph import Graph
from seegrad.language import say
from seegrad.tracing import frames
from seegrad.tracing.backward import run_backward
from seegrad.tracing.record import Record, key_of
from seegrad.tracing.recorder import Recorder
from seegrad.tracing.saved import read_saved
from seegrad.tracing.snapshot import Snapshot
from seegrad.tracing.trace import Trace
from seegrad.tracing.walk import walk

__all__ = ["Recording", "Trace", "graph", "record", "trace"]

Upstream = torch.Tensor | float | list | None

GIVEN = "{name} was given"
OFF = " (recording is switched off here by no_grad)"


def trace(fn: Callable[..., torch.Tensor], *inputs: Any, upstream: Upstream = None) -> Trace:
    """Call `fn(*inputs)` for real and record its forward and one backward.

    No `.grad` is changed, and nothing else of the reader's tensors.

    Args:
        fn: returns one tensor.
        inputs: its arguments; at least one tensor that `fn` uses must require grad.
        upstream: the vector of the vector-Jacobian product, of the output's shape; may
            be left out for a scalar output, then it is 1.

    Returns:
        The trace.

    Raises:
        TypeError: if `fn` cannot be called or does not return one tensor.
        ValueError: if the output does not require grad, or if `upstream` is missing for
            an output that is not a scalar, or has another shape, or if the graph is too big.
    """
    if not callable(fn):
        raise TypeError(
            say(
                "sg.trace needs a function and its inputs, got {got} as the function: write "
                "sg.trace(lambda x: 2 * torch.dot(x, x), x), or sg.graph(y) for a tensor",
                got=_described(fn),
            )
        )
    with seldom(), Recorder() as seen:
        y = fn(*inputs)
    with paused():
        _name(seen, _parameters(fn, inputs))
        _name(seen, frames.namespace(frames.caller()[0]))
        name = getattr(fn, "__name__", None) or say("the function")
        made = _finish(y, upstream, seen, say("{name} returned", name=name))
        seen.forget()
    return made


class Recording:
    """The object that `with sg.record() as rec:` hands out."""

    def __init__(self) -> None:
        self._recorder = Recorder()

    def __enter__(self) -> Recording:
        self._recorder.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._recorder.__exit__(*exc)

    def trace(self, y: torch.Tensor, upstream: Upstream = None) -> Trace:
        """Return the trace of one tensor that was computed while recording.

        Args, Returns, Raises: as `seegrad.trace`; also RuntimeError if a `backward()`
        has already freed the graph.
        """
        seen = self._recorder.record
        _name(seen, frames.namespace(frames.caller()[0]))
        return _finish(y, upstream, seen, say(GIVEN, name="rec.trace"))


def record() -> Recording:
    """Record the ordinary code inside a `with` block, to trace its results afterwards.

    Example:
        >>> with sg.record() as rec:
        ...     y = 2 * torch.dot(x, x)
        >>> rec.trace(y)
    """
    return Recording()


def graph(y: torch.Tensor, upstream: Upstream = None, structure: bool = False) -> Trace:
    """Return the trace of a tensor that was computed earlier, without a recording.

    The graph and the gradients are real; of the forward values those are known that
    autograd saved for its backward.

    Args:
        y: the tensor.
        upstream: as for `seegrad.trace`.
        structure: True shows only what autograd itself holds: operations, leaves and shapes.
            No backward is run and no element is read, constants are left out, `upstream` is
            not needed, and a freed graph will do.

    Returns, Raises: as `seegrad.trace`; also RuntimeError if a `backward()` has already
    freed the graph.
    """
    seen = Record()
    _name(seen, frames.namespace(frames.caller()[0]))
    return _finish(y, upstream, seen, say(GIVEN, name="sg.graph"), structure)


def _finish(y: Any, upstream: Upstream, seen: Record, who: str, bare: bool = False) -> Trace:
    root = _root(y, who)
    if bare:
        return _read_bare(root, seen)
    return _read(y, root, _upstream(y, upstream), seen)


@paused()
def _read_bare(root: GradientEdge, seen: Record) -> Trace:
    found = walk(root.node, seen, bare=True)
    made = Graph(tuple(found.nodes), tuple(found.edges))
    return Trace(made, found.ordered(), [], {}, {}, {}, {}, {}, {})


@paused()
def _read(y: torch.Tensor, root: GradientEdge, start: torch.Tensor | None, seen: Record) -> Trace:
    if y.grad_fn is not None:
        seen.values.setdefault(key_of(y), Snapshot(y))
    found = walk(root.node, seen)
    saved, settings = read_saved(found)
    try:
        flow = run_backward(found, root, start)
    except RuntimeError as error:
        if "second time" not in str(error):
            raise
        raise RuntimeError(
            say(
                "this graph was freed by an earlier backward(), so it cannot be traced any more: "
                "compute the tensor again, or trace it before calling backward()"
            )
        ) from None
    before = {i: Snapshot(t.grad) for i, t in found.leaves if t.grad is not None}
    made = Graph(tuple(found.nodes), tuple(found.edges))
    return Trace(
        made, found.ordered(), flow.order, found.values, flow.arrived, flow.sent, saved, settings,
        before,
    )  # fmt: skip


def _root(y: Any, who: str) -> GradientEdge:
    if not isinstance(y, torch.Tensor):
        raise TypeError(say("{who} {got}, expected one tensor", who=who, got=_described(y)))
    if not y.requires_grad:
        raise ValueError(
            say(
                "{who} a tensor that does not require grad{off}, so there is no graph to show: "
                "call x.requires_grad_() on a floating-point input before computing with it",
                who=who,
                off="" if torch.is_grad_enabled() else say(OFF),
            )
        )
    return get_gradient_edge(y)


def _upstream(y: torch.Tensor, given: Upstream) -> torch.Tensor | None:
    shape = tuple(y.shape)
    if given is None:
        if y.numel() != 1:
            raise ValueError(
                say(
                    "the output has shape {shape}, and a gradient starts from one number: pass "
                    "upstream= with a tensor of shape {shape} (the vector v of vᵀJ), for example "
                    "torch.ones_like(y) to add up all outputs",
                    shape=shape,
                )
            )
        return None
    v = torch.as_tensor(given, dtype=y.dtype, device=y.device).detach()
    if v.shape != y.shape:
        raise ValueError(
            say(
                "upstream has shape {given} but the output has shape {shape}: give one weight "
                "for each output",
                given=tuple(v.shape),
                shape=shape,
            )
        )
    return v


def _name(seen: Record, variables: dict[str, Any]) -> None:
    """Give names from the reader's variables to tensors that have none yet."""
    for name, t in frames.tensor_names(variables):
        if t.requires_grad and t.grad_fn is not None:
            seen.names.setdefault(key_of(t), name)
        else:
            note = seen.seen(t)
            note.name = note.name or name


def _parameters(fn: Callable, inputs: tuple) -> dict[str, Any]:
    """Return the inputs by the names of the function's parameters."""
    try:
        bound = inspect.signature(fn).bind(*inputs)
    except (TypeError, ValueError):
        return {}
    return dict(bound.arguments)


def _described(thing: Any) -> str:
    if thing is None:
        return "None"
    kind = type(thing).__name__
    if isinstance(thing, tuple | list):
        return say("a {kind} of {count}", kind=kind, count=len(thing))
    return say("an {kind}" if kind[0] in "aeiou" else "a {kind}", kind=kind)
