"""Writes the pages of the book and their plots from what was measured."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib as mpl
import torch
from matplotlib import pyplot as plt

from benchmarks.words import WORDS
from seegrad import fonts

mpl.use("Agg")

COLOURS = {
    "structure": "#1f5fa8", "full": "#4d94d8", "folded": "#a9cdf0",
    "torchviz": "#a3341c", "torchview": "#e0905a",
}  # fmt: skip
MARKS = {"structure": "o", "full": "s", "folded": "^", "torchviz": "X", "torchview": "P"}

PLOT = "benchmarks.{language}.svg"
FOLDERS = {"en": "", "zh": "zh"}
"""Where the pages of each language are, in the book's folder."""

Found = dict[str, Any]
Words = dict[str, Any]


def write(pictures: dict[str, Found], overheads: Found, book: Path, limit: float) -> None:
    """Write a page and a plot for each language into the book's folder."""
    (book / "_static").mkdir(exist_ok=True)
    for language, words in WORDS.items():
        folder = book / FOLDERS[language]
        folder.mkdir(exist_ok=True)
        file = book / "_static" / PLOT.format(language=language)
        fonts.use(language)
        said = plot(pictures, words, file)
        template = Path(__file__).with_name(f"page.{language}.md").read_text(encoding="utf-8")
        page = template.format(
            machine=words["machine"].format(**machine()),
            plot=Path(os.path.relpath(file, folder)).as_posix(),
            alt=words["alt"].format(said=said),
            goals=goals(pictures, words),
            limit=limit,
            times=table(pictures, words, partial(_times, words=words)),
            boxes=table(pictures, words, lambda found: _number(found.get("boxes"))),
            memory=table(pictures, words, _memory),
            ratios=ratios(overheads["ratios"], words),
            **first(overheads["first"]),
        )
        (folder / "benchmarks.md").write_text(page, encoding="utf-8")


def machine() -> dict[str, Any]:
    """Describe where this ran: what matters for the figures, and nothing that names the machine."""
    dot = subprocess.run(["dot", "-V"], capture_output=True, text=True, check=True).stderr
    return {
        "cores": os.cpu_count(),
        "kind": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "dot": dot.split("version")[-1].split("(")[0].strip(),
        "torchviz": version("torchviz"),
        "torchview": version("torchview"),
    }


def table(pictures: dict[str, Found], words: Words, cell: Callable[[Found], str]) -> str:
    """Return a table with a row for each program and a column for each tool."""
    head = [words["program"], words["nodes"], *words["tools"].values()]
    rows = [
        [
            words["cases"][case],
            _number(next((f["nodes"] for f in tools.values() if "nodes" in f), None)),
            *(cell(tools[tool]) for tool in words["tools"]),
        ]
        for case, tools in pictures.items()
    ]
    return _lines(head, 1, rows)


def _lines(head: Sequence[str], left: int, rows: list[list[str]]) -> str:
    """Return a Markdown table, of which the first `left` columns are words."""
    rules = ["---"] * left + ["--:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *rows))


def _number(n: int | None) -> str:
    return "—" if n is None else f"{n:,}"


def _seconds(t: float) -> str:
    return f"{t:.1f}" if t >= 10 else f"{t:.2f}" if t >= 0.1 else f"{t:.4f}".rstrip("0")


def _times(found: Found, words: Words) -> str:
    if "first" not in found:
        return words["limit"].format(**found) if "limit" in found else words["failed"]
    if "next" not in found:
        return words["first"].format(time=_seconds(found["first"]))
    return words["next"].format(first=_seconds(found["first"]), next=_seconds(found["next"]))


def _memory(found: Found) -> str:
    if "grew" not in found:
        return "—"
    dot = f" + {found['dot']:.0f}" if found["dot"] else ""
    return f"{found['grew']:.0f}{dot}"


def best(found: Found) -> float | None:
    """Return the time of a later picture, else of the first one."""
    return found.get("next", found.get("first"))


def goals(pictures: dict[str, Found], words: Words) -> str:
    """Say how many times faster than torchviz the pictures are."""
    lines = []
    for tool, what in words["goals"].items():
        said = []
        for case, tools in pictures.items():
            mine, theirs = best(tools[tool]), best(tools["torchviz"])
            given = {"case": words["cases"][case]}
            if mine and theirs:
                said.append(words["goal"].format(ratio=theirs / mine, **given))
            elif mine and "limit" in tools["torchviz"]:
                more = tools["torchviz"]["limit"] / mine
                said.append(words["at least"].format(ratio=more, **given))
        lines.append(words["line"].format(what=what, said=words["and"].join(said)))
    return "\n".join(lines)


def first(found: dict[str, list[Found]]) -> dict[str, float]:
    """Return medians over fresh processes, in milliseconds: of the first run and of later ones."""
    medians: dict[str, float] = {"processes": len(found["trace"])}
    for what, runs in found.items():
        for when in ("first", "next"):
            medians[f"{when}_{what}"] = 1e3 * statistics.median(run[when] for run in runs)
    return medians


def ratios(found: dict[tuple[str, str], Found], words: Words) -> str:
    """Return the table on tracing without a picture."""
    rows = []
    for (case, threads), r in found.items():
        row = [words["cases"][case], words.get(threads, threads)]
        if "plain" in r:
            (a, b), (c, d) = r["plain"], r["trace"]
            row += [words["pair"].format(low=1e3 * x, median=1e3 * y) for x, y in ((a, b), (c, d))]
            row += [f"{c / a:.1f}", f"{d / b:.1f}", str(r["rounds"])]
        else:
            row += ["—"] * 5
        rows.append(row)
    return _lines(words["ratios"], 2, rows)


def plot(pictures: dict[str, Found], words: Words, file: Path) -> str:
    """Draw the times of later pictures on a logarithmic axis; return a text for it."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "seegrad", "font.size": 10})
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.set_facecolor("white")
    labels = [words["cases"][case] for case in pictures]
    said = []
    for tool, name in words["tools"].items():
        points = [
            (x, k)
            for k, tools in enumerate(pictures.values())
            if (x := best(tools[tool])) is not None
        ]
        xs, ys = [x for x, _ in points], [k for _, k in points]
        axes.plot(xs, ys, MARKS[tool], label=name, color=COLOURS[tool], markersize=8)
        if points:
            case, time = labels[ys[-1]], _seconds(xs[-1])
            said.append(words["point"].format(tool=name, time=time, case=case))
        for k, tools in enumerate(pictures.values()):
            if "limit" in tools[tool] and "first" not in tools[tool]:
                axes.plot([tools[tool]["limit"]], [k], ">", color=COLOURS[tool], markersize=9)
    axes.set_xscale("log")
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlabel(words["seconds"])
    axes.set_title(words["title"])
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return words["and"].join(said)
