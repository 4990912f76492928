"""A finished trace: the graph, the time line, and every value and gradient on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch

from seegrad import picture
from seegrad.graph import Graph, Step
from seegrad.tracing.notes import notes_on
from seegrad.tracing.saved import Plain
from seegrad.tracing.snapshot import Snapshot, summarise
from seegrad.tracing.story import Storyteller
from seegrad.values import Value


@dataclass(slots=True, weakref_slot=True, eq=False)
class Trace:
    """One forward and one backward run of real PyTorch, as it happened.

    It shares no memory with the reader's tensors and keeps nothing of their graph alive.
    Shown as the last line of a notebook cell it is a player; printed, a tree.

    Attributes:
        graph: nodes and edges.
    """

    graph: Graph
    _forward: list[int]
    _backward: list[int]
    _values: dict[tuple[int, int], Snapshot | Value]
    _grads: dict[tuple[int, int], Snapshot]
    _sent: dict[int, Snapshot]
    _saved: dict[int, dict[str, Snapshot]]
    _settings: dict[int, dict[str, Plain]]
    _before: dict[int, Snapshot]
    _steps: tuple[Step, ...] | None = None
    _notes: tuple[str, ...] | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Forward steps in the order of execution, then backward steps as the engine ran them."""
        if self._steps is None:
            self._steps = tuple(self._time_line())
        return self._steps

    def _time_line(self) -> Iterator[Step]:
        into: list[list[int]] = [[] for _ in self.graph.nodes]
        for index, edge in enumerate(self.graph.edges):
            into[edge.target].append(index)
        for i in self._forward:
            yield Step("forward", i, tuple(into[i]))
        for i in self._backward:
            yield Step("backward", i, tuple([e for e in into[i] if e in self._sent]))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what a reader should know, such as where nan first appeared."""
        if self._notes is None:
            self._notes = notes_on(self)
        return self._notes

    def value(self, node_id: int, output: int = 0) -> torch.Tensor | None:
        """Return a copy of what a node's output held.

        Args:
            node_id: an id of `graph.nodes`.
            output: which output, for nodes with several.

        Returns:
            A detached tensor with the shape and dtype of the output, or None if it is
            unknown or was too big to be copied (then `describe` still tells about it).
        """
        held = self._values.get((node_id, output))
        if isinstance(held, Value):
            return torch.as_tensor(held.data)
        return _copy(held)

    def grad(self, node_id: int, output: int = 0) -> torch.Tensor | None:
        """Return a copy of the gradient that arrived at a node's output.

        For a leaf this is what `backward()` adds to its `.grad`. None if none arrived, or
        as for `value`.
        """
        return _copy(self._grads.get((node_id, output)))

    def sent(self, edge: int) -> torch.Tensor | None:
        """Return a copy of the gradient sent along an edge, an index into `graph.edges`."""
        return _copy(self._sent.get(edge))

    def saved(self, node_id: int) -> dict[str, torch.Tensor | None]:
        """Return copies of the tensors that a node saved for its backward, by name."""
        return {name: _copy(t) for name, t in self._saved.get(node_id, {}).items()}

    def describe(self) -> picture.Facts:
        """Return all values and gradients as plain data, for drawing and printing."""
        saved = self._saved.items()
        facts = self._drawn(self._sent, *self._saved.values())
        return replace(
            facts,
            sent={k: _value(v) for k, v in self._sent.items()},
            saved={k: {name: _value(v) for name, v in held.items()} for k, held in saved},
            settings=self._settings,
            versions={
                k: v.version
                for k, v in self._values.items()
                if isinstance(v, Snapshot) and v.version
            },
        )

    def _drawn(self, *more: dict[Any, Snapshot]) -> picture.Facts:
        """Return what a picture tells; what is in `more` is read in the same go."""
        tables = (self._values, self._grads, self._before, *more)
        summarise(v for held in tables for v in held.values() if isinstance(v, Snapshot))
        return picture.Facts(
            values={k: _value(v) for k, v in self._values.items()},
            grads={k: _value(v) for k, v in self._grads.items()},
            before={k: _value(v) for k, v in self._before.items()},
            after=self._after(),
            backward=bool(self._backward),
        )

    def _after(self) -> dict[int, Value]:
        """Return what `.grad` of each leaf that held one holds after a `backward()`."""
        both = [(i, _copy(held), self.grad(i)) for i, held in self._before.items()]
        known = [(i, a, b) for i, a, b in both if a is not None and b is not None]
        return {i: Snapshot(a + b).value for i, a, b in known}

    def story(self) -> list[str]:
        """Return one sentence for each step, with the real numbers."""
        return Storyteller(self).sentences()

    def text(self) -> str:
        """Return the graph as a tree from the output down, with values and gradients."""
        return picture.tree(self.graph, self._drawn(), self.notes)

    def svg(self, limit: int = picture.LIMIT) -> str:
        """Return the graph as a standalone SVG, folded if it has more nodes than `limit`."""
        return picture.svg(self.graph, self._drawn(), self.order(), limit)

    def order(self) -> list[int]:
        """Return the ids of the operations in the order in which they ran."""
        return list(self._forward)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole trace as JSON-safe data, the same for equal runs."""
        facts = self.describe()
        return {
            "graph": self.graph.to_dict(),
            "steps": [asdict(s) for s in self.steps],
            "values": _listed(facts.values),
            "grads": _listed(facts.grads),
            "sent": {str(k): v.to_dict() for k, v in sorted(facts.sent.items())},
            "saved": {
                str(k): {name: v.to_dict() for name, v in saved.items()}
                for k, saved in sorted(facts.saved.items())
            },
            "settings": {str(k): v for k, v in sorted(facts.settings.items())},
            "before": {str(k): v.to_dict() for k, v in sorted(facts.before.items())},
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        nodes, edges = len(self.graph.nodes), len(self.graph.edges)
        return f"Trace(nodes={nodes}, edges={edges}, steps={len(self.steps)})"

    def _repr_mimebundle_(self, include=None, exclude=None) -> Any:
        # The one arrow that points up, followed only when a front end asks to see something.
        from seegrad.widgets.player import Player

        return Player(self)._repr_mimebundle_()


def _copy(held: Snapshot | None) -> torch.Tensor | None:
    return None if held is None or held.tensor is None else held.tensor.clone()


def _value(held: Snapshot | Value) -> Value:
    return held if isinstance(held, Value) else held.value


def _listed(facts: dict[tuple[int, int], Value]) -> dict[str, dict[str, Any]]:
    return {f"{node}.{output}": v.to_dict() for (node, output), v in sorted(facts.items())}
