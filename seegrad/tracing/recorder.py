"""Watches ordinary PyTorch code run and remembers values, names and lines, by number.

Two modes are active while it watches. The function mode sees each call of a public
function once, with the frame that made it: it gives lines and variable names. The
dispatch mode sees each operation below autograd, with arguments that still carry
their `grad_fn`: it gives every value, also inside composite functions. An operation
is keyed by the sequence number of its autograd node, never by the node itself, so
that nothing here keeps the reader's graph alive.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch
from torch.autograd import _get_sequence_nr as sequence_number
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from seegrad.graph import Source
from seegrad.tracing import frames
from seegrad.tracing.snapshot import Snapshot
from seegrad.values import Value

Key = tuple[int, int]
"""Sequence number of a node and the number of its output."""


@dataclass(slots=True, frozen=True)
class Origin:
    """Where a tensor that requires grad came from, without holding it."""

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
        origin: for a cut, the node and output, or the leaf, whose history was left behind.
        source: the line that made it, None if unknown.
        held: what a leaf held when it was first used.
    """

    ref: Callable[[], Any]
    name: str | None = None
    cut: str = ""
    origin: Origin | None = None
    source: Source | None = None
    held: Snapshot | None = None


@dataclass(slots=True)
class Operand:
    """One tensor argument of an operation, as it was seen.

    Attributes:
        key: the node and output that made it, or None.
        held: its content if it took part without requiring grad, else None.
        note: what is known of the tensor object, None for numbers and made tensors.
    """

    key: Key | None = None
    held: Snapshot | Value | None = None
    note: Seen | None = None


@dataclass(slots=True)
class Call:
    """One operation that made an autograd node."""

    op: str
    operands: tuple[Operand | None, ...]


@dataclass(slots=True, frozen=True)
class _Number:
    """A Python number read out of a tensor; holding it guards its id."""

    number: float
    source: Source


@dataclass(slots=True)
class Record:
    """All that a recording knows; plain data about the reader's tensors, none of them held."""

    calls: dict[int, Call] = field(default_factory=dict)
    values: dict[Key, Snapshot] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    objects: dict[int, Seen] = field(default_factory=dict)
    numbers: dict[int, _Number] = field(default_factory=dict)
    passed: tuple[_Number, ...] = ()

    def seen(self, t: torch.Tensor) -> Seen:
        """Return the note on a tensor object, a new one if it was not met before."""
        known = self.objects.get(id(t))
        if known is None or known.ref() is not t:
            known = self.objects[id(t)] = Seen(weakref.ref(t))
        return known

    def leaf_value(self, t: torch.Tensor) -> Snapshot | None:
        """Return what a leaf held when it was first used, None if it was not met."""
        known = self.objects.get(id(t))
        return known.held if known is not None and known.ref() is t else None

    def leaf_name(self, t: torch.Tensor) -> str | None:
        """Return the variable name of a leaf, None if unknown."""
        known = self.objects.get(id(t))
        return known.name if known is not None and known.ref() is t else None

    def origin_text(self, origin: Origin | None) -> str:
        """Return a name for what a cut was cut from, empty if unknown."""
        if origin is None:
            return ""
        if origin.leaf is not None:
            return origin.leaf.name or "leaf"
        name = self.names.get(origin.key)
        return f"{name} = {origin.op}" if name else origin.op

    def keep(self, key: Key, t: torch.Tensor) -> None:
        """Remember the content of an output the first time that it is met."""
        if key not in self.values:
            self.values[key] = Snapshot(t)


def key_of(t: torch.Tensor) -> Key | None:
    """Return the key of the node that made a tensor, None for a leaf."""
    node = t.grad_fn
    return None if node is None else (node._sequence_nr(), t.output_nr)


class Recorder:
    """Context manager: watch the code inside, fill `record`."""

    def __init__(self) -> None:
        self.record = Record()
        self._modes = (_Calls(self.record), _Operations(self.record))

    def __enter__(self) -> Record:
        for mode in self._modes:
            mode.__enter__()
        self._modes[1].last = sequence_number()
        return self.record

    def __exit__(self, *exc: Any) -> None:
        for mode in reversed(self._modes):
            mode.__exit__(*exc)


class _Calls(TorchFunctionMode):
    """Names and lines, one look at the reader's frame for each public call."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record

    def __torch_function__(self, func, types, args=(), kwargs=None):
        first = sequence_number()
        self.record.passed = tuple(filter(None, map(self._read_out, args)))
        out = func(*args, **(kwargs or {}))
        last = sequence_number()
        if last != first or isinstance(out, torch.Tensor | float):
            self._note(out, getattr(func, "__name__", ""), range(first, last))
        return out

    def _read_out(self, a: Any) -> _Number | None:
        known = self.record.numbers.get(id(a)) if type(a) is float else None
        return known if known is not None and known.number is a else None

    def _note(self, out: Any, function: str, made: range) -> None:
        frame, direct = frames.caller(2)
        if frame is None:
            return
        where = frames.source(frame)
        for seq in made:
            self.record.sources.setdefault(seq, where)
        if isinstance(out, float):
            if function in ("item", "__float__"):
                self.record.numbers[id(out)] = _Number(out, where)
            return
        outs = out if isinstance(out, tuple | list) else (out,)
        names = frames.stored_names(frame) if direct else ()
        for i, t in enumerate(outs):
            if isinstance(t, torch.Tensor):
                self._note_tensor(t, names[i] if i < len(names) else None, where)

    def _note_tensor(self, t: torch.Tensor, name: str | None, where: Source) -> None:
        key = key_of(t)
        if key is not None:
            self.record.keep(key, t)
            if name is not None:
                self.record.names[key] = name
        elif name is not None:
            note = self.record.seen(t)
            note.name = name
            note.source = note.source or where


class _Operations(TorchDispatchMode):
    """Values of all arguments, and the operations that leave history behind."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        self.last = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # The default wraps the handler and imports the compiler on first use: 3.5 s.
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        now = sequence_number()
        made_node, self.last = now != self.last, now
        arguments = _arguments(func, args, kwargs or {})
        tensors = [a for a in arguments if isinstance(a, torch.Tensor)]
        tracked = [self._keep(t) for t in tensors if t.requires_grad]
        if made_node:
            self.record.calls[now - 1] = Call(
                func._schema.name.split("::")[-1],
                tuple(self._operand(a) for a in arguments),
            )
        out = func(*args, **(kwargs or {}))
        if not made_node and (tracked or any(self._is_cut(t) for t in tensors)):
            self._mark_cut(func, tensors, out)
        return out

    def _keep(self, t: torch.Tensor) -> None:
        key = key_of(t)
        if key is not None:
            self.record.keep(key, t)
            return
        note = self.record.seen(t)
        if note.held is None:
            note.held = Snapshot(t)

    def _operand(self, a: Any) -> Operand | None:
        if isinstance(a, torch.Tensor):
            key = key_of(a)
            note = None if key else self.record.seen(a)
            if note is None or a.requires_grad:
                return Operand(key=key)
            return Operand(None, Snapshot(a), note)
        if isinstance(a, bool | int | float | complex):
            held = Value((), type(a).__name__, data=a)
            cut = next((n for n in self.record.passed if n.number == a), None)
            note = cut and Seen(lambda: None, cut="item", source=cut.source)
            return Operand(held=held, note=note)
        return None

    def _is_cut(self, t: torch.Tensor) -> bool:
        known = self.record.objects.get(id(t))
        return known is not None and bool(known.cut) and known.ref() is t

    def _mark_cut(self, func: Any, tensors: list[torch.Tensor], out: Any) -> None:
        """Note that `out` left history behind, or was computed from what did."""
        first = next((self.record.seen(t) for t in tensors if self._is_cut(t)), None)
        reason = first.cut if first else _reason(func)
        origin = first.origin if first else self._origin(tensors)
        for t in out if isinstance(out, tuple | list) else (out,):
            if isinstance(t, torch.Tensor) and not t.requires_grad:
                note = self.record.seen(t)
                note.cut, note.origin = reason, origin

    def _origin(self, tensors: list[torch.Tensor]) -> Origin:
        t = next(t for t in tensors if t.requires_grad)
        key = key_of(t)
        return Origin(key, t.grad_fn.name() if key else "", None if key else self.record.seen(t))


def _reason(func: Any) -> str:
    name = func._schema.name.split("::")[-1]
    if name == "detach":
        return "detach"
    if torch.is_inference_mode_enabled():
        return "inference_mode"
    return name if torch.is_grad_enabled() else "no_grad"


@lru_cache(maxsize=4096)
def _tensor_places(func: Any) -> tuple[tuple[int, str], ...]:
    return tuple(
        (i, a.name) for i, a in enumerate(func._schema.arguments) if "Tensor" in str(a.type)
    )


def _arguments(func: Any, args: tuple, kwargs: dict[str, Any]) -> list[Any]:
    """Return what was passed where the operation takes a tensor, lists spread out."""
    found: list[Any] = []
    for i, name in _tensor_places(func):
        given = args[i] if i < len(args) else kwargs.get(name)
        found.extend(given if isinstance(given, list | tuple) else [given])
    return found
