"""The graph of a recorded computation as plain, frozen data; it knows no torch and no browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from seegrad.language import say

VERSION = 1
"""Version of the dictionary form; raised when a reader of old data would be misled."""

Kind = Literal["leaf", "op", "constant", "cut", "group"]
Phase = Literal["forward", "backward"]

IN_FILE = "{file}, line {line}"
IN_CELL = "cell {cell}, line {line}"
KINDS = {
    "leaf": "leaf",
    "op": "operation",
    "constant": "constant",
    "cut": "cut",
    "group": "group",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line of the reader's code stands.

    Attributes:
        file: file name without its folder, or `cell N` for a notebook cell.
        line: line number, counted from 1.
        code: the text of that line without indentation, empty if it cannot be read.
    """

    file: str
    line: int
    code: str = ""

    def __str__(self) -> str:
        cell = self.file.removeprefix("cell ")
        if cell != self.file:
            return say(IN_CELL, cell=cell, line=self.line)
        return say(IN_FILE, file=self.file, line=self.line)


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the graph.

    Attributes:
        id: position in `Graph.nodes`.
        kind: `leaf` (a leaf tensor that requires grad, that is its AccumulateGrad node),
            `op` (an operation that autograd recorded), `constant` (a number or a tensor
            that takes part without requiring grad) or `cut` (a tensor whose history was
            left behind, by `detach` and the like); in a view, also `group`.
        op: `grad_fn.name()`, such as `MulBackward0`; None for constants and cuts.
        name: the Python variable that held the result, None if it cannot be known.
        shape: shape of the (first) output, None if unknown.
        dtype: dtype of the (first) output without `torch.`, None if unknown.
        source: the line that made it, None if unknown.
        group: modules and turns of loops in which it ran, outermost first.
        outputs: shape and dtype of every output; more than one for `unbind` and the like.
        note: for a cut, what cut it: `detach`, `no_grad`, `item` …
        behind: for a cut, what it was cut from, such as `y = MulBackward0`; else empty.
    """

    id: int
    kind: Kind
    op: str | None = None
    name: str | None = None
    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    source: Source | None = None
    group: tuple[str, ...] = ()
    outputs: tuple[tuple[tuple[int, ...], str], ...] = ()
    note: str = ""
    behind: str = ""

    @property
    def label(self) -> str:
        """What a sentence calls the node, by its variable, else its operation, else its kind."""
        return self.name or self.op or self.note or say(KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Edge:
    """Data flowing from `source` to `target`; a gradient flows the other way.

    Attributes:
        source: id of the node that made the tensor.
        target: id of the node that used it.
        slot: which input of the target, in the order of `grad_fn.next_functions`.
        output: which output of the source.
    """

    source: int
    target: int
    slot: int
    output: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One moment on the time line.

    Attributes:
        phase: `forward` or `backward`.
        node: id of the node that runs.
        edges: indices into `Graph.edges`: in a forward step those that carry a value
            into the node, in a backward step those along which it sends a gradient.
    """

    phase: Phase
    node: int
    edges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in traversal order from the output, and the edges between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def inputs(self, node_id: int) -> list[int]:
        """Return the indices of the edges that end in a node, ordered by slot."""
        found = [i for i, e in enumerate(self.edges) if e.target == node_id]
        return sorted(found, key=lambda i: self.edges[i].slot)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data from which `from_dict` builds an equal graph."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Graph:
        """Build a graph from `to_dict` data, also after a trip through JSON.

        Raises:
            ValueError: if the data was written by a newer version.
        """
        if data.get("version") != VERSION:
            raise ValueError(
                say(
                    "graph data has version {given!r}, this seegrad reads {known}: trace again "
                    "with this version",
                    given=data.get("version"),
                    known=VERSION,
                )
            )
        return cls(
            nodes=tuple(_node(n) for n in data["nodes"]),
            edges=tuple(Edge(**e) for e in data["edges"]),
        )


def _node(data: dict[str, Any]) -> Node:
    fields = dict(data)
    fields["shape"] = None if data["shape"] is None else tuple(data["shape"])
    fields["source"] = Source(**data["source"]) if data["source"] else None
    fields["group"] = tuple(data["group"])
    fields["outputs"] = tuple((tuple(shape), dtype) for shape, dtype in data["outputs"])
    return Node(**fields)
