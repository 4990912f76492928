"""Copies of tensors that share nothing with the reader's tensors."""

from __future__ import annotations

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
QUANTISED = (torch.quint8, torch.qint8, torch.qint32)
UNREADABLE = (NotImplementedError, RuntimeError, TypeError)

Stats = tuple[torch.Tensor, ...]


class Snapshot:
    """What a tensor held when the snapshot was taken.

    Thousands are taken while the reader's program runs, so the usual case, a small dense
    tensor, is read or copied once and not looked at again until somebody asks.

    Args:
        t: the tensor.
        unseen: True where autograd does not see what is done with `t`, so that a copy
            needs no detaching: below autograd.

    Attributes:
        version: its version counter then, None if it has none (inference tensors).
    """

    __slots__ = ("_dtype", "_held", "_shape", "_value", "version")

    def __init__(self, t: torch.Tensor, unseen: bool = False) -> None:
        self.version = None if t.is_inference() else t._version
        self._shape, self._dtype = t.shape, t.dtype
        self._value: Value | None = None
        self._held: Any = None  # elements in lists, a copy, or statistics; None: unreadable
        usual = type(t) in USUAL and t.layout is STRIDED and t.is_cpu and not t.is_quantized
        try:
            if not usual:
                t = _dense(t.detach())
            count = t.numel()
            if count <= SMALL:
                self._held = t.tolist()
            elif count <= KEEP:
                self._held = t.clone() if unseen or not t.requires_grad else t.detach().clone()
            else:
                self._held = _stats(t.detach())
        except UNREADABLE:
            self._value = Value(*self.form)

    @property
    def form(self) -> tuple[tuple[int, ...], str]:
        """Its shape, and its dtype without `torch.`."""
        return tuple(self._shape), _NAMES[self._dtype]

    @property
    def tensor(self) -> torch.Tensor | None:
        """A dense copy of the reader's tensor, shared by all who ask: copy before changing it.

        None if it had more than `KEEP` elements, or if its elements could not be read.
        """
        held = self._held
        if held is None or isinstance(held, tuple):
            return None
        if not isinstance(held, torch.Tensor):
            self._value = self._read()
            dtype = None if self._dtype in QUANTISED else self._dtype
            held = torch.tensor(held, dtype=dtype, device="cpu").reshape(self._shape)
            self._held = held
        return held

    @property
    def value(self) -> Value:
        """The content as plain data."""
        if self._value is None:
            self._value = self._read()
        return self._value

    @property
    def finite(self) -> bool:
        """False if an element is nan or infinite."""
        if isinstance(self._held, torch.Tensor):
            return bool(self._held.isfinite().all())
        return self.value.finite

    def _read(self) -> Value:
        held = self._held
        if isinstance(held, torch.Tensor) and held.numel() <= LIST:
            held = held.tolist()
        if isinstance(held, torch.Tensor):
            held = _stats(held)
        if isinstance(held, tuple):
            return Value(*self.form, stats=_named(held))
        return Value(*self.form, data=held)


_NAMES = {d: str(d).removeprefix("torch.") for d in vars(torch).values() if type(d) is torch.dtype}


def dtype_name(dtype: torch.dtype) -> str:
    """Return `float32` for `torch.float32`."""
    return _NAMES[dtype]


def _dense(t: torch.Tensor) -> torch.Tensor:
    if t.device.type != "cpu":
        t = t.to("cpu")
    if t.is_quantized:
        return t.dequantize()
    return t if t.layout is torch.strided else t.to_dense()


def _stats(t: torch.Tensor) -> Stats:
    """Summarise in float64, so that the digits do not depend on the number of threads."""
    wide = t.abs() if t.is_complex() else t
    if not wide.is_floating_point():
        wide = wide.double()
    low, high = torch.aminmax(wide)
    mean = wide.mean(dtype=torch.float64)
    norm = torch.linalg.vector_norm(wide, dtype=torch.float64)
    return low, mean, high, norm, t.flatten()[:CORNER].clone()


def _named(stats: Stats) -> dict[str, object]:
    return dict(
        zip(("min", "mean", "max", "norm", "corner"), (s.tolist() for s in stats), strict=True)
    )
