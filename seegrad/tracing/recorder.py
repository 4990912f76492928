"""Watches ordinary PyTorch code run."""

from __future__ import annotations

from typing import Any

from seegrad.tracing.calls import Calls
from seegrad.tracing.operations import Operations
from seegrad.tracing.record import Record


class Recorder:
    """Context manager: watch the code inside, fill `record`."""

    def __init__(self) -> None:
        self.record = Record()
        self._modes: list[Any] = []

    def __enter__(self) -> Record:
        self._modes = [Calls(self.record), Operations(self.record)]
        for mode in self._modes:
            mode.__enter__()
        return self.record

    def __exit__(self, *exc: Any) -> None:
        for mode in reversed(self._modes):
            mode.__exit__(*exc)
        self._modes = []
