"""Tells in which module calls and in which turns of which loops a line of the reader runs."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from seegrad.tracing import frames, sites
from seegrad.tracing.sites import Loop

_LIBRARY = object()


@dataclass(slots=True)
class _Level:
    """One frame of the reader that is running, and the turns of the loops that it is in."""

    frame: FrameType
    at: int
    child: object = None
    inside: tuple[Loop, ...] = ()
    turns: dict[Loop, int] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    modules: int = 0

    def move(self, again: bool) -> None:
        """Follow the frame to where it is now; `again` if it came back to the same place."""
        before, now = self.at, self.frame.f_lasti
        self.at = now
        inside = sites.site(self.frame).loops
        if not inside and not self.inside:
            return
        turned = None
        if now < before or (now == before and again):
            # Going back means that the innermost loop around both places has turned.
            turned = next((i for i in reversed(inside) if i.start <= before <= i.end), None)
        elif inside is self.inside:
            return
        self.inside = inside
        turns = {}
        for loop in inside:
            turns[loop] = self.turns.get(loop, 1) + (loop == turned)
            if loop == turned:
                break
        self.turns = {loop: turns.get(loop, 1) for loop in inside}
        self.titles = tuple(_titles(self.turns))


def _titles(turns: dict[Loop, int]) -> Iterator[str]:
    """Name the turns, outermost loop first; loops that turn as one are named together."""
    lines: list[str] = []
    for loop, turn in turns.items():
        lines.append(str(loop.line))
        if loop.counted:
            loops = "loop in line" if len(lines) == 1 else "loops in lines"
            yield f"{loops} {' and '.join(lines)}, turn {turn}"
            lines = []


@dataclass(slots=True)
class _ModuleCall:
    """A module whose forward is running; `frame` is that of nn.Module's own call."""

    frame: FrameType
    title: str
    token: object = field(default_factory=object)


class Places:
    """Follows the reader's frames and module calls from one operation to the next.

    It holds the frames that were running at the last operation, and no others, so that
    the variables of a function that has returned live until the next operation at most.
    """

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._modules: list[_ModuleCall] = []
        self._titles: dict[int, tuple[Any, str]] = {}
        self._handles: list[Any] = []

    def __enter__(self) -> Places:
        self._handles = [
            register_module_forward_pre_hook(self._entered),
            register_module_forward_hook(self._left, always_call=True),
        ]
        return self

    def __exit__(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._levels, self._modules = [], []

    def around(self, frame: FrameType, below: FrameType | None) -> tuple[str, ...]:
        """Return turns of loops and module calls around an operation, outermost first.

        Args:
            frame: the reader's frame that asked for it.
            below: PyTorch's own frame that `frame` called, None if it called the operation.
        """
        child = None if below is None else self._child(below)
        if self._levels and self._levels[-1].frame is frame:
            # Still in the same frame, so all around it is as it was.
            level = self._levels[-1]
            level.move(_is_new(child, level.child))
        else:
            self._enter(frame, child)
            level = self._levels[-1]
        level.child = child
        if len(self._modules) == level.modules:
            return level.around + level.titles
        inner = tuple(m.title for m in self._modules[level.modules :])
        return level.around + level.titles + inner

    def _entered(self, module: torch.nn.Module, args: Any) -> None:
        frame = frames.module_call(1)
        self._modules.append(_ModuleCall(frame, self._title(module)))

    def _left(self, module: torch.nn.Module, args: Any, out: Any) -> None:
        if self._modules:
            self._modules.pop()

    def _title(self, module: torch.nn.Module) -> str:
        """Return the attribute path of a module where an enclosing call told it, else its class."""
        known = self._titles.get(id(module))
        if known is not None and known[0]() is module:
            return known[1]
        for path, inner in module.named_modules():
            title = f"{path} {type(inner).__name__}" if path else type(inner).__name__
            self._titles.setdefault(id(inner), (weakref.ref(inner), title))
        return type(module).__name__

    def _enter(self, frame: FrameType, child: object) -> None:
        """Find the reader's frames from the outermost to `frame`; keep what is known of them."""
        own: list[FrameType] = []
        f: FrameType | None = frame
        calls = {id(m.frame): k for k, m in enumerate(self._modules, 1)}
        depth: dict[int, int] = {}
        while f is not None:
            if not frames.is_library(f):
                own.append(f)
            elif id(f) in calls and own:
                depth[id(own[-1])] = calls[id(f)]
            if f.f_code.co_name == "<module>" or (own and frames.is_ours(f)):
                break  # what is around sg.trace is around the whole graph
            f = f.f_back
        own.reverse()
        self._follow(own, child)
        around: tuple[str, ...] = ()
        entered = 0
        for level in self._levels:
            level.modules = max(entered, depth.get(id(level.frame), 0))
            around += tuple(m.title for m in self._modules[entered : level.modules])
            entered, level.around = level.modules, around
            around += level.titles

    def _follow(self, own: list[FrameType], child: object) -> None:
        """Bring the levels up to date with the reader's running frames, outermost first."""
        same = 0
        while same < min(len(own), len(self._levels)) and self._levels[same].frame is own[same]:
            same += 1
        for k in range(same):
            # The last frame that is still there has made a new call.
            level = self._levels[k]
            last = k == same - 1
            level.move(last and (same < len(own) or _is_new(child, level.child)))
        del self._levels[same:]
        for f in own[same:]:
            level = _Level(f, f.f_lasti)
            level.move(again=False)
            self._levels.append(level)

    def _child(self, below: FrameType) -> object:
        for call in self._modules:
            if call.frame is below or call.frame.f_back is below:
                return call.token
        return _LIBRARY


def _is_new(child: object, before: object) -> bool:
    """Tell whether a frame that has not moved makes a new call.

    Not if it is in the same call of a module as before, or may be in the same function
    of PyTorch.
    """
    return child is None or (child is not _LIBRARY and child is not before)
