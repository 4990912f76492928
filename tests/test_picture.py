import re
import xml.etree.ElementTree as ET

import pytest
import torch

import seegrad as sg
from seegrad import picture
from seegrad.graph import Edge, Graph, Node

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "\"'&<>]]>",
    "\u202eright to left",
    "🙂",
    "n" * 10_000,
]


def test_the_tree_of_the_lesson(x):
    assert sg.trace(lambda x: 2 * torch.dot(x, x), x).text() == (
        "MulBackward0   value 28   gradient 1\n"
        "├─ DotBackward0   value 14   gradient 2\n"
        "│  ├─ x (leaf)   value [0, 1, 2, 3]   gradient [0, 4, 8, 12]\n"
        "│  └─ x (leaf), shown above\n"
        "└─ 2 (constant)"
    )


def test_a_cut_says_that_no_gradient_passes(x):
    with sg.record() as rec:
        u = (x * x).detach()
        z = (u * x).sum()
    line = next(row for row in rec.trace(z).text().splitlines() if "cut" in row)
    assert "u = cut by detach from MulBackward0   value [0, 1, 4, 9]   no gradient passes" in line


def test_a_long_chain_stays_within_bounds():
    x = torch.ones((), requires_grad=True)
    y = x
    for _ in range(5_000):
        y = y * 1.0
    lines = sg.graph(y).text().splitlines()
    assert len(lines) <= picture.MAX_LINES + 1
    assert max(map(len, lines)) < 120
    assert re.fullmatch(r"… and \d+ more nodes", lines[-1])


def test_svg_is_valid_and_has_every_box_and_edge(x):
    trace = sg.trace(lambda x: 2 * torch.dot(x, x), x)
    root = ET.fromstring(trace.svg())
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}g")) == len(trace.graph.nodes)
    words = "".join(root.itertext())
    for word in ("MulBackward0", "[0, 1, 2, 3]", ".grad [0, 4, 8, 12]", "gradient 2", "(4,)"):
        assert word in words
    assert root.find(f"{space}desc").text == trace.text()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name):
    nodes = (
        Node(0, "op", "MulBackward0", name),
        Node(1, "leaf", name, name),
        Node(2, "cut", None, name, note=name),
    )
    made = picture.svg(Graph(nodes, (Edge(1, 0, 0), Edge(2, 0, 1))), picture.Facts())
    root = ET.fromstring(made)
    tags = {e.tag.split("}")[1] for e in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "desc", "path", "g", "text"}
    assert len(made) < 20_000


def test_a_big_graph_is_drawn_folded():
    nodes = tuple(Node(i, "op", "AddBackward0") for i in range(500))
    edges = tuple(Edge(i + 1, i, 0) for i in range(499))
    made = picture.svg(Graph(nodes, edges), picture.Facts())
    assert "steps 1 to 22 of 500" in made
    assert made.count("<g class=") < 50
    every = picture.svg(Graph(nodes, edges), picture.Facts(), limit=500)
    assert every.count("<g class=") == 500
