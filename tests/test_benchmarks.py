import os
import time

import pytest

from benchmarks import cases, report
from benchmarks.__main__ import run
from benchmarks.one import TOOLS


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
    row = report.table({"lesson": tools}, report._times).splitlines()[-1]
    assert row.endswith("| first 1.00, next 0.02 | more than 75 | failed |")
    assert "more than 3,750 for a neuron of a lesson" in report.goals({"lesson": tools})
