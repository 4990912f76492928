"""Folds a big graph into views of a bounded number of boxes: modules, turns of loops, stretches.

What is folded into one box ran without a break, so that the boxes of a view have no
cycle. What a module or a turn of a loop holds opens as a view of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import ceil, isqrt

from seegrad.graph import Edge, Graph, Node
from seegrad.language import say

LIMIT = 300
"""A graph with more nodes than this is folded, and a view has about as many boxes at most."""

FEW, MANY = 8, 60
"""While the outermost view has fewer boxes, parts open in it, as long as it stays below many."""

LOOP = re.compile(r"loop in line (\d+), turn (\d+)")
MODULE = re.compile(r"(\S+) (\S+)")

IN_LOOP = "loop in line {line}, turn {turn}"
IN_LOOPS = "loops in lines {line} and {more}, turn {turn}"
STEPS = "steps {first} to {last} of {count}"
TURNS = "loop in line {line}, turns {first} to {last}"
MODULES = "{first} to {last} {kind}"
TURN = "turn {turn}"
TITLES = (IN_LOOP, IN_LOOPS, STEPS, TURNS, MODULES, TURN)
"""What titles are made of; a view tells them in the reader's language."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture of a part of a graph.

    Attributes:
        title: what the view shows; for the outermost the modules that hold nearly
            everything, so that they are no boxes, or empty.
        parent: index of the view around it, None for the outermost.
        graph: the boxes and their edges; a folded part is a node of kind `group`.
        members: for each box the ids of the nodes of the whole graph that it stands for.
        links: for each edge the indices of the edges of the whole graph, likewise.
        opens: for each box the index of the view that it opens, None for plain nodes.
        inner: so many boxes belong to the part; the others are neighbours outside of it.
    """

    title: str
    parent: int | None
    graph: Graph
    members: tuple[tuple[int, ...], ...]
    links: tuple[tuple[int, ...], ...]
    opens: tuple[int | None, ...]
    inner: int


def views(graph: Graph, order: Sequence[int], limit: int = LIMIT) -> tuple[View, ...]:
    """Return the views of a graph, the outermost first.

    Args:
        graph: the whole graph.
        order: ids of its operations in the order in which they ran.
        limit: up to so many nodes there is one view, with every node.
    """
    if len(graph.nodes) <= limit:
        every = range(len(graph.nodes))
        members, links = tuple((i,) for i in every), tuple((i,) for i in range(len(graph.edges)))
        return (View("", None, graph, members, links, (None,) * len(members), len(members)),)
    root = _Part("", _fold(graph, list(order), 0, limit))
    _open(root)
    _attach(graph, root)
    return _Viewer(graph, root).run()


@dataclass(slots=True, eq=False)
class _Part:
    """A folded stretch: ids of nodes, and parts inside it."""

    title: str
    items: list[int | _Part]
    inputs: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many operations it holds."""
        count, stack = 0, [self]
        while stack:
            for item in stack.pop().items:
                if isinstance(item, _Part):
                    stack.append(item)
                else:
                    count += 1
        return count


def _open(root: _Part) -> None:
    """Open the biggest parts in place until there is something to see.

    A model often sits in one module, which would be one box.
    """
    whole = root.size
    opened: list[str] = []
    while len(root.items) < FEW:
        parts = [p for p in root.items if isinstance(p, _Part)]
        fitting = [p for p in parts if len(root.items) - 1 + len(p.items) <= MANY]
        if not fitting:
            break
        part = max(fitting, key=lambda p: p.size)
        if 2 * part.size > whole:
            opened.append(part.title)
        at = root.items.index(part)
        root.items[at : at + 1] = _named_by(part)
    root.title = " › ".join(opened)


def _named_by(part: _Part) -> list[int | _Part]:
    """Return what a part holds; the turn of a loop is kept in the names, a module's is in them."""
    turn = _short(part.title)
    if turn != part.title:
        for inner in part.items:
            if isinstance(inner, _Part):
                inner.title = f"{turn} › {inner.title}"
    return part.items


def _short(title: str) -> str:
    """Return `turn 3` for `loop in line 12, turn 3`, other titles as they are."""
    return LOOP.sub(lambda found: TURN.format(turn=found[2]), title)


def _fold(graph: Graph, ids: list[int], depth: int, limit: int) -> list[int | _Part]:
    """Fold neighbours that ran in the same module call or turn, then long rows into stretches."""

    def title(i: int) -> str:
        group = graph.nodes[i].group
        return group[depth] if depth < len(group) else ""

    items: list[int | _Part] = []
    for name, run in groupby(ids, key=title):
        inside = list(run)
        if not name or len(inside) == 1:
            items.extend(inside)
            continue
        deeper = _fold(graph, inside, depth + 1, limit)
        while len(deeper) == 1 and isinstance(deeper[0], _Part):
            name, deeper = f"{_short(name)} › {deeper[0].title}", deeper[0].items
        items.append(_Part(name, deeper))
    most = limit // 3  # leaves and constants come on top
    if len(items) <= most:
        return items
    size = max(ceil(len(items) / most), isqrt(len(items)))
    return [
        _Part(_stretch(items[k : k + size], k, len(items)), items[k : k + size])
        for k in range(0, len(items), size)
    ]


def _stretch(items: list[int | _Part], start: int, count: int) -> str:
    """Name a part of a long row: by its modules or turns if it holds nothing else."""
    titles = [item.title if isinstance(item, _Part) else "" for item in items]
    turns = [LOOP.match(t) for t in titles]
    if all(turns) and len({t[1] for t in turns}) == 1:
        return TURNS.format(line=turns[0][1], first=turns[0][2], last=turns[-1][2])
    modules = [MODULE.fullmatch(t) for t in titles]
    if all(modules) and len({m[2] for m in modules}) == 1:
        return MODULES.format(first=modules[0][1], last=modules[-1][1], kind=modules[0][2])
    return STEPS.format(first=start + 1, last=start + len(items), count=count)


def _attach(graph: Graph, root: _Part) -> None:
    """Put each leaf, constant and cut into the innermost part that holds all its uses."""
    home: dict[int, tuple[_Part, ...]] = {}
    stack: list[tuple[_Part, tuple[_Part, ...]]] = [(root, (root,))]
    while stack:
        part, chain = stack.pop()
        for item in part.items:
            if isinstance(item, _Part):
                stack.append((item, (*chain, item)))
            else:
                home[item] = chain
    common: dict[int, tuple[_Part, ...]] = {}
    for e in graph.edges:
        if e.source not in home:
            chain = home.get(e.target, (root,))
            before = common.get(e.source, chain)
            same = [a for a, b in zip(before, chain, strict=False) if a is b]
            common[e.source] = tuple(same)
    for i, chain in sorted(common.items()):
        chain[-1].inputs.append(i)
    for node in graph.nodes:
        if node.id not in home and node.id not in common:
            root.inputs.append(node.id)


class _Viewer:
    """Makes the views, outermost first."""

    def __init__(self, graph: Graph, root: _Part) -> None:
        self.graph = graph
        self.edges_of: list[list[int]] = [[] for _ in graph.nodes]
        for index, e in enumerate(graph.edges):
            self.edges_of[e.source].append(index)
            self.edges_of[e.target].append(index)
        self.queue: list[tuple[_Part, int | None]] = [(root, None)]

    def run(self) -> tuple[View, ...]:
        made: list[View] = []
        while len(made) < len(self.queue):
            part, parent = self.queue[len(made)]
            made.append(self._view(part, parent, len(made)))
        return tuple(made)

    def _view(self, part: _Part, parent: int | None, me: int) -> View:
        boxes: list[Node] = []
        members: list[tuple[int, ...]] = []
        opens: list[int | None] = []
        for item in (*part.items, *part.inputs):
            if isinstance(item, _Part):
                inside = tuple(_members(item))
                boxes.append(Node(len(boxes), "group", name=told(item.title)))
                members.append(inside)
                opens.append(len(self.queue))
                self.queue.append((item, me))
            else:
                boxes.append(replace(self.graph.nodes[item], id=len(boxes)))
                members.append((item,))
                opens.append(None)
        at = {i: k for k, inside in enumerate(members) for i in inside}
        inner = len(boxes)
        links: dict[tuple[int, int], list[int]] = {}
        for index in sorted({e for i in at for e in self.edges_of[i]}):
            e = self.graph.edges[index]
            for end in (e.source, e.target):
                if end not in at:  # a neighbour outside is shown as a plain box
                    at[end] = len(boxes)
                    boxes.append(replace(self.graph.nodes[end], id=len(boxes)))
                    members.append((end,))
                    opens.append(None)
            a, b = at[e.source], at[e.target]
            if a != b and (a < inner or b < inner):
                links.setdefault((a, b), []).append(index)
        slots: dict[int, int] = {}
        edges = []
        for a, b in links:
            edges.append(Edge(a, b, slots.setdefault(b, 0)))
            slots[b] += 1
        return View(
            told(part.title),
            parent,
            Graph(tuple(boxes), tuple(edges)),
            tuple(members),
            tuple(tuple(found) for found in links.values()),
            tuple(opens),
            inner,
        )


def told(title: str) -> str:
    """Return a title in the language in force: `turn 3 › 0 to 5 Linear`, part by part."""
    return " › ".join(map(_told, title.split(" › ")))


def _told(title: str) -> str:
    for form in TITLES:
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", form), title)
        if found:
            return say(form, **found.groupdict())
    return title


def _members(part: _Part) -> list[int]:
    found: list[int] = []
    stack: list[int | _Part] = [part]
    while stack:
        item = stack.pop()
        if isinstance(item, _Part):
            stack.extend((*item.items, *item.inputs))
        else:
            found.append(item)
    return sorted(found)
