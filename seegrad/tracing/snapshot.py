"""Copies of tensors that share nothing with the reader's tensors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import torch

from seegrad.values import Value

KEEP = 256
"""Tensors with more elements than this are summarised, not copied."""

CORNER = 6


class Snapshot:
    """What a tensor held when the snapshot was taken.

    Attributes:
        shape: its shape.
        dtype: its dtype without `torch.`.
        version: its version counter then, None if it has none (inference tensors).
        tensor: a detached, dense copy; None if it had more than `KEEP` elements, or if
            its elements cannot be read (some tensor subclasses).
    """

    __slots__ = ("_stats", "_value", "dtype", "shape", "tensor", "version")

    def __init__(self, t: torch.Tensor) -> None:
        self.shape = tuple(t.shape)
        self.dtype = dtype_name(t.dtype)
        self.version = None if t.is_inference() else t._version
        self.tensor: torch.Tensor | None = None
        self._stats: tuple[torch.Tensor, ...] = ()
        self._value: Value | None = None
        try:
            t = _dense(t.detach())
            if t.numel() <= KEEP:
                self.tensor = t.clone()
            else:
                self._stats = _stats(t)
        except (NotImplementedError, RuntimeError, TypeError):
            self._value = Value(self.shape, self.dtype)

    @property
    def value(self) -> Value:
        """The content as plain data."""
        if self._value is None and self._stats:
            self._value = Value(self.shape, self.dtype, stats=_named(self._stats))
        elif self._value is None:
            self._value = Value(self.shape, self.dtype, data=self.tensor.tolist())
        return self._value


@lru_cache(maxsize=64)
def dtype_name(dtype: torch.dtype) -> str:
    """Return `float32` for `torch.float32`."""
    return str(dtype).removeprefix("torch.")


def _dense(t: torch.Tensor) -> torch.Tensor:
    if t.device.type != "cpu":
        t = t.to("cpu")
    if t.is_quantized:
        return t.dequantize()
    return t if t.layout is torch.strided else t.to_dense()


def _stats(t: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Summarise in float64, so that the digits do not depend on the number of threads."""
    wide = t.abs() if t.is_complex() else t
    if not wide.is_floating_point():
        wide = wide.double()
    low, high = torch.aminmax(wide)
    mean = wide.mean(dtype=torch.float64)
    norm = torch.linalg.vector_norm(wide, dtype=torch.float64)
    return low, mean, high, norm, t.flatten()[:CORNER].clone()


def _named(stats: tuple[torch.Tensor, ...]) -> dict[str, object]:
    return dict(
        zip(("min", "mean", "max", "norm", "corner"), (s.tolist() for s in stats), strict=True)
    )


def all_finite(snapshots: Iterable[Snapshot]) -> bool:
    """Tell whether no element is nan or infinite; one look at all tensors of a dtype."""
    kept: dict[str, list[torch.Tensor]] = {}
    for s in snapshots:
        if s.tensor is not None:
            kept.setdefault(s.dtype, []).append(s.tensor.reshape(-1))
        elif not s.value.finite:
            return False
    return all(bool(torch.cat(tensors).isfinite().all()) for tensors in kept.values())
