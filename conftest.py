"""Makes nbval strict where it has holes; see "How notebooks are tested" in CONTRIBUTING.md."""

import re
import time
from queue import Empty

import nbval.kernel
import nbval.plugin
import pytest

PICTURES = ("image/svg+xml", "application/vnd.seegrad.widget+json")


class KernelDied(Exception):
    """The kernel process ended while a cell was running."""


def stable(message):
    """Return the part of an error message that does not change from version to version."""
    return re.split(r"[.:] | \(|\n", message, maxsplit=1)[0].rstrip(".:")


def pytest_collectstart(collector):
    if isinstance(collector, nbval.plugin.IPyNbFile):
        # The text of a widget is compared, its picture is not; messages are compared below.
        collector.skip_compare += (*PICTURES, "evalue")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Keep the cells of a notebook together and in order, whatever shuffled the tests."""
    place = {}

    def key(entry):
        index, item = entry
        if isinstance(item, nbval.plugin.IPyNbCell):
            return place.setdefault(item.parent.nodeid, index), item.cell_num
        return index, 0

    items[:] = [item for _, item in sorted(enumerate(items), key=key)]


def await_reply(self, msg_id, timeout=None):
    """Wait for the reply as nbval does, but notice within a second that the kernel is gone."""
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            message = self.get_message("shell", timeout=1)
        except Empty:
            if not self.is_alive():
                raise KernelDied from None
            if end is not None and time.monotonic() > end:
                raise
        else:
            if message["parent_header"].get("msg_id") == msg_id:
                self.last_reply = message["content"]
                return


def problem(cell, reply):
    """Say what nbval does not notice: a hidden error, or a promised one that differs."""
    status = reply["status"]
    if not cell.options["check_exception"]:
        shown = f"{reply.get('ename')}: {reply.get('evalue')}"
        return "" if status == "ok" else f"The cell ended with status {status}: {shown}"
    promised = next((o for o in cell.cell.outputs if o.output_type == "error"), None)
    if cell.cell.execution_count is None and status == "error":  # an exercise: nothing is stored
        graded = cell.cell.metadata.get("nbgrader", {}).get("grade", False)
        waits = not graded or reply["ename"] == "NotImplementedError"
        return "" if waits else f"A cell that nobody has answered raised {reply['ename']}"
    if status != "error" or promised is None:
        return "The cell is tagged raises-exception, but nothing was raised, or stored"
    want = promised.ename, stable(promised.evalue)
    got = reply["ename"], stable(reply["evalue"])
    return "" if got == want else f"The cell raised {got}, stored is {want}"


def runtest(self, run=nbval.plugin.IPyNbCell.runtest):
    """Run a cell as nbval does, and look for what it does not notice."""
    failure = None
    try:
        run(self)
    except KernelDied:
        self.parent.timed_out = True  # the cells below are expected to fail, at once
        self.raise_cell_error("The kernel died while the cell was running")
    except nbval.plugin.NbCellError as error:
        failure = error
    said = problem(self, self.parent.kernel.last_reply)
    if said and (failure is None or self.options["check_exception"]):
        self.raise_cell_error(said)
    if failure is not None:
        raise failure


nbval.kernel.RunningKernel.await_reply = await_reply
nbval.plugin.IPyNbCell.runtest = runtest
