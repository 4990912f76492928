"""The programs that are measured, each a module and its inputs, with one number as output."""

from __future__ import annotations

import torch
from torch import nn


class Weighted(nn.Module):
    """A product with a weight; torchview draws a module without children as one box."""

    def __init__(self, *weights: float) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(weights).squeeze())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the product."""
        return self.w * x


class Lesson(nn.Module):
    """One sigmoid neuron and its squared error: the size of a picture in a lesson."""

    def __init__(self) -> None:
        super().__init__()
        self.weighted = Weighted(1.0, -2.0, 0.5)
        self.b = nn.Parameter(torch.tensor(0.1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the squared error."""
        return (torch.sigmoid(self.weighted(x).sum() + self.b) - 1).pow(2)


class Chain(nn.Module):
    """A chain of `length` autograd nodes."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.weighted = Weighted(0.5)
        self.turns = (length - 2) // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the end of the chain."""
        y = self.weighted(x)
        for _ in range(self.turns):
            y = y.sin() * 1.5
        return y


class Wide(nn.Module):
    """Linear layers side by side."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(layers))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum over all layers."""
        return torch.stack([torch.relu(layer(x)) for layer in self.layers]).sum()


class Gpt(nn.Module):
    """Transformer layers and a mean."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True)
                for _ in range(layers)
            )
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the mean over all tokens."""
        return self.blocks(x).mean()


CASES = {
    "lesson": lambda: (Lesson(), torch.ones(3)),
    "chain 100": lambda: (Chain(100), torch.ones(())),
    "chain 1000": lambda: (Chain(1_000), torch.ones(())),
    "wide 1000": lambda: (Wide(200), torch.ones(2, 4)),
    "gpt 1000": lambda: (Gpt(18), torch.randn(2, 8, 32)),
    "gpt 10000": lambda: (Gpt(178), torch.randn(2, 8, 32)),
}
"""How to make the module and the input of each program."""


def make(name: str) -> tuple[nn.Module, torch.Tensor]:
    """Return the module and the input of a case, equal in every process."""
    torch.manual_seed(0)
    return CASES[name]()


def count(y: torch.Tensor) -> int:
    """Return the number of autograd nodes behind a tensor, AccumulateGrad included."""
    found, stack = set(), [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in found:
            found.add(node)
            stack.extend(source for source, _ in node.next_functions)
    return len(found)
