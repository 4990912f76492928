"""What the tests share."""

import pytest
import torch


@pytest.fixture
def x():
    """Return the lesson's vector."""
    return torch.arange(4.0, requires_grad=True)
