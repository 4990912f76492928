"""A switch on every edge of a graph, that detaches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from seegrad import grouping, picture, tracing
from seegrad.explore import cutting
from seegrad.explore.bake import MAX_SETTINGS, shorten
from seegrad.explore.views import written
from seegrad.language import say, sentences
from seegrad.tracing import Trace
from seegrad.widgets.explorer import Explorer

CUT_NONE = "Nothing is cut."
CUT = "Cut: {edges}."
BETWEEN = "; "
ONE = "`{name}.grad` is {gradient}: one edge brings it."
MANY = "`{name}.grad` is {gradient}: {count} edges bring {parts}."
NONE = "Nothing arrives at `{name}`: `{name}.grad` stays None."
REFUSED = "No open way leads from the result back to an input, so nothing was recorded."
NUMBERED = "{source} → {target}, input {number}"
NOTHING = "nothing"
LABEL = "detached edges"
TITLE = "Press the label of an edge to cut it: its target then gets t.detach()"


def switchboard(fn: Callable[..., torch.Tensor], *inputs: torch.Tensor, of: str = "") -> Explorer:
    """Let a reader detach any edges of the graph of `fn`, and see which gradient results.

    For every choice of edges `fn` runs once, now, on copies of the inputs; where an edge
    is cut, the operation at its end gets `t.detach()` in place of `t`. The gradients are
    what PyTorch's engine then sends along each edge.

    Args:
        fn: returns one number.
        inputs: its arguments, tensors of which at least one requires grad.
        of: the name of a variable, to put switches only on the edges that leave it.

    Returns:
        A widget that needs no kernel afterwards.

    Raises:
        ValueError: if there are too many edges, or none, if the result is not one number,
            or if an operation has inputs that cannot be told apart.

    Example:
        >>> sg.switchboard(lambda x: 2 * torch.dot(x, x), x)
    """
    inputs = tuple(t.detach().clone().requires_grad_(t.requires_grad) for t in inputs)
    with torch.random.fork_rng(devices=[]):
        trace = tracing.trace(fn, *inputs)
    wires = cutting.wires(trace, cutting.run(fn, inputs))
    edges = _switched(trace, wires, of)
    count = 2 ** len(edges)
    if count > MAX_SETTINGS:
        raise ValueError(
            say(
                "{edges} edges can be cut in {count} ways, at most {most} can be baked: take a "
                "smaller function",
                edges=len(edges),
                count=count,
                most=MAX_SETTINGS,
            )
        )
    drawing = _drawing(trace, edges)
    labels = [s["label"] for s in drawing["switches"]]
    subsets = [[k for k in range(len(labels)) if bits >> k & 1] for bits in range(count)]
    places = [wires.places[i] for i in edges]
    runs = [cutting.run(fn, inputs, frozenset(places[k] for k in cut)) for cut in subsets]
    sent = [_sent(trace, wires, ran) for ran in runs]
    for s in drawing["switches"]:
        s["room"] = max(len(texts.get(s["edge"], "")) for texts in sent)
    frames = [
        _frame(drawing, cut, ran, flow, trace, wires)
        for cut, ran, flow in zip(subsets, runs, sent, strict=True)
    ]
    texts = [say(BETWEEN).join(labels[k] for k in cut) or say(NOTHING) for cut in subsets]
    control = {
        "kind": "edges", "name": "cut", "label": say(LABEL), "start": 0, "texts": texts,
        "names": labels,
    }  # fmt: skip
    return Explorer([control], frames, pictures=[trace.svg()] + [None] * (count - 1))


def _switched(trace: Trace, wires: cutting.Wires, of: str) -> list[int]:
    """Return the edges that get a switch."""
    nodes, every = trace.graph.nodes, list(wires.places)
    found = [i for i in every if of in ("", nodes[trace.graph.edges[i].source].name)]
    if not found:
        raise ValueError(say("no edge leaves a node named {name!r} in this graph", name=of))
    return found


def _drawing(trace: Trace, edges: list[int]) -> dict[str, Any]:
    """Return the boxes and edges of the whole graph: what all settings share."""
    view, *more = grouping.views(trace.graph, trace.order())
    if more:
        count = len(trace.graph.nodes)
        raise ValueError(say("a graph of {count} nodes is too big for switches", count=count))
    boxes, where = picture.arrange(view, trace.graph, trace.describe())
    nodes = [
        {"box": list(at), "kind": node.kind, "title": b.title, "sub": b.sub, "value": b.value}
        for node, b, at in zip(trace.graph.nodes, boxes, where.boxes, strict=True)
    ]
    paths = [
        {"path": picture.curve(r), "to": list(r[-1]), "middle": list(picture.middle(r))}
        for r in where.routes
    ]
    titles = [b.title.split(" = ")[0] for b in boxes]
    ends = [(trace.graph.edges[i].source, trace.graph.edges[i].target) for i in edges]
    switches = []
    for k, (i, (source, target)) in enumerate(zip(edges, ends, strict=True)):
        label = f"{titles[source]} → {titles[target]}"
        if ends.count((source, target)) > 1:
            number = 1 + ends[:k].count(ends[k])
            label = say(NUMBERED, source=titles[source], target=titles[target], number=number)
        switches.append({"edge": i, "label": label})
    size = list(where.size)
    return {"title": say(TITLE), "size": size, "nodes": nodes, "edges": paths, "switches": switches}


def _sent(trace: Trace, wires: cutting.Wires, ran: cutting.Ran) -> dict[int, str]:
    """Return the gradient that was sent along each edge, as text."""
    sent = {}
    for edge, (call, _) in wires.places.items():
        flow, slot = ran.sent.get(call, ()), trace.graph.edges[edge].slot
        if slot < len(flow) and flow[slot] is not None:
            sent[edge] = written(flow[slot])
    return sent


def _grads(wires: cutting.Wires, ran: cutting.Ran) -> dict[int, str]:
    """Return the gradient that arrived at each node, as text."""
    found = {i: ran.arrived.get(call) for i, call in wires.calls.items()}
    if ran.error is None:
        found |= {i: ran.grads[k] for i, k in wires.inputs.items()}
    return {i: written(g) for i, g in found.items() if g is not None}


def _frame(
    drawing: dict[str, Any],
    cut: list[int],
    ran: cutting.Ran,
    sent: dict[int, str],
    trace: Trace,
    wires: cutting.Wires,
) -> dict[str, Any]:
    grads, names = _grads(wires, ran), [s["label"] for s in drawing["switches"]]
    said = [say(CUT, edges=say(BETWEEN).join(names[k] for k in cut)) if cut else say(CUT_NONE)]
    if ran.error is None:
        said += [_leaf(i, trace, grads, sent) for i in wires.inputs]
    else:
        said.append(say(REFUSED))
    view = {
        "kind": "wiring", **drawing, "cut": cut, "sent": _keyed(sent), "grads": _keyed(grads),
        "off": [i for i, call in wires.calls.items() if call not in ran.nodes],
    }  # fmt: skip
    refused = "" if ran.error is None else f"{type(ran.error).__name__}: {shorten(ran.error)}"
    return {"say": sentences(said), "refused": refused, "views": [view]}


def _leaf(i: int, trace: Trace, grads: dict[int, str], sent: dict[int, str]) -> str:
    name = trace.graph.nodes[i].label
    parts = [text for e, text in sent.items() if trace.graph.edges[e].source == i]
    if not parts:
        return say(NONE, name=name)
    form = MANY if len(parts) > 1 else ONE
    return say(form, name=name, gradient=grads[i], parts=" + ".join(parts), count=len(parts))


def _keyed(texts: dict[int, str]) -> dict[str, str]:
    return {str(k): v for k, v in texts.items()}
