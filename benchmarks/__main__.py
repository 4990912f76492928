"""Runs every measurement in a process of its own and writes the page and the plot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES
from benchmarks.one import TOOLS
from benchmarks.report import write

ROOT = Path(__file__).parent.parent
LIMIT = 75.0
"""Seconds after which a process and its children are ended: the goal speaks of a minute."""

FRESH = 5
"""So many processes time their first trace."""

NEED_DOT = (
    "the dot program was not found: torchviz and torchview draw with it. Install Graphviz "
    "(apt-get install graphviz, brew install graphviz, or https://graphviz.org/download/)"
)


def run(*words: str, limit: float = LIMIT) -> dict[str, Any]:
    """Return what one process measured before it ended or its time was up."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.one", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    found: dict[str, Any] = {}
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        end(process)
        out, err = process.communicate()
        found["limit"] = limit
    for line in out.splitlines():
        found |= json.loads(line)
    if process.returncode and "limit" not in found:
        found["error"] = (err.strip().splitlines() or ["no message"])[-1]
    print(*words, found, flush=True)
    return found


def end(process: subprocess.Popen) -> None:
    """End a process and the dot that it may have started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def pictures(cases: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the figures of every case and tool."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for case in cases:
        for tool in TOOLS:
            here = run("picture", tool, case)
            if "next" in here:
                here |= run("memory", tool, case)
            found.setdefault(case, {})[tool] = here
    return found


def overheads() -> dict[str, Any]:
    """Return what tracing costs beside plain PyTorch."""
    first: dict[str, list[dict[str, Any]]] = {"plain": [], "trace": []}
    for _ in range(FRESH):
        for what, found in first.items():
            found.append(run("first", what))
    ratios = {
        (case, threads): run("ratio", case, threads)
        for case in ("chain 1000", "gpt 1000")
        for threads in ("1", "default")
    }
    return {"first": first, "ratios": ratios}


def main() -> None:
    """Measure the cases that were named, or all, then write."""
    unknown = [name for name in sys.argv[1:] if name not in CASES]
    if unknown:
        sys.exit(f"no case is called {unknown[0]!r}: the cases are {', '.join(CASES)}")
    if shutil.which("dot") is None:
        sys.exit(NEED_DOT)
    write(pictures(sys.argv[1:] or CASES), overheads(), ROOT / "book", LIMIT)


if __name__ == "__main__":
    main()
