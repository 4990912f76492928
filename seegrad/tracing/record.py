"""What a recording knows: plain data about the reader's tensors, none of them held."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from seegrad.graph import KINDS, Source
from seegrad.language import say
from seegrad.tracing.snapshot import Snapshot

Key = tuple[int, int]
"""Sequence number of an autograd node and the number of its output."""


@dataclass(slots=True, frozen=True)
class Origin:
    """Where a tensor that requires grad came from: a node by its key, or a leaf."""

    key: Key | None
    op: str
    leaf: Seen | None


@dataclass(slots=True)
class Seen:
    """What is known of a tensor object without a node; the weak reference guards its id.

    Attributes:
        ref: weak reference to the object.
        name: variable that held it, None if unknown.
        cut: what cut it from its history, empty for an ordinary leaf or constant.
        origin: for a cut, whose history was left behind.
        source: the line that made it, None if unknown.
        held: what it held when it was used.
    """

    ref: Callable[[], Any]
    name: str | None = None
    cut: str = ""
    origin: Origin | None = None
    source: Source | None = None
    held: Snapshot | None = None


@dataclass(slots=True, frozen=True)
class Number:
    """A Python number that was read out of a tensor; holding it guards its id."""

    number: float
    source: Source


@dataclass(slots=True)
class Data:
    """A tensor that took part without requiring grad, as it was then."""

    note: Seen
    held: Snapshot


Operand = Key | Data | Number | bool | int | float | complex | None
"""An argument as it was seen: made by a node, plain data, a number; None: a leaf, or absent."""


@dataclass(slots=True)
class Call:
    """One operation that made an autograd node: its name, and what stood in each tensor's place."""

    op: str
    operands: Sequence[Operand]


@dataclass(slots=True)
class Place:
    """Where in the reader's program something ran.

    Attributes:
        source: the line.
        group: titles of the modules and turns of loops around it, outermost first.
    """

    source: Source
    group: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """All that a recording knows, by sequence number, key, or id of a live object."""

    calls: dict[int, Call] = field(default_factory=dict)
    values: dict[Key, Snapshot] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    objects: dict[int, Seen] = field(default_factory=dict)
    numbers: dict[int, Number] = field(default_factory=dict)
    passed: tuple[Number, ...] = ()
    paused: bool = False

    def forget(self) -> None:
        """Let go of everything, so that the collector has less to look through."""
        for held in (self.calls, self.values, self.names, self.places, self.objects, self.numbers):
            held.clear()

    def seen(self, t: torch.Tensor) -> Seen:
        """Return the note on a tensor object, a new one if it was not met before."""
        known = self.objects.get(id(t))
        if known is None or known.ref() is not t:
            known = self.objects[id(t)] = Seen(weakref.ref(t))
        return known

    def known(self, t: torch.Tensor) -> Seen | None:
        """Return the note on a tensor object, None if it was not met before."""
        known = self.objects.get(id(t))
        return known if known is not None and known.ref() is t else None

    def origin_text(self, origin: Origin | None) -> str:
        """Return a name for what a cut was cut from, empty if unknown."""
        if origin is None:
            return ""
        if origin.leaf is not None:
            return origin.leaf.name or say(KINDS["leaf"])
        name = self.names.get(origin.key)
        return f"{name} = {origin.op}" if name else origin.op


def key_of(t: torch.Tensor) -> Key | None:
    """Return the key of the node that made a tensor, None for a leaf."""
    node = t.grad_fn
    return None if node is None else (node._sequence_nr(), t.output_nr)
