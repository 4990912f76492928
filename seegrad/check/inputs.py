"""Draws the inputs of a check: fresh and seeded, of every sort that tells answers apart."""

from __future__ import annotations

import zlib

import torch

SORTS = (  # dtype, requires grad, .grad is filled already
    (torch.float64, False, False),
    (torch.float32, True, False),
    (torch.float64, True, True),
    (torch.float32, False, False),
)
ROUNDS = len(SORTS)
SIZES = (2, 3, 4, 5)
_Generator, _rand, _randn, _randperm = torch.Generator, torch.rand, torch.randn, torch.randperm


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
        self._generator = _Generator().manual_seed(zlib.crc32(f"{name} {turn}".encode()))
        order = _randperm(len(SIZES), generator=self._generator).tolist()
        self._sizes = [SIZES[i] for i in order]

    def __call__(
        self, *shape: int, dtype: torch.dtype | None = None, grad: bool | None = None
    ) -> torch.Tensor:
        """Draw a tensor.

        Args:
            *shape: its shape; nothing for a tensor with one number.
            dtype: instead of the dtype of the round.
            grad: whether it requires grad in every round, or in none.
        """
        made = self._numbers(shape).to(dtype or self._dtype)
        if self._grad if grad is None else grad:
            made.requires_grad_()
            if self._filled:
                made.grad = self._numbers(shape).to(made.dtype)
        return made

    def size(self) -> int:
        """Return a size from 2 to 5; four sizes of one round are all different."""
        self._sizes.append(self._sizes.pop(0))
        return self._sizes[-1]

    def number(self, low: float = -3.0, high: float = 3.0) -> float:
        """Return a plain number with two decimals."""
        return round(low + (high - low) * _rand((), generator=self._generator).item(), 2)

    def pick(self, *options: object) -> object:
        """Return one of the options, another one in each round as long as there are any."""
        return options[self._turn % len(options)]

    def _numbers(self, shape: tuple[int, ...]) -> torch.Tensor:
        drawn = _randn(shape, generator=self._generator, dtype=torch.float64)
        made = (1.5 * drawn).mul(100).round().div(100)
        made[made == 0] = 0.5
        flat = made.view(-1)
        if flat.numel() >= 2:
            flat[0], flat[1] = -flat[0].abs(), flat[1].abs()
        elif flat.numel() == 1:
            flat[0] = flat[0].abs() * (-1) ** self._turn
        return made
