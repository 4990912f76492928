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


class Model(nn.Module):
    """A GPT-like model of which all but the mean sits in one module."""

    def __init__(self, layers, blocks):
        super().__init__()
        self.embed = nn.Embedding(11, 8)
        self.blocks = blocks(
            [
                nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
                for _ in range(layers)
            ]
        )
        self.head = nn.Linear(8, 11)

    def forward(self, tokens):
        x = self.embed(tokens)
        if isinstance(self.blocks, nn.ModuleList):
            for block in self.blocks:
                x = block(x)
        else:
            x = self.blocks(x)
        return self.head(x)


def titles(view):
    return [n.name for n in view.graph.nodes if n.kind == "group"]


def outermost(fn, *inputs):
    trace = sg.trace(fn, *inputs)
    return grouping.views(trace.graph, order(trace))


@pytest.mark.parametrize(
    ("blocks", "title", "first"),
    [
        (lambda made: nn.Sequential(*made), "Model › blocks Sequential", ""),
        (nn.ModuleList, "Model", "turn 1 › "),
    ],
)
def test_a_model_opens_at_its_layers(blocks, title, first):
    torch.manual_seed(0)
    net = Model(12, blocks)
    views = outermost(lambda t: net(t).mean(), torch.tensor([[1, 2, 3]]))
    assert views[0].title == title
    assert titles(views[0])[0] == f"{first}blocks.0 TransformerEncoderLayer"
    assert titles(views[0])[-2:][0].endswith("blocks.11 TransformerEncoderLayer")
    assert grouping.FEW <= len(views[0].graph.nodes) <= grouping.MANY
    inside = views[views[0].opens[titles(views[0]).index(titles(views[0])[0]) + 1]]
    assert "blocks.0.self_attn MultiheadAttention" in titles(inside)


def test_many_equal_modules_fold_into_named_stretches():
    net = nn.Sequential(*(nn.Sequential(nn.Linear(2, 2), nn.Tanh()) for _ in range(200)))
    views = outermost(lambda x: net(x).sum(), torch.ones(1, 2))
    assert views[0].title == "Sequential"
    assert titles(views[0])[:2] == ["0 to 13 Sequential", "14 to 27 Sequential"]
    assert titles(views[1])[0] == "0 Sequential"


def test_nested_loops_open_turn_by_turn():
    def fn(x):
        for _ in range(12):
            for _ in range(15):
                x = x.sin() * 1.1
                x = x + 0.1
            x = x.exp().log()
        return x

    line = fn.__code__.co_firstlineno + 1
    views = outermost(fn, torch.ones((), requires_grad=True))
    assert titles(views[0]) == [f"loop in line {line}, turn {k}" for k in range(1, 13)]
    assert titles(views[1])[:15] == [f"loop in line {line + 1}, turn {k}" for k in range(1, 16)]


def test_a_long_loop_folds_into_named_stretches():
    def fn(x):
        for _ in range(500):
            x = x.sin() * 1.5
        return x

    line = fn.__code__.co_firstlineno + 1
    views = outermost(fn, torch.ones((), requires_grad=True))
    assert titles(views[0])[0] == f"loop in line {line}, turns 1 to 22"
    assert titles(views[1])[0] == f"loop in line {line}, turn 1"
