"""The player: steps through a recorded trace, forward and then backward."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import traitlets

from seegrad import grouping, picture
from seegrad.graph import Graph, Node, Step
from seegrad.rules import pretty, rule_for
from seegrad.values import shape_text
from seegrad.widgets.shown import Shown

if TYPE_CHECKING:
    from seegrad.tracing import Trace


class Player(Shown, front="player"):
    """Shows a trace; step through it with the buttons, the slider or the arrow keys.

    Args:
        trace: what `sg.trace` and the like return.
        step: how many steps are done at first, from 0 (nothing has run) to `len(trace.steps)`.

    Attributes:
        step: the same, synced: it can be observed and linked.
    """

    _data = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, trace: Trace, step: int = 0, **kwargs: Any) -> None:
        self._text, self._svg = trace.text(), trace.svg()
        super().__init__(_data=payload(trace), step=step, **kwargs)

    @traitlets.validate("step")
    def _valid_step(self, proposal: dict[str, Any]) -> int:
        last = len(self._data.get("steps", ()))
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"step is {proposal['value']}, but this trace has steps 0 to {last}"
            )
        return proposal["value"]

    def text(self) -> str:
        """Return the trace as a tree, with every value and gradient."""
        return self._text

    def svg(self) -> str:
        """Return the graph as a standalone picture, all gradients shown."""
        return self._svg

    def __repr__(self) -> str:
        inner = {i for v in self._data["views"] for n in v["nodes"] for i in n["members"]}
        return f"Player(nodes={len(inner)}, steps={len(self._data['steps'])})"


def payload(trace: Trace) -> dict[str, Any]:
    """Return all that the front end draws, as JSON-safe data."""
    graph, facts = trace.graph, trace.describe()
    return {
        "inputs": [n.id for n in graph.nodes if n.kind != "op"],
        "views": [_view(v, graph, facts) for v in grouping.views(graph, trace.order())],
        "steps": [
            {"say": say, "rule": _rule(graph.nodes[s.node], s.phase)} | _plain_step(s)
            for s, say in zip(trace.steps, trace.story(), strict=True)
        ],
        "notes": list(trace.notes),
    }


def _view(view: grouping.View, graph: Graph, facts: picture.Facts) -> dict[str, Any]:
    boxes, where = picture.arrange(view, graph, facts)
    nodes = []
    for k, (node, box, at) in enumerate(zip(view.graph.nodes, boxes, where.boxes, strict=True)):
        inside, opens = view.members[k], view.opens[k]
        more = _details(graph.nodes[inside[0]], facts) if opens is None else []
        known = {"members": list(inside), "opens": opens, "outside": k >= view.inner}
        nodes.append({"kind": node.kind, "box": list(at), "more": more} | known | asdict(box))
    edges = [
        {
            "source": e.source,
            "target": e.target,
            "links": list(links),
            "path": picture.curve(route),
            "from": list(route[0]),
            "to": list(route[-1]),
            "middle": list(picture.middle(route)),
            "shape": _shape(graph, links),
            "sent": _sent(facts, links),
        }
        for e, links, route in zip(view.graph.edges, view.links, where.routes, strict=True)
    ]
    size = list(where.size)
    return {
        "title": view.title, "parent": view.parent, "size": size, "nodes": nodes, "edges": edges
    }  # fmt: skip


def _shape(graph: Graph, links: tuple[int, ...]) -> str:
    """Return the shape on an edge, or how many edges are drawn as one."""
    if len(links) > 1:
        return f"{len(links)} edges"
    e = graph.edges[links[0]]
    return _edge_shape(graph.nodes[e.source], e.output)


def _sent(facts: picture.Facts, links: tuple[int, ...]) -> str:
    sent = [facts.sent[i] for i in links if i in facts.sent]
    if len(sent) > 1:
        return f"{len(sent)} gradients"
    return picture.clip(str(sent[0])) if sent else ""


def _plain_step(step: Step) -> dict[str, Any]:
    return {"phase": step.phase, "node": step.node, "edges": list(step.edges)}


def _rule(node: Node, phase: str) -> str:
    rule = rule_for(node.op)
    if rule is None:
        return ""
    if phase == "forward":
        return f"y = {pretty(rule.forward)}"
    sends = "     ".join(
        f"to {letter}: {pretty(send)}" for letter, send in zip("abc", rule.sends, strict=False)
    )
    return f"{sends}     ({rule.says})"


def _edge_shape(node: Node, output: int) -> str:
    shape = node.outputs[output][0] if output < len(node.outputs) else node.shape
    return shape_text(shape) if shape else ""


def _details(node: Node, facts: picture.Facts) -> list[list[str]]:
    """Return (label, text) rows for the panel of a selected node."""
    rows = [
        ["kind", {"op": "operation", "leaf": "leaf that requires grad"}.get(node.kind, node.kind)]
    ]
    if node.op:
        rows.append(["grad_fn" if node.kind == "op" else "node", node.op.split("::")[-1]])
    if node.name:
        rows.append(["variable", picture.clip(node.name, 80)])
    if node.note:
        rows.append(["cut by", node.note + (f", from {node.behind}" if node.behind else "")])
    if node.shape is not None and node.kind != "constant":
        rows.append(["shape, dtype", f"{shape_text(node.shape)}, {node.dtype}"])
    if node.source is not None:
        code = picture.clip(node.source.code, 80)
        rows.append(["line", f"{node.source}: {code}" if code else str(node.source)])
    for (i, output), v in sorted(facts.values.items()):
        if i == node.id:
            rows.append(["value" if output == 0 else f"output {output}", v.text(120)])
    for name, v in facts.saved.get(node.id, {}).items():
        rows.append([f"saved {name}", v.text(120)])
    for name, v in facts.settings.get(node.id, {}).items():
        rows.append([f"saved {name}", str(v)])
    if node.id in facts.before:
        rows.append([".grad before", facts.before[node.id].text(120)])
    return rows
