"""See the gradient arrive: record, draw and step through real PyTorch autograd graphs."""

from seegrad.explore import (
    Board,
    Matrix,
    Plot,
    arrow,
    bench,
    choice,
    explore,
    slider,
    switch,
    switchboard,
)
from seegrad.graph import Edge, Graph, Node, Source, Step
from seegrad.language import set_language
from seegrad.tracing import Recording, Trace, graph, record, trace
from seegrad.widgets.explorer import Explorer
from seegrad.widgets.player import Player
from seegrad.widgets.question import Question, ask

__all__ = [
    "Board",
    "Edge",
    "Explorer",
    "Graph",
    "Matrix",
    "Node",
    "Player",
    "Plot",
    "Question",
    "Recording",
    "Source",
    "Step",
    "Trace",
    "arrow",
    "ask",
    "bench",
    "choice",
    "explore",
    "graph",
    "record",
    "set_language",
    "slider",
    "switch",
    "switchboard",
    "trace",
]
