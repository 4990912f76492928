import random
import time
from itertools import pairwise

import pytest

from seegrad.graph import Edge, Graph, Node
from seegrad.layout import layout


def graph_of(count, pairs):
    slots = {}
    edges = []
    for a, b in pairs:
        edges.append(Edge(a, b, slots.setdefault(b, 0)))
        slots[b] += 1
    return Graph(tuple(Node(i, "op") for i in range(count)), tuple(edges))


def random_graph(count, seed):
    draw = random.Random(seed)
    pairs = [(draw.randrange(max(0, b - 8), b), b) for b in range(1, count) for _ in range(2)]
    return graph_of(count, pairs)


def overlaps(made):
    rows = {}
    for x, y, w, _ in made.boxes:
        rows.setdefault(y, []).append((x - w / 2, x + w / 2))
    return any(
        a[1] > b[0] + 0.2
        for row in rows.values()
        for a, b in zip(sorted(row), sorted(row)[1:], strict=False)
    )


@pytest.mark.parametrize("seed", range(20))
def test_boxes_never_overlap_and_edges_run_downwards(seed):
    draw = random.Random(seed)
    graph = random_graph(40, seed)
    sizes = [(draw.randrange(40, 200, 2), draw.randrange(30, 90, 2)) for _ in graph.nodes]
    made = layout(graph, sizes)
    assert not overlaps(made)
    for e, route in zip(graph.edges, made.routes, strict=True):
        ys = [y for _, y in route]
        assert ys == sorted(ys)
        source, target = made.boxes[e.source], made.boxes[e.target]
        assert route[0][1] == pytest.approx(source[1] + source[3] / 2, abs=0.2)
        assert route[-1][1] == pytest.approx(target[1] - target[3] / 2, abs=0.2)


def test_everything_lies_inside_the_given_size():
    made = layout(random_graph(30, 1), [(80, 40)] * 30)
    width, height = made.size
    for x, y, w, h in made.boxes:
        assert x - w / 2 >= -0.2
        assert x + w / 2 <= width + 0.2
        assert y - h / 2 >= -0.2
        assert y + h / 2 <= height + 0.2


def test_twin_edges_stay_apart():
    made = layout(graph_of(2, [(0, 1), (0, 1)]), [(80, 40)] * 2)
    assert made.routes[0] != made.routes[1]
    assert made.routes[0][0] != made.routes[1][0]


def test_long_twins_leave_together_and_arrive_apart():
    made = layout(graph_of(3, [(0, 1), (1, 2), (0, 2), (0, 2)]), [(80, 40)] * 3)
    one, two = made.routes[2:]
    assert one[0] == two[0]
    assert one[-1] != two[-1]


def test_a_chain_with_constants_is_straight():
    nodes = tuple(Node(i, "constant" if i % 2 else "op") for i in range(9))
    edges = tuple(e for i in range(2, 9, 2) for e in (Edge(i - 2, i, 0), Edge(i - 1, i, 1)))
    made = layout(Graph(nodes, edges), [(80, 40)] * 9)
    chain = [made.boxes[i][0] for i in range(0, 9, 2)]
    assert max(chain) - min(chain) < 25


def test_equal_graphs_get_equal_pictures():
    first, second = (layout(random_graph(60, 3), [(80, 40)] * 60) for _ in range(2))
    assert first == second


def test_the_empty_and_the_single_graph():
    assert layout(Graph((), ()), []).size == (0.0, 0.0)
    assert layout(graph_of(1, []), [(80, 40)]).boxes == ((40.0, 20.0, 80, 40),)


def test_ten_thousand_nodes_in_a_chain_meet_no_recursion_limit():
    start = time.monotonic()
    made = layout(graph_of(10_000, [(i, i + 1) for i in range(9_999)]), [(80, 40)] * 10_000)
    assert len(made.boxes) == 10_000
    assert time.monotonic() - start < 20


def along(route):
    """Yield many points of the curves that are drawn between the points of a route."""
    for (x, y), (u, v) in pairwise(route):
        for k in range(1, 20):
            t = k / 20
            across = 3 * (1 - t) * t * t + t**3  # both handles stand at half height
            down = 1.5 * (1 - t) ** 2 * t + 1.5 * (1 - t) * t * t + t**3
            yield x + (u - x) * across, y + (v - y) * down


def through_foreign_boxes(graph, made):
    return [
        (e, i)
        for e, route in zip(graph.edges, made.routes, strict=True)
        for i, (x, y, w, h) in enumerate(made.boxes)
        if i not in (e.source, e.target)
        and any(abs(u - x) < w / 2 - 0.2 and abs(v - y) < h / 2 - 0.2 for u, v in along(route))
    ]


@pytest.mark.parametrize("seed", range(10))
def test_edges_run_through_no_box(seed):
    draw = random.Random(seed)
    graph = random_graph(40, seed)
    made = layout(
        graph, [(draw.randrange(40, 200, 2), draw.randrange(30, 90, 2)) for _ in range(40)]
    )
    assert through_foreign_boxes(graph, made) == []


def residual(blocks):
    """Return blocks of four operations with a parameter each, and a skip over every block."""
    nodes, pairs, x = [Node(0, "op")], [], 0
    for _ in range(blocks):
        start = x
        for k in range(4):
            leaf, op = len(nodes), len(nodes) + 1
            nodes += [Node(leaf, "leaf"), Node(op, "op")]
            pairs += [(x, op, 0), (leaf, op, 1)] + ([(start, op, 2)] if k == 3 else [])
            x = op
    return Graph(tuple(nodes), tuple(Edge(*p) for p in pairs))


@pytest.mark.parametrize("blocks", [1, 5, 50])
def test_parameters_and_skips_do_not_bend_the_main_line(blocks):
    graph = residual(blocks)
    made = layout(graph, [(80, 40)] * len(graph.nodes))
    line = [made.boxes[n.id][0] for n in graph.nodes if n.kind == "op"]
    assert max(line) - min(line) < 5
    assert made.size[0] < 400
    assert through_foreign_boxes(graph, made) == []


def test_a_tensor_that_is_used_all_the_way_down_costs_one_trunk():
    count = 1_000
    pairs = [(i, i + 1) for i in range(1, count)] + [(0, i) for i in range(1, count + 1)]
    start = time.monotonic()
    made = layout(graph_of(count + 1, pairs), [(80, 40)] * (count + 1))
    assert time.monotonic() - start < 5
    assert made.size[0] < 300
