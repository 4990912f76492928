"""Runs one real backward over a walked graph and notes what arrives and what is sent."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

import torch
from torch.autograd.graph import GradientEdge

from seegrad.tracing.snapshot import Snapshot
from seegrad.tracing.walk import Walk


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
    leaves = found.leaves()
    if not leaves:
        return flow
    random_state = torch.get_rng_state()
    with ExitStack() as stack:
        stack.callback(torch.set_rng_state, random_state)
        for node in found.nodes:
            if node.kind == "op":
                handle = found.functions[node.id].register_hook(_node_hook(flow, found, node.id))
                stack.callback(handle.remove)
        for i, t in leaves:
            stack.enter_context(_LeafHook(flow, i, t))
        # For a given start torch imports sympy (0.6 s once), so an implicit 1 is left to it.
        start = None if upstream is None else [upstream]
        grads = torch.autograd.grad(
            [root], [t for _, t in leaves], start, retain_graph=True, allow_unused=True
        )
        for (i, _), grad in zip(leaves, grads, strict=True):
            if grad is not None:
                flow.arrived[i, 0] = Snapshot(grad)
    return flow


def _node_hook(flow: Flow, found: Walk, me: int):
    # Captures numbers and plain containers, never autograd's node: that would be a cycle.
    slots = found.slots

    def hook(sent, arrived):
        flow.order.append(me)
        for output, t in enumerate(arrived):
            if t is not None:
                flow.arrived[me, output] = Snapshot(t)
        for slot, t in enumerate(sent):
            if t is not None and (me, slot) in slots:
                flow.sent[slots[me, slot]] = Snapshot(t)

    return hook


class _LeafHook:
    """Notes when a leaf's turn comes; leaves the leaf's table of hooks as it was."""

    def __init__(self, flow: Flow, me: int, leaf: torch.Tensor) -> None:
        self.leaf = leaf
        self.untouched = leaf._backward_hooks is None
        self.handle = leaf.register_hook(lambda _: flow.order.append(me))

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        self.handle.remove()
        if self.untouched:
            self.leaf._backward_hooks = None
