"""Runs a learner's code so that nothing it does harms the check or costs points.

The code runs in a thread of its own, the same way on Linux, macOS and Windows. At the time
limit an exception is thrown into the thread, which ends every loop that Python executes. Code
that swallows even that, or sits in one long call of C code, is left behind in its thread, and
the check ends all the same. What cannot be ended is C code that does not let other threads run.
"""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import linecache
import os
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

GRACE = 1.0
"""Seconds in which stopped code must end."""
_monotonic, _sleep = time.monotonic, time.sleep
_Thread, _throw = threading.Thread, ctypes.pythonapi.PyThreadState_SetAsyncExc


class Stopped(BaseException):
    """Thrown into code that ran too long."""


@dataclass(slots=True)
class Outcome:
    """How a call ended.

    Attributes:
        value: what was returned.
        error: what was raised, else None.
        timed_out: whether it was stopped at the time limit.
        line: for that case, where it was, as line number and text.
        alive: whether it could not be stopped.
        seconds: the time limit.
        over: whether the learner's code has ended.
    """

    value: Any = None
    error: BaseException | None = None
    timed_out: bool = False
    line: tuple[int, str] | None = None
    alive: bool = False
    seconds: float = 0.0
    over: bool = False


def run(function: Callable, args: tuple, seconds: float) -> Outcome:
    """Call a learner's function with a time limit; what it raises is kept, not raised."""
    done = Outcome()

    def work() -> None:
        with contextlib.suppress(Stopped):  # thrown a second time, while the first is handled
            try:
                done.value = function(*args)
            except BaseException as error:
                # Without the frame of this function: the reader sees their own lines.
                done.error = error.with_traceback(error.__traceback__.tb_next)
            finally:
                done.over = True

    context = contextvars.copy_context()  # so that Jupyter shows prints below the right cell
    thread = _Thread(target=context.run, args=(work,), daemon=True)
    with quiet():
        thread.start()
        try:
            thread.join(seconds)
        except BaseException:  # the reader pressed the stop button
            _stop(thread, done)
            raise
        if thread.is_alive():
            line, alive = _where(thread, function), not _stop(thread, done)
            return Outcome(timed_out=True, line=line, alive=alive, seconds=seconds)
    return done


def _stop(thread: threading.Thread, done: Outcome) -> bool:
    """Throw `Stopped` into the learner's code until it ends; return whether the thread did."""
    end = _monotonic() + GRACE
    while thread.is_alive() and _monotonic() < end:
        if not done.over:  # else it would strike the end of the thread itself
            _throw(ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped))
        thread.join(0.05)
    return not thread.is_alive()


def _where(thread: threading.Thread, function: Callable) -> tuple[int, str] | None:
    """Return the line of the learner's file at which the thread is."""
    function = getattr(function, "__wrapped__", function)  # the answer inside a check's own call
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frame: types.FrameType | None = sys._current_frames().get(thread.ident)
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    if frame is None:
        return None
    return frame.f_lineno, linecache.getline(file, frame.f_lineno).strip()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send to stdout what would go to stderr, where nbgrader would count it as a failure.

    Warnings that the learner turned into errors are warnings again.
    """
    with warnings.catch_warnings(), _low_level(), contextlib.redirect_stderr(sys.stdout):
        warnings.simplefilter("default")
        yield


@contextlib.contextmanager
def _low_level() -> Iterator[None]:
    """Do the same for what C code writes; Jupyter watches these file descriptors."""
    try:
        kept = os.dup(2)
        os.dup2(1, 2)
    except OSError:  # a process without these
        yield
        return
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
