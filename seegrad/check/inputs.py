"""Draws the inputs of a check: fresh and seeded, of every sort that tells answers apart."""

from __future__ import annotations

import math
import zlib
from random import Random

import torch

SORTS = (  # dtype, requires grad, .grad is filled already
    (torch.float64, False, False),
    (torch.float32, True, False),
    (torch.float64, True, True),
    (torch.float32, False, False),
)
ROUNDS = len(SORTS)
SIZES = (2, 3, 4, 5)
_tensor, _reshape = torch.tensor, torch.Tensor.reshape


class Draw:
    """Draws tensors and numbers for one round of a check.

    Call it with a shape: the numbers have two decimals, none is 0, and from two elements on
    both signs occur. From round to round the dtype changes, and so does whether the tensor
    requires grad, or already carries a `.grad` from something that happened before.

    Example:
        `inputs=lambda draw: (draw(n := draw.size(), n), draw(n))`
    """

    def __init__(self, name: str, turn: int) -> None:
        self._turn = turn
        self._dtype, self._grad, self._filled = SORTS[turn]
        self._random = Random(zlib.crc32(f"{name} {turn}".encode()))
        self._sizes = self._random.sample(SIZES, len(SIZES))

    def __call__(
        self, *shape: int, dtype: torch.dtype | None = None, grad: bool | None = None
    ) -> torch.Tensor:
        """Draw a tensor.

        Args:
            *shape: its shape; nothing for a tensor with one number.
            dtype: instead of the dtype of the round.
            grad: whether it requires grad in every round, or in none.
        """
        dtype = dtype or self._dtype
        made = self._numbers(shape, dtype)
        if self._grad if grad is None else grad:
            made.requires_grad_()
            if self._filled:
                made.grad = self._numbers(shape, dtype)
        return made

    def size(self) -> int:
        """Return a size from 2 to 5; four sizes of one round are all different."""
        self._sizes.append(self._sizes.pop(0))
        return self._sizes[-1]

    def number(self, low: float = -3.0, high: float = 3.0) -> float:
        """Return a plain number with two decimals."""
        return round(self._random.uniform(low, high), 2)

    def pick(self, *options: object) -> object:
        """Return one of the options, another one in each round as long as there are any."""
        return options[self._turn % len(options)]

    def _numbers(self, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
        flat = [round(self._random.gauss(0, 1.5), 2) or 0.5 for _ in range(math.prod(shape))]
        if len(flat) >= 2:
            flat[:2] = -abs(flat[0]), abs(flat[1])
        elif flat:
            flat[0] = abs(flat[0]) * (-1) ** self._turn
        return _reshape(_tensor(flat, dtype=dtype), shape)
