"""Sentences on what a reader of a trace should know, and would not see at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch

from seegrad.language import say
from seegrad.tracing.backward import can_run
from seegrad.tracing.snapshot import Snapshot

if TYPE_CHECKING:
    from seegrad.tracing.trace import Trace

REENTRANT = (
    "no gradient is known: the graph holds a reentrant checkpoint, whose backward would "
    "change .grad; use checkpoint(…, use_reentrant=False)"
)
VALUE = "the value of {name} is not finite: {value}; it is the first in forward order"
GRADIENT = "the gradient of {name} is not finite: {value}; it is the first in backward order"
HOOK = "a hook changed the gradient of {name}: sent {sent}, arrived {arrived}"


def notes_on(trace: Trace) -> tuple[str, ...]:
    """Return the notes on a trace, each one sentence without its full stop."""
    return (*_not_run(trace), *_not_finite(trace), *_changed_by_hooks(trace))


def _not_run(trace: Trace) -> Iterator[str]:
    if not can_run(trace.graph.nodes):
        yield say(REENTRANT)


def _not_finite(trace: Trace) -> Iterator[str]:
    """Say where a value, and where a gradient, first stopped being finite."""
    nodes = trace.graph.nodes
    inputs = [n.id for n in nodes if n.kind != "op"]
    for order, held, message in (
        ([*inputs, *trace._forward], trace._values, VALUE),
        (trace._backward, trace._grads, GRADIENT),
    ):
        for i in order:
            at = held.get((i, 0))
            if at is not None and not at.finite:
                value = at.value if isinstance(at, Snapshot) else at
                yield say(message, name=nodes[i].label, value=value.text())
                break


def _changed_by_hooks(trace: Trace) -> Iterator[str]:
    """Say where what arrived is not the sum of what was sent: a hook of the reader's changed it."""
    sums: dict[tuple[int, int], torch.Tensor] = {}
    for i, e in enumerate(trace.graph.edges):
        sent = trace._sent.get(i)
        end = e.source, e.output
        if sent is None or sent is trace._grads.get(end):  # one copy for both: nothing changed it
            continue
        if sent.tensor is not None:
            sums[end] = sums[end] + sent.tensor if end in sums else sent.tensor
    for (node, output), total in sums.items():
        here = trace._grads.get((node, output))
        if here is None or here.tensor is None or here.tensor.shape != total.shape:
            continue
        if not torch.allclose(here.tensor, total, rtol=1e-3, atol=1e-5, equal_nan=True):
            name = trace.graph.nodes[node].label
            yield say(HOOK, name=name, sent=Snapshot(total).value, arrived=here.value)
