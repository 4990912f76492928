"""The running frames: which are the reader's own, and which tensors their variables hold."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from inspect import CO_OPTIMIZED
from types import FrameType
from typing import Any

import torch

_TORCH = os.path.dirname(torch.__file__) + os.sep
_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
_MODULE_CALL = "_call_impl"  # the frame of nn.Module.__call__


def caller(depth: int = 1) -> tuple[FrameType | None, FrameType | None, bool]:
    """Find the innermost frame of the reader's own code.

    Args:
        depth: how many frames to skip at once, 1 being the caller of this function.

    Returns:
        The frame (None if there is none); the frame of PyTorch that it called (None if it
        called us directly); and whether it made the call otherwise than through a module:
        only then is what is stored next the result of the call.
    """
    frame: FrameType | None = sys._getframe(depth + 1)
    below: FrameType | None = None
    direct = True
    while frame is not None:
        code = frame.f_code
        if not _in_library(code.co_filename):
            break
        direct = direct and code.co_name != _MODULE_CALL
        if not code.co_filename.startswith(_OURS):
            below = frame
        frame = frame.f_back
    return frame, below, direct


def is_library(frame: FrameType) -> bool:
    """Tell whether a frame is PyTorch's or ours, not the reader's."""
    return _in_library(frame.f_code.co_filename)


def is_ours(frame: FrameType) -> bool:
    """Tell whether a frame belongs to this package."""
    return frame.f_code.co_filename.startswith(_OURS)


@lru_cache(maxsize=4096)
def _in_library(file: str) -> bool:
    return file.startswith((_TORCH, _OURS))


def module_call(depth: int) -> FrameType:
    """Return the frame of nn.Module's call that is running a hook."""
    frame = sys._getframe(depth + 1)
    while frame.f_back is not None and frame.f_code.co_name != _MODULE_CALL:
        frame = frame.f_back
    return frame


def namespace(frame: FrameType | None) -> dict[str, Any]:
    """Return the variables that a frame can see, inner ones last.

    A copy: before Python 3.13 a function's frame keeps the dictionary that it hands
    out, and with it every tensor in it; so that dictionary is emptied again.
    """
    if frame is None:
        return {}
    seen = dict(frame.f_globals)
    local = frame.f_locals
    seen.update(local)
    if frame.f_code.co_flags & CO_OPTIMIZED and type(local) is dict:
        local.clear()
    return seen


def tensor_names(variables: Mapping[str, Any]) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield (name, tensor) for the tensors, and the parameters of the modules, among variables."""
    for name, held in list(variables.items()):
        if name.startswith("_"):
            continue
        if isinstance(held, torch.Tensor):
            yield name, held
        elif isinstance(held, torch.nn.Module):
            for inner, parameter in held.named_parameters():
                yield f"{name}.{inner}", parameter
