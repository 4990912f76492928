"""Follows `next_functions` from an output to the leaves: the graph that autograd holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import torch
from torch.autograd.graph import Node as Function

from seegrad.graph import Edge, Node, Source
from seegrad.rules import rule_for
from seegrad.tracing.recorder import Call, Operand, Record
from seegrad.tracing.snapshot import Snapshot, dtype_name
from seegrad.values import Value

MAX_NODES = 20_000
"""More nodes than this are refused: once Python has touched the nodes of a chain of
some 50,000, torch 2.13 frees it by recursion and overflows the stack."""

LEAF = "AccumulateGrad"

Held = Snapshot | Value


@dataclass(slots=True)
class Walk:
    """The graph and, for as long as it is needed, autograd's own nodes.

    Attributes:
        nodes: the boxes; ids are positions, in depth-first order from the output.
        edges: data flow between them.
        values: what was held by (node id, output).
        functions: autograd's node for each id, None for constants and cuts.
        slots: index of the edge for each (node id, slot).
    """

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    values: dict[tuple[int, int], Held] = field(default_factory=dict)
    functions: list[Function | None] = field(default_factory=list)
    slots: dict[tuple[int, int], int] = field(default_factory=dict)

    def leaves(self) -> list[tuple[int, torch.Tensor]]:
        """Return (node id, tensor) of every leaf."""
        return [
            (i, fn.variable)
            for i, fn in enumerate(self.functions)
            if fn is not None and fn.name().endswith(LEAF)
        ]

    def ordered(self) -> list[int]:
        """Return the ids of the operations in the order in which they ran."""
        ops = [n.id for n in self.nodes if n.kind == "op"]
        return sorted(ops, key=lambda i: self.functions[i]._sequence_nr())


def walk(root: Function, record: Record) -> Walk:
    """Build the graph behind `root`; iterative, so that depth does not matter.

    Args:
        root: the node to start from.
        record: what a recording saw; an empty one is fine, then less is known.

    Raises:
        ValueError: if there are more than `MAX_NODES` nodes.
    """
    found = Walk()
    ids: dict[Function, int] = {}
    stack: list[tuple[Function, int | None, int, int]] = [(root, None, 0, 0)]
    constants: dict[int, int] = {}
    while stack:
        fn, target, slot, output = stack.pop()
        if not isinstance(fn, _Pending):
            new = fn not in ids
            if new:
                ids[fn] = _add_function(found, fn, record)
            source = ids[fn]
            if new:
                stack.extend(reversed(_inputs(fn, source, record)))
        else:
            source = _add_constant(found, fn.operand, constants, record)
        if target is not None:
            found.slots[target, slot] = len(found.edges)
            found.edges.append(Edge(source, target, slot, output))
        if len(found.nodes) > MAX_NODES:
            raise ValueError(
                f"the graph has more than {MAX_NODES:,} nodes: trace a smaller part, for example "
                "one step of the loop, or detach what came before"
            )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """An operand that has no autograd node of its own."""

    operand: Operand


def _inputs(fn: Function, me: int, record: Record) -> list[tuple]:
    """Return what feeds a node, one entry a slot, empty slots left out."""
    operands = _operands(fn, record.calls.get(fn._sequence_nr()))
    entries: list[tuple] = []
    for slot, (source, output) in enumerate(fn.next_functions):
        if source is not None:
            entries.append((source, me, slot, output))
        elif operands is not None and operands[slot] is not None:
            entries.append((_Pending(operands[slot]), me, slot, 0))
    return entries


def _operands(fn: Function, call: Call | None) -> tuple[Operand | None, ...] | None:
    """Return the operands by slot: as recorded, else as saved, None where unknown."""
    count = len(fn.next_functions)
    if call is not None and len(call.operands) == count and _same_op(fn.name(), call.op):
        return call.operands
    rule = rule_for(fn.name())
    if rule is None or len(rule.operands) != count:
        return None
    return tuple(Operand(held=_saved_constant(fn, name)) for name in rule.operands)


def _same_op(function: str, op: str) -> bool:
    """Tell whether `MulBackward0` can be the node of `mul` or `mul_`."""
    return re.sub(r"Backward\d*$", "", function).lower() == op.replace("_", "").lower()


def _saved_constant(fn: Function, name: str) -> Snapshot | None:
    try:
        saved = getattr(fn, f"_saved_{name}", None)
    except RuntimeError:  # freed by an earlier backward
        return None
    return Snapshot(saved) if isinstance(saved, torch.Tensor) else None


def _add_function(found: Walk, fn: Function, record: Record) -> int:
    me = len(found.nodes)
    name = fn.name()
    if name.endswith(LEAF):
        node, held = _leaf(me, fn, record)
        if held is not None:
            found.values[me, 0] = held
    else:
        node = _operation(me, fn, record, found.values)
    found.nodes.append(node)
    found.functions.append(fn)
    return me


def _leaf(me: int, fn: Function, record: Record) -> tuple[Node, Snapshot]:
    t = fn.variable
    shape, dtype = tuple(t.shape), dtype_name(t.dtype)
    node = Node(me, "leaf", fn.name(), record.leaf_name(t), shape, dtype, outputs=((shape, dtype),))
    return node, record.leaf_value(t) or Snapshot(t)


def _operation(me: int, fn: Function, record: Record, values: dict[tuple[int, int], Held]) -> Node:
    seq = fn._sequence_nr()
    outputs = tuple((tuple(m.shape), dtype_name(m.dtype)) for m in fn._input_metadata)
    for output, (shape, _) in enumerate(outputs):
        held = record.values.get((seq, output))
        if held is not None and held.shape == shape:
            values[me, output] = held
    name: str | None = None
    source: Source | None = None
    if (me, 0) in values or not outputs:
        name, source = record.names.get((seq, 0)), record.sources.get(seq)
    shape, dtype = outputs[0] if outputs else (None, None)
    return Node(me, "op", fn.name(), name, shape, dtype, source, outputs)


def _add_constant(found: Walk, operand: Operand, known: dict[int, int], record: Record) -> int:
    """Add a constant or a cut; the same tensor object used twice is one box."""
    note, held = operand.note, operand.held
    if note is not None and id(note) in known:
        return known[id(note)]
    me = len(found.nodes)
    shape, dtype = (None, None) if held is None else (held.shape, held.dtype)
    if note is None:
        node = Node(me, "constant", shape=shape, dtype=dtype)
    else:
        kind = "cut" if note.cut else "constant"
        behind = record.origin_text(note.origin)
        node = Node(
            me, kind, None, note.name, shape, dtype, note.source, note=note.cut, behind=behind
        )
        known[id(note)] = me
    found.nodes.append(node)
    found.functions.append(None)
    if held is not None:
        found.values[me, 0] = held
    return me
