"""Writes the page of the book and the plot from what was measured."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from pathlib import Path
from typing import Any

import matplotlib as mpl
import torch
from matplotlib import pyplot as plt

from benchmarks.cases import CASES

mpl.use("Agg")

NAMES = {
    "structure": "seegrad, structure",
    "full": "seegrad, values and gradients",
    "folded": "seegrad, folded",
    "torchviz": "torchviz",
    "torchview": "torchview",
}
COLOURS = {
    "structure": "#1f5fa8", "full": "#4d94d8", "folded": "#a9cdf0",
    "torchviz": "#a3341c", "torchview": "#e0905a",
}  # fmt: skip
MARKS = {"structure": "o", "full": "s", "folded": "^", "torchviz": "X", "torchview": "P"}

PAGE = """# Benchmarks

How long does it take to see a graph? `make bench` measures seegrad against
[torchviz](https://github.com/szagoruyko/pytorchviz) and
[torchview](https://github.com/mert-kurttutan/torchview) in one run, on the same outputs, and
writes this page. The figures below are from {machine}.
Read them as ratios: another machine gives other seconds.

```{{image}} _static/benchmarks.svg
:alt: {alt}
:width: 100%
```

How many times longer torchviz takes than seegrad, for pictures after the first of a process:

{goals}

## What is measured

- **seegrad, structure**: `sg.graph(y, structure=True).svg(limit=…)`, every node with its
  shape, nothing folded. This is what torchviz draws.
- **seegrad, values and gradients**: `sg.trace(fn, x).svg(limit=…)`, the same picture with every
  value and every gradient in it. It runs forward and backward for that, inside the time.
- **seegrad, folded**: `sg.trace(fn, x).svg()`, what a notebook shows. Up to 300 nodes it is the
  same picture; of a bigger graph it is the outermost view, whose boxes open.
- **torchviz**: `make_dot(y, params=…)` and SVG from `dot`. It recurses, so Python's recursion limit
  is raised for it: with the usual limit it ends in an error at a chain of 1,000.
- **torchview**: `draw_graph(…, depth=100, expand_nested=True)` and SVG from `dot`. It runs the
  forward pass itself, inside the time, and draws calls of functions and modules, which are fewer
  and coarser than autograd's nodes.

Each measurement has a process of its own. The *first* picture of a process includes the import of
the tool, but not that of PyTorch; *next* is the median of up to five more. A process is ended
after {limit:g} seconds.

## Time to a picture, in seconds

{times}

## Boxes in the picture

seegrad also draws constants, torchviz also the tensors of leaves and of the output.

{boxes}

## Memory, in MiB

By how much the process grew at most, and after the plus sign the peak of `dot`, which is a process
of its own. Sampled every 5 ms, in another run than the times.

{memory}

## What tracing costs

{overhead}
"""


def write(pictures: dict[str, Any], overheads: dict[str, Any], book: Path, limit: float) -> None:
    """Write `benchmarks.md` and `_static/benchmarks.svg` into the book's folder."""
    book.joinpath("_static").mkdir(exist_ok=True)
    alt = plot(pictures, book / "_static" / "benchmarks.svg")
    page = PAGE.format(
        machine=machine(),
        alt=alt,
        goals=goals(pictures),
        limit=limit,
        times=table(pictures, _times),
        boxes=table(pictures, lambda found: _number(found.get("boxes"))),
        memory=table(pictures, _memory),
        overhead=overhead(overheads),
    )
    book.joinpath("benchmarks.md").write_text(page, encoding="utf-8")


def machine() -> str:
    """Describe where this ran: what matters for the figures, and nothing that names the machine."""
    dot = subprocess.run(["dot", "-V"], capture_output=True, text=True, check=True).stderr
    dot = dot.split("version")[-1].split("(")[0].strip()
    return (
        f"a machine with {os.cpu_count()} cores ({platform.machine()}, {platform.system()}), "
        f"Python {platform.python_version()}, PyTorch {torch.__version__.split('+')[0]}, "
        f"Graphviz {dot}, torchviz {_version('torchviz')}, torchview {_version('torchview')}"
    )


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def table(pictures: dict[str, Any], cell: Any) -> str:
    """Return a table with a row for each program and a column for each tool."""
    head = ["program", "autograd nodes", *NAMES.values()]
    rows = [
        [
            CASES[case][0],
            _number(next((f["nodes"] for f in tools.values() if "nodes" in f), None)),
            *(cell(tools[tool]) for tool in NAMES),
        ]
        for case, tools in pictures.items()
    ]
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _number(n: int | None) -> str:
    return "—" if n is None else f"{n:,}"


def _seconds(t: float) -> str:
    return f"{t:.1f}" if t >= 10 else f"{t:.2f}" if t >= 0.1 else f"{t:.4f}".rstrip("0")


def _times(found: dict[str, Any]) -> str:
    if "first" not in found:
        return f"more than {found['limit']:g}" if "limit" in found else "failed"
    following = f", next {_seconds(found['next'])}" if "next" in found else ""
    return f"first {_seconds(found['first'])}{following}"


def _memory(found: dict[str, Any]) -> str:
    if "grew" not in found:
        return "—"
    dot = f" + {found['dot']:.0f}" if found["dot"] else ""
    return f"{found['grew']:.0f}{dot}"


def best(found: dict[str, Any]) -> float | None:
    """Return the time of a later picture, else of the first one."""
    return found.get("next", found.get("first"))


def goals(pictures: dict[str, Any]) -> str:
    """Say how many times faster than torchviz the pictures are."""
    lines = []
    for tool, what in (
        ("structure", "for the same picture"),
        ("full", "for one with values and gradients"),
    ):
        said = []
        for case, tools in pictures.items():
            mine, theirs = best(tools[tool]), best(tools["torchviz"])
            if mine and theirs:
                said.append(f"{theirs / mine:.1f} for {CASES[case][0]}")
            elif mine and "limit" in tools["torchviz"]:
                more = tools["torchviz"]["limit"] / mine
                said.append(f"more than {more:,.0f} for {CASES[case][0]}")
        lines.append(f"- {what}: {'; '.join(said)}.")
    return "\n".join(lines)


def overhead(found: dict[str, Any]) -> str:
    """Return the sentences and the table on tracing without a picture."""
    first = {k: statistics.median(r["first"] for r in v) for k, v in found["first"].items()}
    later = {k: statistics.median(r["next"] for r in v) for k, v in found["first"].items()}
    text = (
        "A lesson-sized program (8 autograd nodes), one thread, medians over "
        f"{len(found['first']['trace'])} fresh processes: the first trace of a process takes "
        f"{1e3 * first['trace']:.1f} ms, where plain forward and backward take "
        f"{1e3 * first['plain']:.1f} ms the first time; later ones {1e3 * later['trace']:.2f} ms "
        f"and {1e3 * later['plain']:.3f} ms.\n\n"
        "At 1,000 nodes, forward and backward, traced over plain, each round one of both in turn, "
        "no picture:\n\n"
        "| program | threads | plain, ms: min, median | traced, ms: min, median | "
        "ratio of minima | ratio of medians | rounds |\n"
        "| --- | --- | --: | --: | --: | --: | --: |\n"
    )
    rows = []
    for (case, threads), r in found["ratios"].items():
        if "plain" not in r:
            rows.append(f"| {CASES[case][0]} | {threads} | — | — | — | — | — |")
            continue
        (a, b), (c, d) = r["plain"], r["trace"]
        rows.append(
            f"| {CASES[case][0]} | {threads} | {1e3 * a:.1f}, {1e3 * b:.1f} | "
            f"{1e3 * c:.1f}, {1e3 * d:.1f} | {c / a:.1f} | {d / b:.1f} | {r['rounds']} |"
        )
    return text + "\n".join(rows)


def plot(pictures: dict[str, Any], file: Path) -> str:
    """Draw the times of later pictures on a logarithmic axis; return a text for it."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "seegrad", "font.size": 10})
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.set_facecolor("white")
    labels = [CASES[case][0] for case in pictures]
    said = []
    for tool, name in NAMES.items():
        points = [
            (x, best(tools[tool]), k)
            for k, tools in enumerate(pictures.values())
            if (x := best(tools[tool])) is not None
        ]
        axes.plot(
            [x for x, _, _ in points], [k for _, _, k in points], MARKS[tool], label=name,
            color=COLOURS[tool], markersize=8,
        )  # fmt: skip
        if points:
            said.append(f"{name} {_seconds(points[-1][0])} s for {labels[points[-1][2]]}")
        for k, tools in enumerate(pictures.values()):
            if "limit" in tools[tool] and "first" not in tools[tool]:
                axes.plot([tools[tool]["limit"]], [k], ">", color=COLOURS[tool], markersize=9)
    axes.set_xscale("log")
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlabel("seconds to a picture (a triangle to the right: not ready by then)")
    axes.set_title("Time to a picture of the graph, less is better")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return "Time to a picture on a logarithmic axis, by program and tool: " + "; ".join(said)
