"""Draws a graph with its values and gradients: as a tree of text, and as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from math import ceil
from unicodedata import east_asian_width as wide

from seegrad.collecting import paused
from seegrad.graph import KINDS, Edge, Graph, Node
from seegrad.grouping import LIMIT, View, views
from seegrad.language import say, say_count
from seegrad.layout import Layout, Point, layout
from seegrad.rules import symbol_for
from seegrad.values import Value, shape_text

MAX_LINES = 60
MAX_INDENT = 12
MAX_CHARS = 30

GAP = "   "
TITLE = "Computation graph"
CUT = "cut by {by}"
CUT_FROM = "cut by {by} from {behind}"

CHAR = 7.3
LINE = 18
PAD = 12
MARGIN = 14


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the graph's structure, all as plain data.

    Attributes:
        values: content of (node id, output).
        grads: gradient that arrived at (node id, output).
        sent: gradient sent along the edge with that index.
        saved: tensors saved for backward, by node id and name.
        settings: plain numbers saved for backward, such as an exponent, likewise.
        before: what `.grad` of a leaf held before.
        after: what it holds after a `backward()`, where it held something before.
        versions: version counter of (node id, output), where it was changed in place.
        backward: False if none was run, then nothing is said of gradients.
    """

    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    grads: dict[tuple[int, int], Value] = field(default_factory=dict)
    sent: dict[int, Value] = field(default_factory=dict)
    saved: dict[int, dict[str, Value]] = field(default_factory=dict)
    settings: dict[int, dict[str, object]] = field(default_factory=dict)
    before: dict[int, Value] = field(default_factory=dict)
    after: dict[int, Value] = field(default_factory=dict)
    versions: dict[tuple[int, int], int] = field(default_factory=dict)
    backward: bool = True


# ---------------------------------------------------------------- text


def tree(graph: Graph, facts: Facts, notes: Iterable[str] = ()) -> str:
    """Return the graph as a tree from the output (node 0) down to the inputs.

    A node that is used twice is written out once. At most `MAX_LINES` lines.
    """
    into = incoming(graph)
    lines: list[str] = []
    met: set[int] = set()
    stack: list[tuple[int, str, str]] = [(0, "", "")]
    while stack and len(lines) < MAX_LINES:
        i, first, rest = stack.pop()
        again = i in met and graph.nodes[i].kind != "constant"
        lines.append(first + _line(graph.nodes[i], facts, again))
        if i in met:
            continue
        met.add(i)
        below = [e.source for e in into.get(i, ())]
        if len(rest) >= MAX_INDENT * 3:
            rest = rest[:-3]
        branches = [("├─ ", "│  ")] * (len(below) - 1) + [("└─ ", "   ")]
        entries = zip(below, branches, strict=False)
        stack.extend(reversed([(j, rest + a, rest + b) for j, (a, b) in entries]))
    hidden = len(graph.nodes) - len(met)
    if stack and hidden:
        lines.append(say_count("… and {count} more node", "… and {count} more nodes", count=hidden))
    return "\n".join([*lines, *(say("note: {text}", text=n) for n in notes)])


def incoming(graph: Graph) -> dict[int, list[Edge]]:
    """Return the edges into each node, ordered by slot."""
    into: dict[int, list[Edge]] = {}
    for e in graph.edges:
        into.setdefault(e.target, []).append(e)
    for edges in into.values():
        if len(edges) > 1:
            edges.sort(key=lambda e: e.slot)
    return into


def _line(node: Node, facts: Facts, again: bool) -> str:
    value = facts.values.get((node.id, 0))
    if node.kind == "constant":
        text = say("constant of unknown value")
        if value is not None:
            text = say("{value} (constant)", value=value)
        return f"{node.name} = {text}" if node.name else text
    title = _title(node)
    if again:
        return say("{title}, shown above", title=title)
    text = title if value is None else title + GAP + say("value {value}", value=value)
    if node.kind == "cut":
        return text + GAP + say("no gradient passes")
    if not facts.backward:
        return text
    grads = [facts.grads.get((node.id, k)) for k in range(max(len(node.outputs), 1))]
    if all(g is None for g in grads):
        return text + GAP + say("no gradient")
    known = say(", ").join(say("none") if g is None else str(g) for g in grads)
    return text + GAP + say("gradient {value}", value=known)


def _title(node: Node) -> str:
    if node.kind == "leaf":
        return say("{name} (leaf)", name=clip(node.name)) if node.name else say(KINDS["leaf"])
    if node.kind == "cut":
        form = CUT_FROM if node.behind else CUT
        words = say(form, by=node.note, behind=clip(node.behind))
        return f"{clip(node.name)} = {words}" if node.name else words
    return f"{clip(node.name)} = {node.op}" if node.name else str(node.op)


def clip(text: str | None, limit: int = MAX_CHARS) -> str:
    """Shorten a text to `limit` characters."""
    text = text or ""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def brief(value: Value | None, before: str = "", limit: int = MAX_CHARS) -> str:
    """Return a value after some words, with fewer elements so that both fit."""
    text = "None" if value is None else value.text(limit - len(before))
    return clip(before + text)


# ---------------------------------------------------------------- boxes


@dataclass(frozen=True, slots=True)
class Box:
    """The words in one box, all at most `MAX_CHARS` characters.

    Attributes:
        title: variable name and symbol.
        sub: the `grad_fn`, or what kind of node it is.
        value: what the node holds.
        wait: for a leaf, its `.grad` before any gradient has arrived.
        grad: the gradient that arrives.
        total: for a leaf whose `.grad` held something, what it holds then.
    """

    title: str
    sub: str = ""
    value: str = ""
    wait: str = ""
    grad: str = ""
    total: str = ""


def boxes(view: View, graph: Graph, facts: Facts) -> list[Box]:
    """Return the words of every box of a view, gradients included."""
    leaf, arrives = say(KINDS["leaf"]), say("gradient {value}", value="")  # once for thousands
    return [
        _group_box(box, inside, graph)
        if box.kind == "group"
        else _box(graph.nodes[inside[0]], facts, leaf, arrives)
        for box, inside in zip(view.graph.nodes, view.members, strict=True)
    ]


def _group_box(box: Node, inside: tuple[int, ...], graph: Graph) -> Box:
    ops = sum(graph.nodes[i].kind == "op" for i in inside)
    return Box(clip(box.name), say_count("{count} operation", "{count} operations", count=ops))


def _box(node: Node, facts: Facts, leaf: str, arrives: str) -> Box:
    value = facts.values.get((node.id, 0))
    grad = facts.grads.get((node.id, 0))
    text = "" if value is None else brief(value)
    if node.kind == "constant":
        named = Box(clip(node.name), value=text)
        return named if node.name else Box(text or say(KINDS["constant"]))
    title = clip(node.name) if node.name else ""
    if node.kind == "leaf":
        before = facts.before.get(node.id)
        if not facts.backward:
            return Box(title or leaf, leaf, text)
        added = "" if grad is None else brief(grad, ".grad " if before is None else ".grad + ")
        after = facts.after.get(node.id)
        total = "" if after is None else brief(after, "= ")
        return Box(title or leaf, leaf, text, brief(before, ".grad "), added, total)
    if node.kind == "cut":
        return Box(title or node.note, clip(say(CUT, by=node.note)), text)
    arrived = "" if grad is None else brief(grad, arrives)
    return _op_box(title, node.op, text, arrived)


@lru_cache(maxsize=1024)
def _op_box(title: str, op: str | None, value: str, grad: str) -> Box:
    symbol = symbol_for(op)
    return Box(clip(f"{title} = {symbol}" if title else symbol), clip(op), value, grad=grad)


def letters_wide(text: str) -> int:
    """Return how wide a text is, in Latin letters: a Chinese character counts two."""
    return len(text) if text.isascii() else sum(2 if wide(c) in "WF" else 1 for c in text)


def box_size(box: Box) -> tuple[int, int]:
    """Return the width and height in pixels that a box needs for its words."""
    rows = [r for r in (box.title, box.sub, box.value, box.grad or box.wait, box.total) if r]
    wide = max(*map(letters_wide, rows), letters_wide(box.wait))
    half = max(ceil(wide * CHAR / 2 + PAD), 22)  # whole pixels also from the middle
    return 2 * half, len(rows) * LINE + 2 * PAD - 4


def arrange(view: View, graph: Graph, facts: Facts) -> tuple[list[Box], Layout]:
    """Return the boxes of a view and where they stand."""
    made = boxes(view, graph, facts)
    sizes: dict[int, tuple[int, int]] = {}  # many boxes of a big graph are one object
    for box in made:
        if id(box) not in sizes:
            sizes[id(box)] = box_size(box)
    return made, layout(view.graph, [sizes[id(box)] for box in made])


# ---------------------------------------------------------------- SVG

STYLE = """
.sg-still text{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.sg-still text{fill:#1f2430;text-anchor:middle}.sg-still .shape{text-anchor:start}
.sg-still .title{font-weight:700}.sg-still .sub,.sg-still .shape{fill:#596073;font-size:11px}
.sg-still .grad{fill:#a3341c}.sg-still rect{fill:#fff;stroke:#596073;stroke-width:1.3}
.sg-still .leaf rect{fill:#e8f1fb;stroke:#1f5fa8}.sg-still .constant rect{stroke-dasharray:3 3}
.sg-still .group rect{fill:#f1f3f7;stroke-width:2.4}
.sg-still .cut rect{fill:#fbeee8;stroke:#a3341c;stroke-dasharray:7 3}
.sg-still path{fill:none;stroke:#596073;stroke-width:1.4}.sg-still .page{fill:#fff;stroke:none}
"""


@paused()
def svg(graph: Graph, facts: Facts, order: Sequence[int] = (), limit: int = LIMIT) -> str:
    """Return a standalone picture, all gradients shown; the words also as its description.

    Args:
        graph: what to draw.
        facts: values and gradients; without them it shows structure and shapes.
        order: ids of the operations in the order in which they ran.
        limit: of a graph with more nodes the outermost view is drawn.
    """
    if not order and len(graph.nodes) > limit:
        order = _topological(graph)
    view = views(graph, order, limit)[0]
    made, where = arrange(view, graph, facts)
    width, height = where.size[0] + 2 * MARGIN, where.size[1] + 2 * MARGIN
    parts = [_path(e, r, view.graph) for e, r in zip(view.graph.edges, where.routes, strict=True)]
    boxed = zip(view.graph.nodes, made, where.boxes, strict=True)
    drawn: dict[int, str] = {}
    for node, box, (x, y, w, h) in boxed:
        if id(box) not in drawn:
            drawn[id(box)] = _inside(node.kind, box, w, h)
        parts.append(f'<g class="{node.kind}" transform="translate({x} {y})">{drawn[id(box)]}</g>')
    described = escape(tree(graph, facts))
    return _page(width, height, f"<desc>{described}</desc>" + "".join(parts))


def _topological(graph: Graph) -> list[int]:
    """Return the operations in an order in which they could have run."""
    into = incoming(graph)
    order: list[int] = []
    done: set[int] = set()
    stack = [(n.id, False) for n in graph.nodes]
    while stack:
        i, ready = stack.pop()
        if i in done:
            continue
        if ready:
            done.add(i)
            if graph.nodes[i].kind == "op":
                order.append(i)
            continue
        stack.append((i, True))
        stack.extend((e.source, False) for e in into.get(i, ()) if e.source not in done)
    return order


def _page(width: float, height: float, inside: str) -> str:
    size = f'width="{width:g}" height="{height:g}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="sg-still" role="img" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {width:g} {height:g}" {size} '
        'style="max-width:100%;height:auto">'
        f"<title>{say(TITLE)}</title><style>{STYLE}</style>"
        f'<rect class="page" x="{-MARGIN:g}" y="{-MARGIN:g}" {size}/>{inside}</svg>'
    )


HEAD = "m-4-7l4 6 4-6"
"""Path data of an arrow head that ends where the path is."""


def _path(edge: Edge, route: Sequence[Point], graph: Graph) -> str:
    node = graph.nodes[edge.source]
    shape = node.outputs[edge.output][0] if edge.output < len(node.outputs) else node.shape
    path = f'<path d="{curve(route)}{HEAD}"/>'
    if not shape:
        return path
    x, y = middle(route)
    return f'{path}<text class="shape" x="{x + 5}" y="{y + 4}">{shape_text(shape)}</text>'


def middle(route: Sequence[Point]) -> Point:
    """Return the point of a route where its label stands: in the gap before its target."""
    (x1, y1), (x2, y2) = route[-3:-1] if len(route) > 3 else (route[0], route[-1])
    return (x1 + x2) // 2, (y1 + y2) // 2


def curve(route: Sequence[Point]) -> str:
    """Return SVG path data through the points, vertical at each."""
    x, y = route[0]
    out = f"M{x} {y}"
    for u, v in route[1:]:
        if x != u:
            turn = (y + v) // 2
            out += f"C{x} {turn} {u} {turn} {u} {v}"
        elif y != v:
            out += f"V{v}"
        x, y = u, v
    return out


def _inside(kind: str, box: Box, w: float, h: float) -> str:
    """Return a box around the origin."""
    rows = [
        ("title", box.title),
        ("sub", box.sub),
        ("value", box.value),
        ("grad", box.grad or box.wait),
        ("grad", box.total),
    ]
    text, line = "", PAD + 9 - h // 2
    for name, words in rows:
        if words:
            text += f'<text class="{name}" y="{line}">{escape(words)}</text>'
            line += LINE
    corner = 14 if kind == "leaf" else 4
    return f'<rect x="{-w // 2}" y="{-h // 2}" width="{w}" height="{h}" rx="{corner}"/>{text}'
