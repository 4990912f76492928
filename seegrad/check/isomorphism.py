"""Whether two small rooted graphs are the same up to the order of operands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

Match = dict[int, int]


@dataclass(frozen=True, slots=True)
class Form:
    """The structure of a graph.

    Attributes:
        labels: what each node is; two nodes may match if their labels are equal. Node 0 is
            the result.
        inputs: for each node, the nodes that its operands come from.
    """

    labels: tuple[str, ...]
    inputs: tuple[tuple[int, ...], ...]


def same_graph(a: Form, b: Form) -> bool:
    """Return whether the nodes of `a` can be paired with those of `b`, all edges kept.

    A node that is used twice must meet a node that is used twice: sharing counts.
    """
    if sorted(a.labels) != sorted(b.labels):
        return False
    return any(len(match) == len(a.labels) for match in _pair(a, b, 0, 0, {}))


def _pair(a: Form, b: Form, i: int, j: int, match: Match) -> Iterator[Match]:
    """Yield every way to extend `match` so that node i of `a` is node j of `b`."""
    if i in match or j in match.values():
        if match.get(i) == j:
            yield match
        return
    if a.labels[i] == b.labels[j] and len(a.inputs[i]) == len(b.inputs[j]):
        for order in permutations(b.inputs[j]):
            yield from _pair_all(a, b, list(zip(a.inputs[i], order, strict=True)), {**match, i: j})


def _pair_all(a: Form, b: Form, pairs: list[tuple[int, int]], match: Match) -> Iterator[Match]:
    if not pairs:
        yield match
        return
    (i, j), *rest = pairs
    for longer in _pair(a, b, i, j, match):
        yield from _pair_all(a, b, rest, longer)
