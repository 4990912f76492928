"""Tells each step in one sentence, with the real numbers.

A formula from `rules` is quoted only after it was evaluated with the recorded tensors
and gave what PyTorch really sent; else the sentence says what was sent and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from seegrad.graph import Node, Step
from seegrad.language import say
from seegrad.rules import LETTERS, pretty, rule_for
from seegrad.tracing.snapshot import Snapshot

if TYPE_CHECKING:
    from seegrad.tracing.trace import Trace

WIDTH = 64
UNRECORDED = "{name} runs; its result was not recorded, and PyTorch notes {op}."
COMPUTES = "{what} = {result}, and PyTorch notes {op}."
GIVES = "{what} gives {result}, and PyTorch notes {op}."
VISITED = "{name} is visited, but no gradient arrives."
KEEPS = "{op} receives {gradient} and has nowhere to send it."
SENDS = "{op} receives {gradient} and sends {sent}."
AND, AND_SENDS = " and ", ", and "
TO = "{what} to {name}"
ADDS = "{name} receives {total}; backward() adds this to {field}, now {now}."
FUNCTIONS = {
    name: getattr(torch, name)
    for name in (
        "abs", "cos", "dot", "exp", "log", "mean", "mv", "outer", "relu", "sigmoid",
        "sign", "sin", "sqrt", "sum", "tanh",
    )
}  # fmt: skip


class Storyteller:
    """Writes the sentences of one trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.facts = trace.describe()
        self.into: dict[int, list[int]] = {}
        for index, e in enumerate(trace.graph.edges):
            self.into.setdefault(e.target, []).append(index)

    def sentences(self) -> list[str]:
        """Return one sentence for each step."""
        return [
            self._forward(s) if s.phase == "forward" else self._backward(s)
            for s in self.trace.steps
        ]

    # ------------------------------------------------------------ forward

    def _forward(self, step: Step) -> str:
        node = self.trace.graph.nodes[step.node]
        result = self.facts.values.get((node.id, 0))
        if result is None:
            return say(UNRECORDED, name=node.label, op=node.op)
        what = self._equation(node, "forward", (node.id, 0), None)
        name = f"{node.name} = " if node.name else ""
        if what:
            return say(COMPUTES, what=name + what, result=result, op=node.op)
        return say(GIVES, what=name + _short(node), result=result, op=node.op)

    # ----------------------------------------------------------- backward

    def _backward(self, step: Step) -> str:
        node = self.trace.graph.nodes[step.node]
        arrived = [self.facts.grads.get((node.id, k)) for k in range(max(1, len(node.outputs)))]
        known = [str(g) for g in arrived if g is not None]
        if not known:
            return say(VISITED, name=node.label)
        if node.kind == "leaf":
            return self._leaf(node, known[0])
        sends = [self._sends(node, e) for e in step.edges]
        if not sends:
            return say(KEEPS, op=node.op, gradient=say(AND).join(known))
        return say(
            SENDS, op=node.op, gradient=say(AND).join(known), sent=say(AND_SENDS).join(sends)
        )

    def _sends(self, node: Node, edge: int) -> str:
        e = self.trace.graph.edges[edge]
        to = self.trace.graph.nodes[e.source]
        name = to.name if to.kind == "leaf" and to.name else (to.op or to.label).split("::")[-1]
        sent = self.facts.sent[edge]
        what = self._equation(node, "sends", e.slot, edge)
        return say(TO, what=f"{what} = {sent}" if what else sent, name=name)

    def _leaf(self, node: Node, total: str) -> str:
        name = node.name or say("the leaf")
        parts = [
            self.facts.sent[i]
            for i, e in enumerate(self.trace.graph.edges)
            if e.source == node.id and i in self.facts.sent
        ]
        added = " + ".join(map(str, parts))
        total = f"{added} = {total}" if len(parts) > 1 and len(added) <= WIDTH else total
        field = f"{node.name}.grad" if node.name else say("its .grad")
        before = self.facts.before.get(node.id)
        now = "None" if before is None else str(before)
        return say(ADDS, name=name, total=total, field=field, now=now)

    # ---------------------------------------------------------- equations

    def _equation(self, node: Node, part: str, place: Any, edge: int | None) -> str:
        """Return the rule with numbers put in, or '' where it cannot be confirmed."""
        rule = rule_for(node.op)
        if rule is None or len(rule.sends) != len(self._slots(node)):
            return ""
        env = self._env(node)
        if part == "forward":
            expression, truth = rule.forward, self.trace._values[place]
            env.pop("y", None)
        else:
            expression, truth = rule.sends[place], self.trace._sent[edge]
        truth_tensor = getattr(truth, "tensor", None)
        if truth_tensor is None or expression == "g" or expression == "a":
            return ""
        summed = _confirm(expression, env, truth_tensor)
        if summed is None:
            return ""
        texts = {k: self._text(v) for k, v in env.items()}
        numbers = pretty(expression, texts)
        text = numbers if len(numbers) <= WIDTH else pretty(expression)
        return say("the sum of {what}", what=text) if summed else text

    def _slots(self, node: Node) -> list[int]:
        return self.into.get(node.id, [])

    def _env(self, node: Node) -> dict[str, torch.Tensor | float]:
        """Return what the letters of a rule stand for, where it is known."""
        env: dict[str, Any] = {}
        for index in self._slots(node):
            e = self.trace.graph.edges[index]
            held = self.trace.value(e.source, e.output)
            if held is not None:
                env[LETTERS[e.slot]] = held
        for letter, held in (("y", self.trace.value(node.id)), ("g", self.trace.grad(node.id))):
            if held is not None:
                env[letter] = held
        env |= {k: v for k, v in self.facts.settings.get(node.id, {}).items() if k == "exponent"}
        if "a" in env:
            env["n"] = env["a"].numel()
        return env

    def _text(self, held: Any) -> str:
        return str(Snapshot(held).value) if isinstance(held, torch.Tensor) else f"{held:g}"


def _short(node: Node) -> str:
    return str(node.op).split("Backward")[0]


def _confirm(expression: str, env: dict[str, Any], truth: torch.Tensor) -> bool | None:
    """Evaluate a rule; return whether a sum over copies was needed, None if it does not hold."""
    try:
        result = eval(expression, {"__builtins__": {}}, FUNCTIONS | env)  # our own constant text
    except (NameError, RuntimeError, TypeError):
        return None
    result = torch.as_tensor(result)
    summed = result.shape != truth.shape and result.numel() > truth.numel()
    try:
        result = result.sum_to_size(truth.shape) if summed else result.expand_as(truth)
    except RuntimeError:
        return None
    close = torch.allclose(result.to(truth.dtype), truth, rtol=1e-4, atol=1e-6, equal_nan=True)
    return summed if close else None
