import os
import re
import time
from functools import partial

import matplotlib as mpl
import pytest

from benchmarks import cases, report
from benchmarks.__main__ import run
from benchmarks.one import TOOLS
from benchmarks.words import WORDS


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [
        ("lesson", 8, 12),
        ("chain 100", 95, 105),
        ("chain 1000", 950, 1050),
        ("wide 1000", 950, 1050),
        ("gpt 1000", 950, 1050),
        ("gpt 10000", 9500, 10500),
    ],
)
def test_the_programs_have_the_size_that_is_said(case, low, high):
    net, x = cases.make(case)
    assert low <= cases.count(net(x)) <= high


@pytest.mark.parametrize(("tool", "constants"), [("structure", 0), ("full", 2), ("folded", 2)])
def test_our_own_pictures_can_be_measured(tool, constants):
    found = run("picture", tool, "lesson")
    assert found["nodes"] == 8
    assert found["boxes"] == 8 + constants
    assert 0 < found["next"] < found["first"]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are Unix's")
def test_a_process_is_ended_when_its_time_is_up():
    start = time.monotonic()
    assert run("ratio", "gpt 10000", "1", limit=0.5)["limit"] == 0.5
    assert time.monotonic() - start < 10


def test_the_table_tells_what_failed_and_what_took_too_long():
    tools = {tool: {"nodes": 8, "first": 1.0, "next": 0.02} for tool in TOOLS}
    tools |= {"torchviz": {"limit": 75.0}, "torchview": {"error": "no"}}
    english = WORDS["en"]
    times = partial(report._times, words=english)
    row = report.table({"lesson": tools}, english, times).splitlines()[-1]
    assert row.endswith("| first 1.00, next 0.02 | more than 75 | failed |")
    assert "more than 3,750 for a neuron of a lesson" in report.goals({"lesson": tools}, english)


def test_a_page_and_a_plot_are_written_in_each_language(tmp_path, monkeypatch):
    names = ("cores", "kind", "system", "python", "torch", "dot", "torchviz", "torchview")
    monkeypatch.setattr(report, "machine", lambda: dict.fromkeys(names, "some"))
    tool = {"nodes": 8, "boxes": 10, "first": 1.0, "next": 0.02, "grew": 3.2, "dot": 0}
    pictures = {"lesson": dict.fromkeys(TOOLS, tool)}
    runs = [{"first": 0.003, "next": 0.0004}]
    ratio = {"plain": [0.004, 0.005], "trace": [0.02, 0.03], "rounds": 15}
    overheads = {
        "first": {"plain": runs, "trace": runs},
        "ratios": {("chain 1000", "1"): ratio, ("gpt 1000", "default"): {"limit": 75.0}},
    }
    with mpl.rc_context():
        report.write(pictures, overheads, tmp_path, 75.0)
    english = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    chinese = (tmp_path / "zh" / "benchmarks.md").read_text(encoding="utf-8")
    assert "| a chain of 1,000 | 1 | 4.0, 5.0 | 20.0, 30.0 | 5.0 | 6.0 | 15 |" in english
    assert "| 长度为 1,000 的链 | 1 | 4.0，5.0 | 20.0，30.0 | 5.0 | 6.0 | 15 |" in chinese
    assert "| a GPT-like stack of 18 | default | — | — | — | — | — |" in english
    for page, folder in ((english, tmp_path), (chinese, tmp_path / "zh")):
        assert "takes 3.0 ms" in page or "第一次追踪用 3.0 ms" in page
        plot = re.search(r"\{image\} (\S+)", page)[1]
        assert "<svg" in (folder / plot).read_text(encoding="utf-8")
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    assert all(WORDS[k]["cases"].keys() == cases.CASES.keys() for k in WORDS)
