"""What the player's front end draws, as JSON-safe data: views, steps, rules."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from seegrad import grouping, picture
from seegrad.formula import formula
from seegrad.graph import KINDS, Graph, Node, Step
from seegrad.language import say
from seegrad.rules import rule_for, symbol_for
from seegrad.values import shape_text
from seegrad.widgets.details import rows

if TYPE_CHECKING:
    from seegrad.tracing import Trace

LONGEST = 600
"""So many characters of a sentence are shown."""

ON_EDGE = 22
"""So many characters of a gradient stand beside an edge."""

EDGES = "{count} edges"
GRADIENTS = "{count} gradients"
LEAF_SAYS = "A leaf adds what arrives to its .grad; None counts as nothing yet."

LEAF = "leaf"
LEAF_GRAD = ["mtext", ".grad"]
LEAF_RULE = ["math", LEAF_GRAD, ["mo", "←"], LEAF_GRAD, ["mo", "+"], ["mi", "g"]]

RIGHT_TO_LEFT = {"R", "AL", "RLE", "RLO", "RLI"}
ISOLATED = "\u2068{}\u2069"


def payload(trace: Trace) -> dict[str, Any]:
    """Return all that the front end draws, as JSON-safe data."""
    graph, facts = trace.graph, trace.describe()
    ruled = [n for n in graph.nodes if n.kind == "op" and rule_for(n.op)]
    said = zip(trace.steps, trace.story(), strict=True)
    return {
        "inputs": [n.id for n in graph.nodes if n.kind != "op"],
        "views": [_view(v, graph, facts) for v in grouping.views(graph, trace.order())],
        "steps": [_step(s, graph.nodes[s.node], sentence) for s, sentence in said],
        "rules": {n.op: _rule(n.op) for n in ruled} | {LEAF: _leaf_rule()},
        "operands": _operands(ruled, graph, facts),
        "notes": list(trace.notes),
    }


def _view(view: grouping.View, graph: Graph, facts: picture.Facts) -> dict[str, Any]:
    boxes, where = picture.arrange(view, graph, facts)
    nodes = []
    for k, (node, box, at) in enumerate(zip(view.graph.nodes, boxes, where.boxes, strict=True)):
        inside, opens = view.members[k], view.opens[k]
        whole = graph.nodes[inside[0]]
        known = {"members": list(inside), "opens": opens, "outside": k >= view.inner}
        known["more"] = rows(whole, facts) if opens is None else []
        nodes.append({"kind": node.kind, "box": list(at)} | known | asdict(box))
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
        return say(EDGES, count=len(links))
    e = graph.edges[links[0]]
    return _edge_shape(graph.nodes[e.source], e.output)


def _edge_shape(node: Node, output: int) -> str:
    shape = node.outputs[output][0] if output < len(node.outputs) else node.shape
    return shape_text(shape) if shape else ""


def _sent(facts: picture.Facts, links: tuple[int, ...]) -> str:
    sent = [facts.sent[i] for i in links if i in facts.sent]
    if len(sent) > 1:
        return say(GRADIENTS, count=len(sent))
    return picture.brief(sent[0], limit=ON_EDGE) if sent else ""


# ---------------------------------------------------------------- steps and rules


def _step(step: Step, node: Node, sentence: str) -> dict[str, Any]:
    rule = LEAF if node.kind == "leaf" else node.op if rule_for(node.op) else ""
    said = {"say": _say(node, sentence), "rule": rule}
    return {"phase": step.phase, "node": step.node, "edges": list(step.edges)} | said


def _say(node: Node, sentence: str) -> str:
    """Return the sentence of a step; a name written from right to left turns nothing around it."""
    for name in filter(None, {node.name, node.op}):
        if any(unicodedata.bidirectional(c) in RIGHT_TO_LEFT for c in name):
            sentence = sentence.replace(name, ISOLATED.format(name))
    return picture.clip(sentence, LONGEST)


def _rule(op: str) -> dict[str, Any]:
    rule = rule_for(op)
    return {
        "forward": formula(rule.forward, "y"),
        "sends": [formula(send) for send in rule.sends],
        "says": say(rule.says),
    }


def _leaf_rule() -> dict[str, Any]:
    return {"forward": None, "sends": [], "adds": LEAF_RULE, "says": say(LEAF_SAYS)}


def _operands(ruled: list[Node], graph: Graph, facts: picture.Facts) -> dict[str, list]:
    """Return, for each node with a rule, name and edge of what its letters a, b, c stand for."""
    into = picture.incoming(graph)
    index = {e: k for k, e in enumerate(graph.edges)}
    found: dict[str, list] = {}
    for node in ruled:
        edges = into.get(node.id, [])
        if len(edges) == len(rule_for(node.op).sends):
            named = [_operand(graph.nodes[e.source], facts) for e in edges]
            found[str(node.id)] = list(map(list, zip(named, map(index.get, edges), strict=True)))
    return found


def _operand(node: Node, facts: picture.Facts) -> str:
    value = facts.values.get((node.id, 0))
    if node.name or value is None or node.kind == "op":
        return picture.clip(node.name or symbol_for(node.op) or say(KINDS[node.kind]))
    return picture.brief(value)
