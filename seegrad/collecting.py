"""Keeps the garbage collector away while many objects are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
