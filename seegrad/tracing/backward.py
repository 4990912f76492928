"""Runs one real backward over a walked graph and notes what arrives and what is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch.autograd.graph import GradientEdge

from seegrad.graph import Node
from seegrad.tracing.snapshot import Snapshot
from seegrad.tracing.walk import Walk

REENTRANT = "CheckpointFunctionBackward"


@dataclass(slots=True)
class Flow:
    """What a backward did.

    Attributes:
        order: node ids in the order in which the engine ran them.
        arrived: the gradient that arrived, by (node id, output).
        sent: the gradient that was sent, by index of the edge.
    """

    order: list[int] = field(default_factory=list)
    arrived: dict[tuple[int, int], Snapshot] = field(default_factory=dict)
    sent: dict[int, Snapshot] = field(default_factory=dict)


def run_backward(found: Walk, root: GradientEdge, upstream: torch.Tensor | None) -> Flow:
    """Send `upstream` (None: 1) from `root` to the leaves as `backward` would, `.grad` untouched.

    `torch.autograd.grad` with respect to the leaves visits the same nodes in the same
    order; a hook on each node sees what goes along each edge, a hook on each leaf
    when its turn comes. All hooks are removed again, the graph is kept, and the random
    state is put back. Hooks of the reader's own on this graph run, as in any backward.

    Raises:
        RuntimeError: whatever the engine raises, unchanged.
    """
    flow = Flow()
    if not found.leaves or not can_run(found.nodes):
        return flow
    watch = _Watch(flow, found)
    random_state = torch.get_rng_state()
    try:
        watch.start()
        # For a given start torch imports sympy (0.6 s once), so an implicit 1 is left to it.
        start = None if upstream is None else [upstream]
        leaves = [t for _, t in found.leaves]
        grads = torch.autograd.grad([root], leaves, start, retain_graph=True, allow_unused=True)
        for (i, _), grad in zip(found.leaves, grads, strict=True):
            if grad is not None:
                watch.arrive(i, 0, grad)
    finally:
        watch.stop()
        torch.set_rng_state(random_state)
    return flow


def can_run(nodes: Iterable[Node]) -> bool:
    """Tell whether a backward leaves `.grad` alone: a reentrant checkpoint does not.

    Its backward calls `backward()` itself, so that PyTorch refuses `autograd.grad`.
    """
    return not any(n.op == REENTRANT for n in nodes)


class _Watch:
    """Hooks on all nodes and leaves; no closure holds a node, as that would be a cycle."""

    def __init__(self, flow: Flow, found: Walk) -> None:
        self.flow = flow
        self.found = found
        self.handles: list[Any] = []
        self.untouched: list[torch.Tensor] = []
        self.pending: dict[tuple[int, int], tuple[torch.Tensor, int, int]] = {}
        self.alone = self._alone()

    def _alone(self) -> dict[int, tuple[int, int]]:
        """Return the edges that are the only one from their output: (node id, output) by index."""
        first: dict[tuple[int, int], int] = {}
        shared: set[tuple[int, int]] = set()
        for i, e in enumerate(self.found.edges):
            end = e.source, e.output
            if first.setdefault(end, i) != i:
                shared.add(end)
        return {i: end for end, i in first.items() if end not in shared}

    def start(self) -> None:
        for node, fn in zip(self.found.nodes, self.found.functions, strict=True):
            if node.kind == "op":
                self.handles.append(fn.register_hook(partial(self._ran, node.id)))
        for i, leaf in self.found.leaves:
            if leaf._backward_hooks is None:
                self.untouched.append(leaf)
            self.handles.append(leaf.register_hook(partial(self._leaf_ran, i)))

    def stop(self) -> None:
        for handle in self.handles:
            handle.remove()
        for leaf in self.untouched:
            leaf._backward_hooks = None  # as it was, not an empty table

    def _leaf_ran(self, me: int, grad: torch.Tensor) -> None:
        self.flow.order.append(me)

    def _ran(self, me: int, sent: tuple, arrived: tuple) -> None:
        self.flow.order.append(me)
        for output, t in enumerate(arrived):
            if t is not None:
                self.arrive(me, output, t)
        into = self.found.into[me]
        if len(into) < len(sent):
            slots = [self.found.edges[i].slot for i in into]
            sent = [sent[slot] for slot in slots]
        for edge, t in zip(into, sent, strict=False):
            if t is None:
                continue
            end = self.alone.get(edge)
            if end is None:
                self.flow.sent[edge] = Snapshot(t)
            else:  # what is sent alone arrives as it is: one copy will do for both
                self.pending[end] = t, edge, t._version

    def arrive(self, me: int, output: int, t: torch.Tensor) -> None:
        end = me, output
        here = self.flow.arrived[end] = Snapshot(t)
        if end in self.pending:
            sent, edge, version = self.pending.pop(end)
            if sent._version == version:  # else a hook wrote into it: unknown
                self.flow.sent[edge] = here if sent is t else Snapshot(sent)
