"""Sees each operation below autograd, with arguments that still carry their `grad_fn`.

So it meets every value, also inside composite functions. An operation is keyed by the
sequence number of its autograd node, never by the node itself, so that nothing here
keeps the reader's graph alive.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch.autograd import _get_sequence_nr as sequence_number
from torch.utils._python_dispatch import TorchDispatchMode

from seegrad.tracing.record import Call, Data, Operand, Origin, Record, Seen, key_of
from seegrad.tracing.snapshot import Snapshot, version_of

SHAPE_ONLY = frozenset(
    f"{kind}_like" for kind in ("empty", "full", "ones", "rand", "randint", "randn", "zeros")
) | {"new_empty", "new_empty_strided", "new_full", "new_ones", "new_zeros"}
"""Operations that take no value from their tensor, so that they cut nothing off."""


NUMBERS = (bool, int, float, complex)


class Operations(TorchDispatchMode):
    """Records operands and values, and the operations that leave history behind."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        self.last = sequence_number()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # The default wraps the handler and imports the compiler on first use: 3.5 s.
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if self.record.paused:
            return func(*args, **(kwargs or {}))
        now = sequence_number()
        made_node, self.last = now != self.last, now
        name, places, alone, last = _signature(func)
        if alone and len(args) > last:
            given = [args[i] for i, _ in places]
        else:
            given = _arguments(places, args, kwargs)
        # The operands are copied first: the operation may write into them.
        operand = self._operand
        operands = [operand(a, made_node) for a in given]
        out = func(*args, **(kwargs or {}))
        if made_node:
            self.record.calls[now - 1] = Call(name, operands)
        elif operands and name not in SHAPE_ONLY:
            self._look_for_cut(name, given, out)
        return out

    def _operand(self, a: Any, made_node: bool) -> Operand:
        record = self.record
        if isinstance(a, torch.Tensor):
            node = a.grad_fn
            if node is not None:
                key = node._sequence_nr(), a.output_nr
                if key not in record.values:
                    record.values[key] = Snapshot(a, unseen=True)
                return key
            if a.requires_grad:
                note = record.seen(a)
                if note.held is None:
                    note.held = Snapshot(a, unseen=True)
            elif made_node:
                note = record.seen(a)
                if note.held is None or note.held.version != version_of(a):
                    note.held = Snapshot(a, unseen=True)
                return Data(note, note.held)
            return None
        if not isinstance(a, NUMBERS):
            return None
        return next((n for n in record.passed if n.number == a), a) if record.passed else a

    def _look_for_cut(self, name: str, arguments: list[Any], out: Any) -> None:
        """Note what left history behind, or was computed from what did."""
        tensors = [a for a in arguments if isinstance(a, torch.Tensor)]
        first = next(filter(None, map(self._cut, tensors)), None)
        tracked = next((t for t in tensors if t.requires_grad), None)
        if first is None and tracked is None:
            return
        reason, origin = (
            (first.cut, first.origin) if first else (_reason(name), self._origin(tracked))
        )
        for t in out if isinstance(out, tuple | list) else (out,):
            if isinstance(t, torch.Tensor) and not t.requires_grad:
                note = self.record.seen(t)
                note.cut, note.origin = reason, origin

    def _cut(self, t: torch.Tensor) -> Seen | None:
        known = self.record.known(t)
        return known if known is not None and known.cut else None

    def _origin(self, t: torch.Tensor) -> Origin:
        key = key_of(t)
        return Origin(key, t.grad_fn.name() if key else "", None if key else self.record.seen(t))


def _reason(name: str) -> str:
    if name == "detach":
        return "detach"
    if torch.is_inference_mode_enabled():
        return "inference_mode"
    return name if torch.is_grad_enabled() else "no_grad"


@lru_cache(maxsize=4096)
def _signature(func: Any) -> tuple[str, tuple[tuple[int, str], ...], bool, int]:
    """Return an operation's name, where it takes tensors, whether none in lists, the last place."""
    schema = func._schema
    taken = [(i, a) for i, a in enumerate(schema.arguments) if "Tensor" in str(a.type)]
    places = tuple((i, a.name) for i, a in taken)
    alone = not any("List" in str(a.type) for _, a in taken)
    return schema.name.split("::")[-1], places, alone, max([i for i, _ in taken], default=-1)


def _arguments(places: tuple[tuple[int, str], ...], args: tuple, kwargs: dict | None) -> list[Any]:
    """Return what was passed where the operation takes a tensor, lists spread out."""
    found: list[Any] = []
    count = len(args)
    for i, name in places:
        given = args[i] if i < count else (kwargs or {}).get(name)
        if isinstance(given, (list, tuple)):
            found.extend(given)
        else:
            found.append(given)
    return found
