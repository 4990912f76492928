"""Measures one thing in a process of its own; prints one JSON object a line.

python -m benchmarks.one picture TOOL CASE
python -m benchmarks.one memory TOOL CASE
python -m benchmarks.one first {plain,trace}
python -m benchmarks.one ratio CASE THREADS
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import torch

from benchmarks.cases import count, make

EVERY = 10**9
WARM, WARM_SECONDS = 5, 8.0
ROUNDS, RATIO_SECONDS = 15, 20.0
MIB = 2**20

Picture = Callable[[torch.nn.Module, torch.Tensor, torch.Tensor], str]


def structure() -> Picture:
    """Every node and its shape, from the output alone."""
    import seegrad as sg

    return lambda net, x, y: sg.graph(y, structure=True).svg(limit=EVERY)


def full() -> Picture:
    """Every node with its value and its gradient: runs forward and backward."""
    import seegrad as sg

    return lambda net, x, y: sg.trace(net, x).svg(limit=EVERY)


def folded() -> Picture:
    """As `full`, but folded as a notebook shows it."""
    import seegrad as sg

    return lambda net, x, y: sg.trace(net, x).svg()


def torchviz() -> Picture:
    """Every node and the shapes of leaves, laid out by dot."""
    from torchviz import make_dot

    def picture(net: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> str:
        return make_dot(y, params=dict(net.named_parameters())).pipe(format="svg").decode()

    return picture


def torchview() -> Picture:
    """The calls of the forward pass, found by running it, laid out by dot."""
    from torchview import draw_graph

    def picture(net: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> str:
        drawn = draw_graph(net, input_data=x, depth=100, expand_nested=True, device="cpu")
        return drawn.visual_graph.pipe(format="svg").decode()

    return picture


TOOLS = {f.__name__: f for f in (structure, full, folded, torchviz, torchview)}


def say(**found: Any) -> None:
    """Print a result at once, so that it is kept if this process is ended later."""
    print(json.dumps(found), flush=True)


def measure_picture(tool: str, case: str) -> None:
    """Time the first picture of a process, the tool's import included, then some more."""
    net, x = make(case)
    y = net(x)
    start = time.perf_counter()
    picture = TOOLS[tool]()
    made = picture(net, x, y)
    say(first=time.perf_counter() - start)
    boxes = made.count('class="node"') or made.count("<g class=")
    say(boxes=boxes, bytes=len(made), nodes=count(y))
    times: list[float] = []
    while len(times) < WARM and sum(times) < WARM_SECONDS:
        start = time.perf_counter()
        picture(net, x, y)
        times.append(time.perf_counter() - start)
    say(next=statistics.median(times), runs=len(times))


def measure_memory(tool: str, case: str) -> None:
    """Print by how much the process grew at most while it made a picture, and dot's own peak."""
    net, x = make(case)
    y = net(x)
    picture = TOOLS[tool]()
    me, stop = psutil.Process(), threading.Event()
    peak = {"own": 0, "dot": 0}

    def watch() -> None:
        while not stop.wait(0.005):
            peak["own"] = max(peak["own"], me.memory_info().rss)
            for child in me.children():
                try:
                    if Path(child.name()).stem == "dot":  # not yet, while it is a copy of us
                        peak["dot"] = max(peak["dot"], child.memory_info().rss)
                except psutil.Error:
                    continue

    before = me.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        picture(net, x, y)
    finally:
        peak["own"] = max(peak["own"], me.memory_info().rss)
        stop.set()
        watcher.join()
    say(grew=(peak["own"] - before) / MIB, dot=peak["dot"] / MIB)


def run_plain(net: torch.nn.Module, x: torch.Tensor) -> None:
    """Run forward and backward as a reader would."""
    net(x).backward()
    for p in net.parameters():
        p.grad = None


def measure_first(what: str) -> None:
    """Time the first run in a process, and the median of the next ones."""
    import seegrad as sg

    torch.set_num_threads(1)
    net, x = make("lesson")
    run = run_plain if what == "plain" else sg.trace
    times = []
    for _ in range(31):
        start = time.perf_counter()
        run(net, x)
        times.append(time.perf_counter() - start)
    say(first=times[0], next=statistics.median(times[1:]))


def measure_ratio(case: str, threads: str) -> None:
    """Time plain PyTorch and a trace in turn."""
    import seegrad as sg

    if threads != "default":
        torch.set_num_threads(int(threads))
    net, x = make(case)
    times: dict[str, list[float]] = {"plain": [], "trace": []}
    end = time.perf_counter() + RATIO_SECONDS
    while len(times["trace"]) < ROUNDS + 2 and (
        len(times["trace"]) < 5 or time.perf_counter() < end
    ):
        for name, run in (("plain", run_plain), ("trace", sg.trace)):
            start = time.perf_counter()
            kept = run(net, x)
            times[name].append(time.perf_counter() - start)
            del kept
    warm = {name: sorted(t[2:]) for name, t in times.items()}
    say(
        plain=[warm["plain"][0], statistics.median(warm["plain"])],
        trace=[warm["trace"][0], statistics.median(warm["trace"])],
        rounds=len(warm["plain"]),
    )


MEASURES = {
    "picture": measure_picture,
    "memory": measure_memory,
    "first": measure_first,
    "ratio": measure_ratio,
}

if __name__ == "__main__":
    sys.setrecursionlimit(10**6)  # torchviz recurses: a chain of 1,000 is too deep for it else
    MEASURES[sys.argv[1]](*sys.argv[2:])
