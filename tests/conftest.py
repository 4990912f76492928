"""What the tests share."""

import pytest
import torch

import seegrad as sg


@pytest.fixture(autouse=True)
def english():
    """Speak English at first, whatever the environment says."""
    sg.set_language("en")


@pytest.fixture
def x():
    """Return the lesson's vector."""
    return torch.arange(4.0, requires_grad=True)
