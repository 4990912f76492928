"""What the reader's source code says about a tensor: its line and its variable name."""

from __future__ import annotations

import dis
import linecache
import os
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType
from typing import Any

import torch

from seegrad.graph import Source

_TORCH = os.path.dirname(torch.__file__) + os.sep
_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
_MODULE_CALL = "_call_impl"  # the frame of nn.Module.__call__

Names = tuple[str, ...]


def once_per_code(function: Callable[[CodeType], Any]) -> Callable[[CodeType], Any]:
    """Remember a function's result for each code object.

    By identity: hashing a code object takes as long as the work that is saved. The
    object is kept, so that its id is not given to another.
    """
    known: dict[int, tuple[CodeType, Any]] = {}

    def look_up(code: CodeType) -> Any:
        entry = known.get(id(code))
        if entry is None:
            entry = known[id(code)] = code, function(code)
        return entry[1]

    return look_up


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
    while frame is not None and is_library(frame):
        direct = direct and frame.f_code.co_name != _MODULE_CALL
        if not frame.f_code.co_filename.startswith(_OURS):
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


def source(frame: FrameType) -> Source:
    """Return the line that a frame is executing."""
    file, line = frame.f_code.co_filename, frame.f_lineno
    return _source(file, line)


@lru_cache(maxsize=4096)
def _source(file: str, line: int) -> Source:
    code = linecache.getline(file, line).strip()
    cell = _cell_number(file)
    return Source(os.path.basename(file) if cell is None else f"cell {cell}", line, code)


def _cell_number(file: str) -> int | None:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    # CachingCompiler maps the file name it invents for a cell to the cell's number.
    return getattr(getattr(shell, "compile", None), "_filename_map", {}).get(file)


def stored_names(frame: FrameType) -> Names:
    """Return the variables to which the call that a frame is making assigns its result.

    One name for `y = f(x)`, several for `a, b = f(x)`, none if the result is not
    assigned at once. Read from the bytecode, so that no local variable is touched.
    """
    offsets, names = _stores(frame.f_code)
    at = bisect_right(offsets, frame.f_lasti) - 1
    return names[at] if at >= 0 else ()


@once_per_code
def _stores(code: CodeType) -> tuple[list[int], list[Names]]:
    instructions = [i for i in dis.get_instructions(code) if i.opname != "CACHE"]
    offsets = [i.offset for i in instructions]
    return offsets, [_names_after(instructions, k + 1) for k in range(len(instructions))]


def _names_after(instructions: list[dis.Instruction], k: int) -> Names:
    while k < len(instructions) and instructions[k].opname in ("COPY", "NOP"):
        k += 1
    if k == len(instructions):
        return ()
    after = instructions[k]
    if after.opname == "UNPACK_SEQUENCE":
        targets = (name for i in instructions[k + 1 :] for name in _stored(i))
        return tuple(name for name, _ in zip(targets, range(after.arg), strict=False))
    return tuple(_stored(after))[:1]


def _stored(i: dis.Instruction) -> Iterator[str]:
    if i.opname == "STORE_FAST_STORE_FAST":
        yield from i.argval
    elif i.opname.startswith("STORE_FAST_"):
        yield i.argval[0]
    elif i.opname in ("STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF"):
        yield i.argval


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
