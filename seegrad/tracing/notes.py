"""Sentences on what a reader of a trace should know, and would not see at once."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from seegrad.graph import Graph, Step
from seegrad.tracing.backward import Flow, can_run
from seegrad.tracing.snapshot import Snapshot, all_finite
from seegrad.tracing.walk import Walk


def notes_on(graph: Graph, steps: tuple[Step, ...], found: Walk, flow: Flow) -> tuple[str, ...]:
    """Return the notes on a trace, each one sentence without its full stop."""
    return (
        *_not_run(found),
        *_not_finite(graph, steps, found, flow),
        *_changed_by_hooks(graph, flow),
    )


def _not_run(found: Walk) -> Iterator[str]:
    if not can_run(found):
        yield (
            "no gradient is known: the graph holds a reentrant checkpoint, whose backward would "
            "change .grad; use checkpoint(…, use_reentrant=False)"
        )


def _not_finite(graph: Graph, steps: tuple[Step, ...], found: Walk, flow: Flow) -> Iterator[str]:
    """Say where a value, and where a gradient, first stopped being finite."""
    inputs = [n.id for n in graph.nodes if n.kind != "op"]
    for phase, held, what, first in (
        ("forward", found.values, "value", inputs),
        ("backward", flow.arrived, "gradient", []),
    ):
        if all_finite([h for h in held.values() if isinstance(h, Snapshot)]):
            continue
        for i in (*first, *(s.node for s in steps if s.phase == phase)):
            at = held.get((i, 0))
            value = at.value if isinstance(at, Snapshot) else at
            if value is not None and value.dtype != "bool" and not value.finite:
                yield (
                    f"the {what} of {graph.nodes[i].label} is not finite: {value.text()}; "
                    f"it is the first in {phase} order"
                )
                break


def _changed_by_hooks(graph: Graph, flow: Flow) -> Iterator[str]:
    """Say where what arrived is not the sum of what was sent: a hook of the reader's changed it."""
    sums: dict[tuple[int, int], torch.Tensor] = {}
    for i, e in enumerate(graph.edges):
        sent = flow.sent.get(i)
        if sent is not None and sent.tensor is not None:
            end = e.source, e.output
            if sent is not flow.arrived.get(end):  # one copy for both: nothing changed it
                sums[end] = sums[end] + sent.tensor if end in sums else sent.tensor
    for (node, output), total in sums.items():
        here = flow.arrived.get((node, output))
        if here is None or here.tensor is None or here.tensor.shape != total.shape:
            continue
        if not torch.allclose(here.tensor, total, rtol=1e-3, atol=1e-5, equal_nan=True):
            yield (
                f"a hook changed the gradient of {graph.nodes[node].label}: "
                f"sent {Snapshot(total).value}, arrived {here.value}"
            )
