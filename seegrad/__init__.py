"""See the gradient arrive: record, draw and step through real PyTorch autograd graphs."""

from seegrad.graph import Edge, Graph, Node, Source, Step
from seegrad.tracing import Recording, Trace, graph, record, trace
from seegrad.widgets.player import Player
from seegrad.widgets.question import Question, ask

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "Player",
    "Question",
    "Recording",
    "Source",
    "Step",
    "Trace",
    "ask",
    "graph",
    "record",
    "trace",
]
