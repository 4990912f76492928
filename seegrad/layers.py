"""Ranks the nodes of a graph in rows, bends its long edges, and orders the rows.

The first two parts of the layered method; `layout` goes on from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seegrad.graph import Graph

SWEEPS = 8

LEAD = {"constant": -0.5, "leaf": -0.25, "cut": -0.25}
"""Among inputs, what is computed leads before leaves, and leaves before constants."""

Near = list[list[int]]
"""For each node or bend those beside it in the next row, above or below."""


@dataclass(slots=True)
class Layers:
    """The nodes in rows; numbers from len(nodes) on are bends of long edges.

    Attributes:
        boxes: number of nodes.
        lead: who lines up with whom: of its neighbours above, a box follows the greatest.
            It is the longest distance from the inputs; a bend has that of its source.
        of: row of each node and bend.
        rows: nodes and bends of each row, from left to right.
        chains: for each edge its source, its bends and its target.
        up: for each node and bend those that feed it, one row above.
        down: likewise those that it feeds, one row below.
    """

    boxes: int
    lead: list[float]
    of: list[int]
    rows: list[list[int]]
    chains: list[list[int]]
    up: Near
    down: Near


def layered(graph: Graph) -> Layers:
    """Return the rows of a graph without cycles, ordered so that few edges cross."""
    depth, rank = _ranks(graph)
    layers = _layers(graph, depth, rank)
    _order(layers)
    return layers


def mean(of: Sequence[float], ids: list[int], default: float) -> float:
    """Return the mean of some entries, or the default if there are none."""
    if not ids:
        return default
    if len(ids) == 1:
        return of[ids[0]]
    return sum([of[j] for j in ids]) / len(ids)


def _ranks(graph: Graph) -> tuple[list[int], list[int]]:
    """Return each node's longest distance from the inputs, and its row: inputs move down."""
    after: list[list[int]] = [[] for _ in graph.nodes]
    before = [0] * len(graph.nodes)
    for e in graph.edges:
        after[e.source].append(e.target)
        before[e.target] += 1
    waiting = before.copy()
    depth = [0] * len(graph.nodes)
    ready = [i for i, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        i = ready.pop()
        order.append(i)
        below = depth[i] + 1
        for j in after[i]:
            if depth[j] < below:
                depth[j] = below
            waiting[j] -= 1
            if waiting[j] == 0:
                ready.append(j)
    ranks = depth.copy()
    for i in reversed(order):
        # Moving down shortens what leaves and lengthens what enters: worth it for the majority.
        if after[i] and len(after[i]) >= before[i]:
            ranks[i] = min([ranks[j] for j in after[i]]) - 1
    return depth, ranks


def _layers(graph: Graph, depth: list[int], of: list[int]) -> Layers:
    """Put bends on edges longer than one row; those of one tensor run along one trunk."""
    boxes = len(of)
    lead = [d + LEAD.get(n.kind, 0.0) for d, n in zip(depth, graph.nodes, strict=True)]
    up: Near = [[] for _ in of]
    down: Near = [[] for _ in of]
    trunks: dict[tuple[int, int], list[int]] = {}
    chains = []
    for e in graph.edges:
        length = of[e.target] - of[e.source] - 1
        route = [e.source]
        if length:
            trunk = trunks.setdefault((e.source, e.output), [])
            while len(trunk) < length:
                bend, above = len(of), trunk[-1] if trunk else e.source
                of.append(of[above] + 1)
                lead.append(lead[above])
                up.append([above])
                down.append([])
                down[above].append(bend)
                trunk.append(bend)
            route += trunk[:length]
        up[e.target].append(route[-1])
        down[route[-1]].append(e.target)
        chains.append([*route, e.target])
    rows: list[list[int]] = [[] for _ in range(max(of, default=-1) + 1)]
    for i, rank in enumerate(of):
        rows[rank].append(i)
    return Layers(boxes, lead, of, rows, chains, up, down)


def _order(layers: Layers) -> None:
    """Sort the rows to cross few edges, down and up in turn, as long as something moves."""
    count = len(layers.rows)
    several = [len(row) > 1 for row in layers.rows]
    if True not in several:
        return
    position = [0] * len(layers.of)
    for row in layers.rows:
        for k, i in enumerate(row):
            position[i] = k
    near = (layers.up, layers.down)
    stale = (several.copy(), several.copy())
    for sweep in range(SWEEPS):
        way = sweep % 2
        for r in reversed(range(count)) if way else range(count):
            if stale[way][r]:
                stale[way][r] = False
                if _sort(layers.rows[r], near[way], position):
                    stale[1 - way][r] = True
                    if r + 1 < count:
                        stale[0][r + 1] = several[r + 1]
                    if r:
                        stale[1][r - 1] = several[r - 1]


def _sort(row: list[int], near: Near, position: list[int]) -> bool:
    """Sort a row by the mean position of each one's neighbours; tell whether it changed."""
    key = {i: mean(position, near[i], position[i]) for i in row}
    before = row.copy()
    row.sort(key=key.__getitem__)
    if row == before:
        return False
    for k, i in enumerate(row):
        position[i] = k
    return True
