import time

import pytest
import torch
from torch import nn

import seegrad as sg
from seegrad import grouping
from seegrad.layout import layout


def order(trace):
    return [s.node for s in trace.steps if s.phase == "forward"]


def chain(length):
    def fn(x):
        for _ in range(length):
            x = x.sin() * 1.5
        return x

    return sg.trace(fn, torch.ones((), requires_grad=True))


def gpt(layers):
    torch.manual_seed(0)
    net = nn.ModuleList(
        nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True) for _ in range(layers)
    )

    def fn(x):
        for layer in net:
            x = layer(x)
        return x.mean()

    return sg.trace(fn, torch.randn(1, 3, 8))


def straight(length):
    y = torch.ones((), requires_grad=True)
    for _ in range(length):
        y = y + 1
    return sg.graph(y)


def test_a_small_graph_is_one_view_of_every_node(x):
    trace = sg.trace(torch.sum, x)
    (view,) = grouping.views(trace.graph, order(trace))
    assert view.graph == trace.graph


@pytest.mark.parametrize("make", [lambda: chain(400), lambda: gpt(12), lambda: straight(2000)])
def test_views_are_bounded_acyclic_and_lose_nothing(make):
    trace = make()
    views = grouping.views(trace.graph, order(trace))
    assert len(views) > 1
    shown = set()
    for k, view in enumerate(views):
        assert len(view.graph.nodes) <= grouping.LIMIT
        assert len(view.members) == len(view.opens) == len(view.graph.nodes)
        assert len(view.links) == len(view.graph.edges)
        made = layout(view.graph, [(80, 40)] * len(view.graph.nodes))
        for e in view.graph.edges:  # an edge of a cycle could not run downwards
            assert made.boxes[e.source][1] < made.boxes[e.target][1]
        for box, inside, opened in zip(view.graph.nodes, view.members, view.opens, strict=True):
            assert (box.kind == "group") == (opened is not None)
            if opened is None:
                shown.update(inside)
            else:
                assert views[opened].parent == k
                assert views[opened].title == box.name
        for e, links in zip(view.graph.edges, view.links, strict=True):
            for link in links:
                whole = trace.graph.edges[link]
                assert whole.source in view.members[e.source]
                assert whole.target in view.members[e.target]
    assert shown == {n.id for n in trace.graph.nodes}


def test_a_loop_over_layers_becomes_one_box_a_turn():
    trace = gpt(12)
    outermost = grouping.views(trace.graph, order(trace))[0]
    titles = [n.name for n in outermost.graph.nodes if n.kind == "group"]
    assert len(titles) == 12
    assert all("turn" in t and "TransformerEncoderLayer" in t for t in titles)


def test_ten_thousand_nodes_are_traced_folded_and_drawn_in_seconds():
    start = time.monotonic()
    trace = chain(3_400)
    assert len(trace.graph.nodes) > 10_000
    picture = trace.svg()
    text = trace.text()
    assert time.monotonic() - start < 20
    assert picture.count("<g class=") < 350
    assert len(text.splitlines()) < 70
