"""Places the boxes of a graph in layers, inputs at the top and the output at the bottom.

The classic layered method (Sugiyama, Tagawa and Toda, 1981): give each node a rank,
put a bend on long edges at each rank, order the ranks to cross few edges, then choose
x so that edges run straight. Edges turn in the gaps between the ranks alone, so that
none runs through a box. Pure Python, so that the same geometry serves the SVG, the
widget and the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from seegrad.graph import Graph
from seegrad.layers import Layers, Near, layered, mean

GAP_X = 28
GAP_Y = 46
BEND = 10
FINE = 600
"""With more nodes and bends than this the columns are not balanced once more."""

FIRM, BENT, SIDE = 1.0, 1e-4, 1e-8
"""Weights of boxes on the longest way to an output, of bends, and of boxes beside the way."""

Point = tuple[int, int]
Size = tuple[int, int]
Rect = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Geometry in whole pixels, y growing downwards.

    Attributes:
        boxes: centre x, centre y, width and height for each node.
        routes: for each edge the points from its source to its target: where it leaves
            the box and the row, enters and leaves each row between, enters the row and
            the box. It turns between the rows only.
        size: width and height of it all.
    """

    boxes: tuple[Rect, ...]
    routes: tuple[tuple[Point, ...], ...]
    size: Size


def layout(graph: Graph, sizes: Sequence[Size]) -> Layout:
    """Lay out a graph.

    Args:
        graph: must have no cycle, as every autograd graph.
        sizes: width and height of each node's box, even numbers so that middles are whole.

    Returns:
        The geometry; equal for equal input.
    """
    layers = layered(graph)
    bends = len(layers.of) - len(sizes)
    widths = [s[0] for s in sizes] + [BEND] * bends
    x = _columns(layers, widths)
    left = min((v - w / 2 for v, w in zip(x, widths, strict=True)), default=0)
    at = [round(v - left) for v in x]
    right = max((v + w // 2 for v, w in zip(at, widths, strict=True)), default=0)
    bands = _bands(layers, [s[1] for s in sizes])
    middles = [(top + bottom) // 2 for top, bottom in bands]
    boxes = tuple((at[i], middles[layers.of[i]], *size) for i, size in enumerate(sizes))
    routes = _routes(graph, layers, boxes, at, bands)
    return Layout(boxes, routes, (right, bands[-1][1] if bands else 0))


# ---------------------------------------------------------------- columns


def _columns(layers: Layers, widths: list[int]) -> list[float]:
    """Choose x: sweep over the rows, each time as near to the neighbours' mean as room allows."""
    x = [0.0] * len(widths)
    every = [(row, _offsets(row, widths)) for row in layers.rows]
    for row, offsets in every:
        for i, at in zip(row, offsets, strict=True):
            x[i] = at
    up, down, weights = _leaders(layers)
    both = [a + b for a, b in zip(up, down, strict=True)]
    sweeps = (down, up, both, both) if len(x) <= FINE else (down, up)
    for sweep, near in enumerate(sweeps):
        for row, offsets in every if sweep % 2 else reversed(every):
            if len(row) == 1:
                i = row[0]
                ids = near[i]
                x[i] = x[ids[0]] if len(ids) == 1 else mean(x, ids, x[i])
                continue
            wish = [mean(x, near[i], x[i]) for i in row]
            if len(row) == 2:
                i, j = row
                x[i], x[j] = _apart(*wish, offsets[1] - offsets[0], weights[i], weights[j])
                continue
            placed = _spread(wish, offsets, [weights[i] for i in row])
            for i, v in zip(row, placed, strict=True):
                x[i] = v
    return x


def _offsets(row: list[int], widths: list[int]) -> list[float]:
    """Return the positions of a row that is packed from the left."""
    offsets = [widths[row[0]] / 2]
    if len(row) == 1:
        return offsets
    for a, b in pairwise(row):
        offsets.append(offsets[-1] + (widths[a] + widths[b]) / 2 + GAP_X)
    return offsets


def _leaders(layers: Layers) -> tuple[Near, Near, list[float]]:
    """Return with which neighbours above and below each one lines up, and how firmly it stands.

    The deepest input leads, so that the longest way to the output is a straight line which
    no parameter and no skip connection pushes aside. It stands firm, bends make room for
    it, and what is beside it makes room for both.
    """
    lead = layers.lead
    up = [ids if len(ids) < 2 else _best(ids, [lead[j] for j in ids]) for ids in layers.up]
    weights = [SIDE] * layers.boxes + [BENT] * (len(lead) - layers.boxes)
    for row in reversed(layers.rows):
        for i in row:
            if i < layers.boxes and (not layers.down[i] or weights[i] == FIRM):
                weights[i] = FIRM
                for j in up[i]:
                    if j < layers.boxes:
                        weights[j] = FIRM
    down = [
        ids
        if len(ids) < 2
        else _best(ids, [weights[j] if i < layers.boxes else j >= layers.boxes for j in ids])
        for i, ids in enumerate(layers.down)
    ]
    return up, down, weights


def _best(ids: list[int], grades: list[float]) -> list[int]:
    best = max(grades)
    return [i for i, grade in zip(ids, grades, strict=True) if grade == best]


def _apart(a: float, b: float, gap: float, heavy: float, light: float) -> tuple[float, float]:
    """Return what `_spread` does for two, as most rows of a chain with constants have two."""
    if b - a >= gap:
        return a, b
    a = (a * heavy + (b - gap) * light) / (heavy + light)
    return a, a + gap


def _spread(wish: list[float], offsets: list[float], weights: list[float]) -> list[float]:
    """Return the positions nearest to `wish` (least squares) that keep order and distance.

    Subtracting the least offsets turns the problem into isotonic regression, which
    pooling adjacent violators solves exactly.
    """
    flat = [w - offset for w, offset in zip(wish, offsets, strict=True)]
    if flat == sorted(flat):
        return wish
    pools: list[tuple[float, float, int]] = []
    for at, weight in zip(flat, weights, strict=True):
        count = 1
        while pools and pools[-1][0] >= at:
            before, heavy, more = pools.pop()
            at = (before * heavy + at * weight) / (heavy + weight)
            weight, count = heavy + weight, count + more
        pools.append((at, weight, count))
    pooled = chain.from_iterable([at] * count for at, _, count in pools)
    return [v + offset for v, offset in zip(pooled, offsets, strict=True)]


# ---------------------------------------------------------------- geometry


def _bands(layers: Layers, heights: list[int]) -> list[tuple[int, int]]:
    """Return the top and the bottom of each row."""
    tallest = [0] * len(layers.rows)
    for height, row in zip(heights, layers.of, strict=False):  # bends come after the boxes
        if height > tallest[row]:
            tallest[row] = height
    bands = []
    top = 0
    for height in tallest:
        bottom = top + height
        bands.append((top, bottom))
        top = bottom + GAP_Y
    return bands


def _routes(
    graph: Graph,
    layers: Layers,
    boxes: tuple[Rect, ...],
    x: list[int],
    bands: list[tuple[int, int]],
) -> tuple[tuple[Point, ...], ...]:
    chains, of = layers.chains, layers.of
    start, end = _ports(graph, chains, boxes, x)
    routes = []
    for k, way in enumerate(chains):
        first, last = way[0], way[-1]
        _, y, _, h = boxes[first]
        route = [(start[k], y + h // 2), (start[k], bands[of[first]][1])]
        for i in way[1:-1]:
            top, bottom = bands[of[i]]
            route += [(x[i], top), (x[i], bottom)]
        _, y, _, h = boxes[last]
        route += [(end[k], bands[of[last]][0]), (end[k], y - h // 2)]
        routes.append(tuple(route))
    return tuple(routes)


def _ports(
    graph: Graph,
    chains: list[list[int]],
    boxes: tuple[Rect, ...],
    x: list[int],
) -> tuple[list[int], list[int]]:
    """Return for each edge the x at which it leaves its source and enters its target.

    Twins stay apart; edges that share a trunk leave together.
    """
    out: list[list[int]] = [[] for _ in boxes]
    into: list[list[int]] = [[] for _ in boxes]
    for k, e in enumerate(graph.edges):
        out[e.source].append(k)
        into[e.target].append(k)
    start, end = [0] * len(chains), [0] * len(chains)
    for at, edges, b in ((start, out, 1), (end, into, -2)):
        for (cx, _, width, _), here in zip(boxes, edges, strict=True):
            if len(here) == 1:
                at[here[0]] = cx
            elif here:
                here.sort(key=lambda k, b=b: (x[chains[k][b]], graph.edges[k].slot))
                ways = [chains[k][1] if b == 1 and len(chains[k]) > 2 else ~k for k in here]
                places = _places(dict.fromkeys(ways), cx, width)
                for k, way in zip(here, ways, strict=True):
                    at[k] = places[way]
    return start, end


def _places(ways: Iterable[int], cx: int, width: int) -> dict[int, int]:
    """Return for each way out of a box, or into it, a place on its side."""
    ways = list(ways)
    step = min(width // (len(ways) + 1), 40)
    first = cx - step * (len(ways) - 1) // 2
    return {way: first + step * n for n, way in enumerate(ways)}
