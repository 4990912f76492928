"""A deep graph is traced and freed without overflowing the stack, which would end the process."""

import subprocess
import sys

import pytest

from seegrad.tracing.walk import MAX_NODES

PROGRAM = """
import gc, sys, threading
import torch
import seegrad as sg

nodes, kib = int(sys.argv[1]), int(sys.argv[2])

def work():
    y = torch.ones((), requires_grad=True)
    for _ in range(nodes - 1):
        y = y.sin()
    trace = sg.graph(y)
    print(len(trace.graph.nodes))
    del y, trace
    gc.collect()

if kib:
    threading.stack_size(kib * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
else:
    work()
print("freed")
"""

THREAD_KIB = 512
"""The stack of a thread on macOS, where a kernel may run a cell; Linux gives 8 MiB."""

SAFE_IN_A_THREAD = 1_500
"""So many nodes of a chain torch 2.13 frees within such a stack. Measured on x86-64 Linux: each
takes some 215 bytes of stack, so that 2,432 go well in 512 KiB and 2,496 do not."""


def run(nodes, kib):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(nodes), str(kib)], capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("nodes", "kib"), [(MAX_NODES, 0), (MAX_NODES, 8 * 1024), (SAFE_IN_A_THREAD, THREAD_KIB)]
)
def test_a_deep_chain_is_traced_and_freed(nodes, kib):
    made = run(nodes, kib)
    assert (made.returncode, made.stdout.split()) == (0, [str(nodes), "freed"]), made.stderr


def test_a_deeper_chain_is_refused_and_freed():
    made = run(100_000, 0)
    assert made.returncode == 1
    assert "more than 20,000 nodes: trace a smaller part" in made.stderr
    assert "Fatal" not in made.stderr
