"""Keeps the garbage collector away while many objects are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 50_000
"""So many new objects, instead of Python's 700 or 2,000, let the collector look again."""


@contextmanager
def paused() -> Iterator[None]:
    """Pause the collector in a `with` block or, as a decorator, in a function.

    Else it would look through thousands of new objects, and through all of PyTorch's, again
    and again: that takes longer than the work.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@contextmanager
def seldom() -> Iterator[None]:
    """Let the collector run seldom, not never: for a block in which the reader's own code runs."""
    before = gc.get_threshold()
    first, *others = before
    if 0 < first < SELDOM:  # 0: it is off
        gc.set_threshold(SELDOM, *others)
    try:
        yield
    finally:
        gc.set_threshold(*before)
