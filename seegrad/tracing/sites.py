"""What the bytecode says about the place where a frame is: its line, its loops, its results.

Read from the bytecode, so that no local variable of the reader is touched.
"""

from __future__ import annotations

import dis
import linecache
import os
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FrameType
from typing import NamedTuple

from seegrad.graph import Source

Names = tuple[str, ...]

COMPUTES = ("BINARY_OP", "CALL", "COMPARE_OP", "INPLACE", "UNARY")
"""Beginnings of the names of instructions that may be an operation on tensors."""


class Loop(NamedTuple):
    """A loop in a code object.

    Attributes:
        start: first bytecode offset of its body.
        end: last one.
        line: its line.
        counted: whether its turns can be told: if it holds a loop and nothing else, then from
            operation to operation nothing shows which of the two has turned.
    """

    start: int
    end: int
    line: int
    counted: bool = True


@dataclass(slots=True, frozen=True)
class Site:
    """One instruction of the reader's program.

    Attributes:
        source: its line.
        names: the variables to which the result is assigned at once: one for `y = f(x)`,
            several for `a, b = f(x)`, else none.
        loops: the loops around it, outer before inner; the same object wherever they are the
            same in a code object.
    """

    source: Source
    names: Names
    loops: tuple[Loop, ...]


class _Code:
    """A code object and the sites that were met in it."""

    def __init__(self, code: CodeType) -> None:
        self.code = code  # kept, so that its id is not given to another
        self.sites: dict[int, Site] = {}
        self.loops = _loops(code)
        self.nests: dict[tuple[Loop, ...], tuple[Loop, ...]] = {}
        self.instructions = [i for i in dis.get_instructions(code) if i.opname != "CACHE"]
        self.offsets = [i.offset for i in self.instructions]

    def site(self, frame: FrameType) -> Site:
        offset = frame.f_lasti
        at = bisect_right(self.offsets, offset)
        loops = tuple(loop for loop in self.loops if loop.start <= offset <= loop.end)
        made = self.sites[offset] = Site(
            _source(self.code.co_filename, frame.f_lineno),
            _names_after(self.instructions, at) if at else (),
            self.nests.setdefault(loops, loops),
        )
        return made


_codes: dict[int, _Code] = {}
"""By identity: hashing a code object takes as long as the work that is saved."""


def site(frame: FrameType) -> Site:
    """Return where a frame is."""
    code = frame.f_code
    known = _codes.get(id(code))
    if known is None:
        known = _codes[id(code)] = _Code(code)
    return known.sites.get(frame.f_lasti) or known.site(frame)


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


def _loops(code: CodeType) -> tuple[Loop, ...]:
    """Return the loops of a code object, outer before inner, from its backward jumps."""
    ends: dict[int, int] = {}
    for i in dis.get_instructions(code):
        if i.opname.startswith(("JUMP_BACKWARD", "POP_JUMP_BACKWARD")):
            ends[i.argval] = max(i.offset, ends.get(i.argval, 0))
    lines = [(a, b, line) for a, b, line in code.co_lines() if line]

    def line_of(offset: int) -> int:
        return next((line for a, b, line in lines if a <= offset < b), code.co_firstlineno)

    found = [Loop(start, end, line_of(start)) for start, end in ends.items()]
    found.sort(key=lambda loop: (loop.start, -loop.end))
    work = [i.offset for i in dis.get_instructions(code) if i.opname.startswith(COMPUTES)]
    counted = [_counted(loop, found, work, line_of) for loop in found]
    return tuple(loop._replace(counted=c) for loop, c in zip(found, counted, strict=True))


def _counted(loop: Loop, found: list[Loop], work: list[int], line_of: Callable[[int], int]) -> bool:
    """Tell whether a loop computes something outside of the loops that it holds."""
    inner = [i for i in found if loop.start <= i.start and i.end <= loop.end and i != loop]
    return not inner or any(
        loop.start <= at <= loop.end
        and not any(i.start <= at <= i.end or i.line == line_of(at) for i in inner)
        for at in work
    )
