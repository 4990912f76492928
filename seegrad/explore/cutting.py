"""Runs a function with some arguments of its operations detached, and notes what autograd sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import torch
from torch.autograd.graph import get_gradient_edge
from torch.overrides import TorchFunctionMode

from seegrad.language import say
from seegrad.tracing import Trace

Place = tuple[int, int]
"""The number of a call, and which of its tensor arguments."""

TWICE = (
    "a call in this function makes several operations at once, or other ones in each run: "
    "its edges have no switches"
)
JOINED = "{name} does several operations at once, or changes a tensor in place: no switches for it"
FOREIGN = "the function uses a tensor that requires grad and is not among its inputs: pass it"


@dataclass
class Ran:
    """One run: each call's node and tensor arguments, and what the engine then sent.

    Attributes:
        inputs: the copies on which it ran.
        nodes: the node that a call recorded, by the number of the call.
        arguments: its tensor arguments, likewise.
        arrived: the gradient that arrived at it.
        sent: the gradients that it sent, by slot.
        grads: the gradient of each input, None if none arrived.
        error: what backward raised.
    """

    inputs: list[torch.Tensor]
    nodes: dict[int, Any] = field(default_factory=dict)
    arguments: dict[int, list[torch.Tensor]] = field(default_factory=dict)
    arrived: dict[int, torch.Tensor | None] = field(default_factory=dict)
    sent: dict[int, tuple] = field(default_factory=dict)
    grads: list[torch.Tensor | None] = field(default_factory=list)
    error: RuntimeError | None = None


class _Cutter(TorchFunctionMode):
    """Numbers the calls of PyTorch functions, and detaches the chosen arguments."""

    def __init__(self, cut: frozenset[Place], ran: Ran) -> None:
        super().__init__()
        self.cut, self.ran, self.numbers = cut, ran, count()

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        call, at, given = next(self.numbers), count(), []

        def held(v: Any) -> Any:
            if isinstance(v, torch.Tensor):
                given.append(v)
                return v.detach() if (call, next(at)) in self.cut else v
            return type(v)(map(held, v)) if type(v) in (list, tuple) else v

        made = func(*map(held, args), **{k: held(v) for k, v in (kwargs or {}).items()})
        if isinstance(made, torch.Tensor) and made.grad_fn is not None:
            if all(made.grad_fn is not node for node in self.ran.nodes.values()):
                self.ran.nodes[call], self.ran.arguments[call] = made.grad_fn, given
        elif isinstance(made, torch.Tensor):
            self.ran.arguments[call] = given
        return made


def run(fn: Callable, inputs: tuple, cut: frozenset[Place] = frozenset()) -> Ran:
    """Run `fn` on copies, and its backward, with hooks that note what the engine sends."""
    ran = Ran([t.detach().clone().requires_grad_(t.requires_grad) for t in inputs])
    # Every run draws the same random numbers, and the reader's generator is left alone.
    with torch.random.fork_rng(devices=[]), _Cutter(cut, ran):
        y = fn(*ran.inputs)
    for call, node in ran.nodes.items():
        node.register_hook(_noting(ran, call))
    wanted = [t for t in ran.inputs if t.requires_grad]
    try:
        found = iter(torch.autograd.grad(y, wanted, allow_unused=True))
        ran.grads = [next(found) if t.requires_grad else None for t in ran.inputs]
    except RuntimeError as error:
        ran.error = error
    return ran


def _noting(ran: Ran, call: int) -> Callable[[tuple, tuple], None]:
    def note(sent: tuple, arrived: tuple) -> None:
        ran.sent[call] = tuple(None if g is None else g.clone() for g in sent)
        ran.arrived[call] = None if arrived[0] is None else arrived[0].clone()

    return note


# ---------------------------------------------------------------- edges


@dataclass
class Wires:
    """Where the nodes and edges of a trace are found in the runs of its function.

    Attributes:
        calls: for each operation the number of the call that recorded it.
        places: for each edge that can be cut, the argument that it is.
        inputs: for each leaf, which input it is.
    """

    calls: dict[int, int]
    places: dict[int, Place]
    inputs: dict[int, int]


def wires(trace: Trace, ran: Ran) -> Wires:
    """Match a trace with a run of the same function, in which nothing was cut.

    Operations are matched in the order in which they ran; each match is checked.
    """
    graph, used = trace.graph, _used(ran)
    calls = dict(zip(trace.order(), used, strict=False))
    names = [ran.nodes[call].name() for call in used]
    if [graph.nodes[i].op for i in trace.order()] != names:
        raise ValueError(say(TWICE))
    found = Wires(calls, {}, {})
    for index, edge in enumerate(graph.edges):
        source, call = graph.nodes[edge.source], calls[edge.target]
        if source.kind in ("leaf", "op"):
            k = _argument(ran, call, edge.slot, graph.nodes[edge.target].label)
            found.places[index] = (call, k)
            if source.kind == "leaf":
                found.inputs[source.id] = _input(ran, ran.arguments[call][k])
    return found


def _used(ran: Ran) -> list[int]:
    """Return the calls that the last one depends on, in the order in which they ran."""
    by_node = {node: call for call, node in ran.nodes.items()}
    todo, used = [max(ran.nodes, default=None)], set()
    while todo:
        call = todo.pop()
        if call is not None and call not in used:
            used.add(call)
            todo += [by_node.get(n) for n, _ in ran.nodes[call].next_functions]
    return sorted(used)


def _argument(ran: Ran, call: int, slot: int, label: str) -> int:
    """Return which tensor argument of a call an edge in a slot comes from."""
    edges = ran.nodes[call].next_functions
    matches = [
        k
        for k, t in enumerate(ran.arguments[call])
        if t.requires_grad and tuple(get_gradient_edge(t))[:2] == edges[slot]
    ]
    earlier = edges[:slot].count(edges[slot])
    if earlier >= len(matches):
        raise ValueError(say(JOINED, name=label))
    return matches[earlier]


def _input(ran: Ran, leaf: torch.Tensor) -> int:
    for k, t in enumerate(ran.inputs):
        if t is leaf:
            return k
    raise ValueError(say(FOREIGN))
