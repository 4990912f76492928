"""Places the boxes of a graph in layers, inputs at the top and the output at the bottom.

The classic layered method (Sugiyama, Tagawa and Toda, 1981): give each node a rank,
put a bend on long edges at each rank, order the ranks to cross few edges, then choose
x so that edges run straight. Pure Python, so that the same geometry serves the SVG,
the widget and the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from seegrad.graph import Graph

GAP_X = 28.0
GAP_Y = 46.0
BEND = 10.0
SWEEPS = 8
LIGHT = 0.05
"""Weight of a constant against other boxes: it hangs beside its use and bends no chain."""

Point = tuple[float, float]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Geometry in pixels, y growing downwards.

    Attributes:
        boxes: centre x, centre y, width and height for each node.
        routes: for each edge the points from its source to its target.
        size: width and height of it all.
    """

    boxes: tuple[tuple[float, float, float, float], ...]
    routes: tuple[tuple[Point, ...], ...]
    size: Size


def layout(graph: Graph, sizes: Sequence[Size]) -> Layout:
    """Lay out a graph.

    Args:
        graph: must have no cycle, as every autograd graph.
        sizes: width and height of each node's box.

    Returns:
        The geometry; equal for equal input.
    """
    ranks = _ranks(graph)
    layers, chains = _layers(graph, ranks)
    up, down = _neighbours(len(layers.of), chains)
    for sweep in range(SWEEPS):
        _order(layers, up if sweep % 2 == 0 else down, downwards=sweep % 2 == 0)
    widths = [s[0] for s in sizes] + [BEND] * (len(layers.of) - len(sizes))
    weights = [LIGHT if n.kind == "constant" else 1.0 for n in graph.nodes]
    weights += [1.0] * (len(layers.of) - len(sizes))
    x = _columns(layers, up, down, widths, weights)
    y, height = _rows(layers, [s[1] for s in sizes])
    left = min((x[i] - widths[i] / 2 for i in range(len(x))), default=0.0)
    right = max((x[i] + widths[i] / 2 for i in range(len(x))), default=0.0)
    x = [round(v - left, 1) for v in x]
    boxes = tuple((x[i], y[i], *sizes[i]) for i in range(len(sizes)))
    routes = _routes(graph, chains, boxes, x, y)
    return Layout(boxes, routes, (round(right - left, 1), height))


@dataclass(slots=True)
class _Layers:
    """Rank and order of all nodes; numbers from len(nodes) on are bends of long edges."""

    rows: list[list[int]]
    of: list[int]


def _ranks(graph: Graph) -> list[int]:
    """Return the longest distance of each node from the inputs; inputs move down to their use."""
    after: list[list[int]] = [[] for _ in graph.nodes]
    waiting = [0] * len(graph.nodes)
    for e in graph.edges:
        after[e.source].append(e.target)
        waiting[e.target] += 1
    ranks = [0] * len(graph.nodes)
    ready = [i for i, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        i = ready.pop()
        order.append(i)
        for j in after[i]:
            ranks[j] = max(ranks[j], ranks[i] + 1)
            waiting[j] -= 1
            if waiting[j] == 0:
                ready.append(j)
    before = [0] * len(graph.nodes)
    for e in graph.edges:
        before[e.target] += 1
    for i in reversed(order):
        # Moving down shortens what leaves and lengthens what enters: worth it for the majority.
        if after[i] and len(after[i]) >= before[i]:
            ranks[i] = min(ranks[j] for j in after[i]) - 1
    return ranks


def _layers(graph: Graph, ranks: list[int]) -> tuple[_Layers, list[list[int]]]:
    """Return the ranks as rows, and each edge as a chain of nodes one rank apart."""
    of = list(ranks)
    chains = []
    for e in graph.edges:
        chain = [e.source]
        for rank in range(ranks[e.source] + 1, ranks[e.target]):
            chain.append(len(of))
            of.append(rank)
        chains.append([*chain, e.target])
    rows: list[list[int]] = [[] for _ in range(max(of, default=-1) + 1)]
    for i, rank in enumerate(of):
        rows[rank].append(i)
    return _Layers(rows, of), chains


def _neighbours(count: int, chains: list[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    for chain in chains:
        for a, b in pairwise(chain):
            up[b].append(a)
            down[a].append(b)
    return up, down


def _order(layers: _Layers, towards: list[list[int]], downwards: bool) -> None:
    """Sort each row by the mean position of its neighbours in the row before."""
    position = [0.0] * len(layers.of)
    for row in layers.rows:
        for k, i in enumerate(row):
            position[i] = k
    for row in layers.rows if downwards else reversed(layers.rows):
        key = {
            i: sum(position[j] for j in towards[i]) / len(towards[i]) if towards[i] else position[i]
            for i in row
        }
        row.sort(key=key.__getitem__)
        for k, i in enumerate(row):
            position[i] = k


def _columns(
    layers: _Layers,
    up: list[list[int]],
    down: list[list[int]],
    widths: list[float],
    weights: list[float],
) -> list[float]:
    """Choose x: sweep over the rows, each time as near to the neighbours' mean as room allows."""
    x = [0.0] * len(widths)
    for row in layers.rows:
        at = 0.0
        for i in row:
            x[i] = at + widths[i] / 2
            at += widths[i] + GAP_X
    for sweep in range(SWEEPS):
        for row in layers.rows if sweep % 2 else reversed(layers.rows):
            near = up if sweep % 2 else down
            both = sweep >= SWEEPS - 2
            wish = [_mean(x, up[i] + down[i] if both else near[i], weights, x[i]) for i in row]
            for i, v in zip(row, _spread(row, wish, widths, weights), strict=True):
                x[i] = v
    return x


def _mean(x: list[float], ids: list[int], weights: list[float], default: float) -> float:
    if not ids:
        return default
    return sum(x[j] * weights[j] for j in ids) / sum(weights[j] for j in ids)


def _spread(
    row: list[int], wish: list[float], widths: list[float], weights: list[float]
) -> list[float]:
    """Return the positions nearest to `wish` (least squares) that keep order and distance.

    Subtracting the least offsets turns the problem into isotonic regression, which
    pooling adjacent violators solves exactly.
    """
    offsets = [0.0]
    for a, b in pairwise(row):
        offsets.append(offsets[-1] + (widths[a] + widths[b]) / 2 + GAP_X)
    pools: list[tuple[float, float, int]] = []
    for i, w, offset in zip(row, wish, offsets, strict=True):
        mean, weight, count = w - offset, weights[i], 1
        while pools and pools[-1][0] >= mean:
            m, v, c = pools.pop()
            mean = (m * v + mean * weight) / (v + weight)
            weight, count = v + weight, count + c
        pools.append((mean, weight, count))
    flat = [mean for mean, _, count in pools for _ in range(count)]
    return [v + offset for v, offset in zip(flat, offsets, strict=True)]


def _rows(layers: _Layers, heights: list[float]) -> tuple[list[float], float]:
    y = [0.0] * len(layers.of)
    top = 0.0
    for row in layers.rows:
        tall = max((heights[i] for i in row if i < len(heights)), default=0.0)
        for i in row:
            y[i] = round(top + tall / 2, 1)
        top += tall + GAP_Y
    return y, round(max(top - GAP_Y, 0.0), 1)


def _routes(
    graph: Graph,
    chains: list[list[int]],
    boxes: tuple[tuple[float, float, float, float], ...],
    x: list[float],
    y: list[float],
) -> tuple[tuple[Point, ...], ...]:
    """Start and end each edge at a point of its own on the boxes, so that twins stay apart."""
    out: list[list[int]] = [[] for _ in boxes]
    into: list[list[int]] = [[] for _ in boxes]
    for index, e in enumerate(graph.edges):
        out[e.source].append(index)
        into[e.target].append(index)
    start, end = {}, {}
    for i, (cx, cy, w, h) in enumerate(boxes):
        leaving = sorted(out[i], key=lambda k: (x[chains[k][1]], graph.edges[k].slot))
        entering = sorted(into[i], key=lambda k: (x[chains[k][-2]], graph.edges[k].slot))
        start.update(_ports(leaving, cx, cy + h / 2, w))
        end.update(_ports(entering, cx, cy - h / 2, w))
    return tuple(
        (start[k], *((x[i], y[i]) for i in chain[1:-1]), end[k]) for k, chain in enumerate(chains)
    )


def _ports(edges: list[int], cx: float, y: float, width: float) -> dict[int, Point]:
    step = min(width / (len(edges) + 1), 40.0)
    first = cx - step * (len(edges) - 1) / 2
    return {k: (round(first + step * n, 1), round(y, 1)) for n, k in enumerate(edges)}
