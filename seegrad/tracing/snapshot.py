"""Copies of tensors that share nothing with the reader's tensors."""

from __future__ import annotations

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
        tensor: a detached copy, or None if it had more than `KEEP` elements.
    """

    __slots__ = ("_value", "dtype", "shape", "tensor")

    def __init__(self, t: torch.Tensor) -> None:
        self.shape = tuple(t.shape)
        self.dtype = dtype_name(t.dtype)
        self.tensor: torch.Tensor | None = None
        self._value: Value | None = None
        t = t.detach()
        if t.numel() <= KEEP:
            self.tensor = t.clone()
        else:
            self._value = Value(self.shape, self.dtype, stats=_stats(t))

    @property
    def value(self) -> Value:
        """The content as plain data."""
        if self._value is None:
            self._value = Value(self.shape, self.dtype, data=self.tensor.tolist())
        return self._value


def dtype_name(dtype: torch.dtype) -> str:
    """Return `float32` for `torch.float32`."""
    return str(dtype).removeprefix("torch.")


def _stats(t: torch.Tensor) -> dict[str, object]:
    wide = t.abs() if t.is_complex() else t
    wide = wide.double()
    return {
        "min": wide.min().item(),
        "mean": wide.mean().item(),
        "max": wide.max().item(),
        "norm": wide.norm().item(),
        "corner": t.flatten()[:CORNER].tolist(),
    }
