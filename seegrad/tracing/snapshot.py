"""Copies of tensors that share nothing with the reader's tensors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import torch

from seegrad.values import Value

KEEP = 4096
"""Tensors with more elements than this are summarised at once, and no copy is kept."""

LIST = 256
"""Up to so many elements are told one by one; of a copy with more, its statistics."""

SMALL = 32
"""Up to so many elements are read out faster than they are copied."""

CORNER = 6

STRIDED = torch.strided
USUAL = (torch.Tensor, torch.nn.Parameter)
QUANTISED = frozenset((torch.quint8, torch.qint8, torch.qint32, torch.quint4x2, torch.quint2x4))
UNREADABLE = (NotImplementedError, RuntimeError, TypeError)


class Snapshot:
    """What a tensor held when the snapshot was taken.

    Thousands are taken while the reader's program runs, so the usual case, a small dense
    tensor, is read or copied once and not looked at again until somebody asks.

    Args:
        t: the tensor.
        unseen: True where autograd does not see what is done with `t`, so that a copy
            needs no detaching: below autograd.

    Attributes:
        form: its shape, and its dtype without `torch.`.
        version: its version counter then, None if it has none (inference tensors).
    """

    __slots__ = ("_dtype", "_held", "_value", "form", "version")

    def __init__(self, t: torch.Tensor, unseen: bool = False) -> None:
        self.version = version_of(t)
        shape, dtype = t.shape, t.dtype
        self._dtype, self.form = dtype, form_of(shape, dtype)
        self._value: Value | None = None
        self._held: Any = None  # elements in lists, or a copy; None: only `_value` is known
        try:
            if (
                type(t) not in USUAL
                or dtype in QUANTISED
                or t.layout is not STRIDED
                or not t.is_cpu
            ):
                t = _dense(t.detach())
            count = shape.numel()
            if count <= SMALL:
                self._held = t.tolist()
            elif count <= KEEP:
                self._held = t.clone() if unseen or not t.requires_grad else t.detach().clone()
            else:
                self._value = Value(*self.form, stats=_summaries(t.detach().flatten()[None])[0])
        except UNREADABLE:
            self._value = Value(*self.form)

    @property
    def tensor(self) -> torch.Tensor | None:
        """A dense copy of the reader's tensor, shared by all who ask, so copy before changing it.

        None if it had more than `KEEP` elements, or if its elements could not be read.
        """
        held = self._held
        if held is not None and not isinstance(held, torch.Tensor):
            self._value = self._read()
            dtype = None if self._dtype in QUANTISED else self._dtype
            held = torch.tensor(held, dtype=dtype, device="cpu").reshape(self.form[0])
            self._held = held
        return held

    @property
    def value(self) -> Value:
        """The content as plain data."""
        if self._value is None:
            self._value = self._read()
        return self._value

    @property
    def long(self) -> bool:
        """True if it is a copy of which the statistics are told, not yet taken."""
        held = self._held
        return self._value is None and isinstance(held, torch.Tensor) and held.numel() > LIST

    @property
    def finite(self) -> bool:
        """False if an element is nan or infinite."""
        if isinstance(self._held, torch.Tensor):
            return bool(self._held.isfinite().all())
        return self.value.finite

    def _read(self) -> Value:
        if self.long:
            return Value(*self.form, stats=_summaries(self._held.flatten()[None])[0])
        held = self._held.tolist() if isinstance(self._held, torch.Tensor) else self._held
        return Value(*self.form, data=held)


_NAMES = {d: str(d).removeprefix("torch.") for d in vars(torch).values() if type(d) is torch.dtype}


def version_of(t: torch.Tensor) -> int | None:
    """Return a tensor's version counter, None if it has none (inference tensors)."""
    try:
        return t._version
    except RuntimeError:  # cheaper than to ask each tensor whether it is one
        return None


@lru_cache(maxsize=4096)
def form_of(shape: tuple[int, ...], dtype: torch.dtype) -> tuple[tuple[int, ...], str]:
    """Return a shape, and a dtype without `torch.`: the same object for the same ones.

    Thousands of tensors of a graph share a few forms.
    """
    return tuple(shape), _NAMES[dtype]


def _dense(t: torch.Tensor) -> torch.Tensor:
    if t.device.type != "cpu":
        t = t.to("cpu")
    if t.is_quantized:
        return t.dequantize()
    return t if t.layout is torch.strided else t.to_dense()


def summarise(snapshots: Iterable[Snapshot]) -> None:
    """Take the statistics of the long ones among many; those of one form are taken together."""
    alike: dict[tuple[tuple[int, ...], str], list[Snapshot]] = {}
    for s in {id(s): s for s in snapshots if s.long}.values():
        alike.setdefault(s.form, []).append(s)
    for group in alike.values():
        rows = torch.cat([s._held for s in group]).reshape(len(group), -1)
        for s, stats in zip(group, _summaries(rows), strict=True):
            s._value = Value(*s.form, stats=stats)


def _summaries(rows: torch.Tensor) -> list[dict[str, Any]]:
    """Summarise each row, in float64, so that the digits do not depend on the number of threads."""
    wide = rows.abs() if rows.is_complex() else rows
    if wide.numel() <= KEEP or not wide.is_floating_point():
        wide = wide.double()
    low, high = wide.amin(dim=1), wide.amax(dim=1)  # aminmax takes ten times as long
    mean = wide.mean(dim=1, dtype=torch.float64)
    norm = torch.linalg.vector_norm(wide, dim=1, dtype=torch.float64)
    columns = (x.tolist() for x in (low, mean, high, norm, rows[:, :CORNER]))
    return [
        {"min": a, "mean": b, "max": c, "norm": d, "corner": e}
        for a, b, c, d, e in zip(*columns, strict=True)
    ]
