"""Sees each call of a public PyTorch function once, with the frame of the reader that made it.

So it knows lines, variable names, and the modules and loops around a call.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd import _get_sequence_nr as sequence_number
from torch.overrides import TorchFunctionMode

from seegrad.tracing import frames, sites
from seegrad.tracing.places import Places
from seegrad.tracing.record import Number, Place, Record, key_of
from seegrad.tracing.sites import Names
from seegrad.tracing.snapshot import Snapshot

READ_OUT = ("item", "__float__")
NOTED = (torch.Tensor, float, tuple)


class Calls(TorchFunctionMode):
    """Records names and places."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        self.places = Places()

    def __enter__(self) -> Calls:
        self.places.__enter__()
        return super().__enter__()

    def __exit__(self, *exc: Any) -> None:
        self.places.__exit__()
        super().__exit__(*exc)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        record = self.record
        if record.numbers:
            record.passed = tuple(filter(None, map(self._read_out, args)))
        first = sequence_number()
        out = func(*args, **(kwargs or {}))
        last = sequence_number()
        if last != first or isinstance(out, NOTED):
            frame, below, direct = frames.caller(1)
            if frame is not None:
                site = sites.site(frame)
                place = Place(site.source, self.places.around(frame, below))
                for seq in range(first, last):
                    record.places.setdefault(seq, place)
                self._note(out, func, site.names if direct else (), place)
        return out

    def _read_out(self, a: Any) -> Number | None:
        known = self.record.numbers.get(id(a)) if type(a) is float else None
        return known if known is not None and known.number is a else None

    def _note(self, out: Any, func: Any, names: Names, place: Place) -> None:
        if isinstance(out, float):
            if getattr(func, "__name__", "") in READ_OUT:
                self.record.numbers[id(out)] = Number(out, place.source)
            return
        if isinstance(out, torch.Tensor):
            if names:
                self._name(out, names[0], place)
            return
        if not isinstance(out, (tuple, list)):
            return
        for t, name in zip(out, names, strict=False):
            if isinstance(t, torch.Tensor):
                self._name(t, name, place)
        self._keep(t for t in out if isinstance(t, torch.Tensor))

    def _name(self, t: torch.Tensor, name: str, place: Place) -> None:
        key = key_of(t)
        if key is not None:
            self.record.names[key] = name
        else:
            note = self.record.seen(t)
            note.name = name
            note.source = note.source or place.source

    def _keep(self, outs: Any) -> None:
        """Copy several outputs now, as some may never be used; one alone is copied at its use."""
        self.record.paused = True
        try:
            for t in outs:
                key = key_of(t)
                if key is not None and key not in self.record.values:
                    self.record.values[key] = Snapshot(t)
        finally:
            self.record.paused = False
