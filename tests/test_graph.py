import json

import pytest

import seegrad as sg
from seegrad.graph import Graph


def test_a_graph_survives_a_trip_through_json(x):
    with sg.record() as rec:
        y = (x * x).detach() * x
    graph = rec.trace(y, upstream=[1, 2, 3, 4]).graph
    assert Graph.from_dict(json.loads(json.dumps(graph.to_dict()))) == graph


def test_data_of_a_newer_version_is_refused(x):
    data = sg.trace(lambda x: x.sum(), x).graph.to_dict() | {"version": 99}
    with pytest.raises(ValueError, match="version 99, this seegrad reads 1"):
        Graph.from_dict(data)


def test_inputs_come_in_slot_order(x):
    graph = sg.trace(lambda x: (x - 2 * x).sum(), x).graph
    minus = next(n for n in graph.nodes if n.op == "SubBackward0")
    slots = [graph.edges[i].slot for i in graph.inputs(minus.id)]
    assert slots == [0, 1]
    assert graph.nodes[graph.edges[graph.inputs(minus.id)[0]].source].kind == "leaf"
