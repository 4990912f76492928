"""The player: steps through a recorded trace, forward and then backward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from seegrad.language import say
from seegrad.widgets.payload import payload
from seegrad.widgets.shown import Shown

if TYPE_CHECKING:
    from seegrad.tracing import Trace


class Player(Shown, front="player"):
    """Shows a trace; step through it with the buttons, the slider or the keyboard.

    Args:
        trace: what `sg.trace` and the like return.
        step: how many steps are done at first, from 0 (nothing has run) to `len(trace.steps)`.

    Attributes:
        step: the same, synced: it can be observed and linked.
        value: the same again, under the name by which `interactive_output` asks.

    Example:
        Two functions side by side, kept in step by the browser, with no kernel needed:

        >>> from ipywidgets import HBox, jslink
        >>> left, right = sg.Player(sg.trace(f, x)), sg.Player(sg.trace(g, x))
        >>> jslink((left, "step"), (right, "step"))
        >>> HBox([left, right])
    """

    _data = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    value = traitlets.Int(0)

    def __init__(self, trace: Trace, step: int = 0, **kwargs: Any) -> None:
        self._text, self._svg = trace.text(), trace.svg()
        super().__init__(_data=payload(trace), step=step, **kwargs)

    @traitlets.validate("step", "value")
    def _valid_step(self, proposal: dict[str, Any]) -> int:
        last = len(self._data.get("steps", ()))
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                say(
                    "step is {step}, but this trace has steps 0 to {last}",
                    step=proposal["value"],
                    last=last,
                )
            )
        return proposal["value"]

    @traitlets.observe("step", "value")
    def _same(self, change: dict[str, Any]) -> None:
        self.step = self.value = change["new"]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the browser says; a link to a longer trace may go beyond this one."""
        if "step" in sync_data:
            step = min(max(int(sync_data["step"]), 0), len(self._data["steps"]))
            sync_data = sync_data | {"step": step}
        super().set_state(sync_data)

    def text(self) -> str:
        """Return the trace as a tree, with every value and gradient."""
        return self._text

    def svg(self) -> str:
        """Return the graph as a standalone picture, all gradients shown."""
        return self._svg

    def __repr__(self) -> str:
        inner = {i for v in self._data["views"] for n in v["nodes"] for i in n["members"]}
        return f"Player(nodes={len(inner)}, steps={len(self._data['steps'])})"
