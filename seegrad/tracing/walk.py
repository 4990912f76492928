"""Follows `next_functions` from an output to the leaves: the graph that autograd holds."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import dataclass, field
from functools import lru_cache

import torch
from torch.autograd.graph import Node as Function

from seegrad.graph import Edge, Node
from seegrad.language import say
from seegrad.rules import rule_for
from seegrad.tracing.record import Call, Data, Number, Operand, Record, Seen
from seegrad.tracing.snapshot import Snapshot, form_of
from seegrad.values import Value

try:
    import resource
except ImportError:  # Windows
    resource = None

MAX_NODES = 20_000
"""More nodes than this are refused, fewer where the stack is small (see `most_nodes`)."""

STACK_PER_NODE = 400
"""Once Python has touched the nodes of a chain, torch 2.13 frees it by recursion: some 215
bytes of stack a node, measured on x86-64 Linux; the rest is a margin."""

LEAF = "AccumulateGrad"

Held = Snapshot | Value
Form = tuple[tuple[int, ...], str]


@dataclass(slots=True)
class Walk:
    """The graph and, for as long as it is needed, autograd's own nodes.

    Attributes:
        nodes: the boxes; ids are positions, in depth-first order from the output.
        edges: data flow between them.
        values: what was held by (node id, output).
        functions: autograd's node for each id, None for constants and cuts.
        leaves: node id and tensor of every leaf.
        into: for each node the indices of the edges into it, by slot.
    """

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    values: dict[tuple[int, int], Held] = field(default_factory=dict)
    functions: list[Function | None] = field(default_factory=list)
    leaves: list[tuple[int, torch.Tensor]] = field(default_factory=list)
    into: list[list[int]] = field(default_factory=list)

    def ordered(self) -> list[int]:
        """Return the ids of the operations in the order in which they ran."""
        ops = [n.id for n in self.nodes if n.kind == "op"]
        return sorted(ops, key=lambda i: self.functions[i]._sequence_nr())


def walk(root: Function, record: Record, bare: bool = False) -> Walk:
    """Build the graph behind `root`; iterative, so that depth does not matter.

    Args:
        root: the node to start from.
        record: what a recording saw; an empty one is fine, then less is known.
        bare: True leaves out values and constants.

    Raises:
        ValueError: if there are more than `MAX_NODES` nodes.
    """
    return _Walker(record, bare).run(root)


_Argument = tuple[Operand]
"""An operand that has no autograd node of its own; (None,): known to be there, no more."""


class _Walker:
    """Walks once; `found` grows."""

    def __init__(self, record: Record, bare: bool) -> None:
        self.record = record
        self.bare = bare
        self.found = Walk()
        self.ids: dict[Function, int] = {}
        self.constants: dict[int, int] = {}

    def run(self, root: Function) -> Walk:
        found, ids, most = self.found, self.ids, most_nodes()
        edges, into = found.edges, found.into
        stack: list[tuple[Function | _Argument, int, int, int]] = [(root, -1, 0, 0)]
        while stack:
            item, target, slot, output = stack.pop()
            if type(item) is tuple:
                source = self._add_argument(item[0])
            else:
                source = ids.get(item, -1)
                if source < 0:
                    source = ids[item] = self._add_function(item)
                    self._push_inputs(stack, item, source)
                    if len(ids) > most:
                        self._give_up(most)
            if target >= 0:
                into[target].append(len(edges))
                edges.append(Edge(source, target, slot, output))
        return found

    def _give_up(self, most: int) -> None:
        # Let go from the output on, so that no chain of wrappers is freed by recursion.
        for fn in list(self.ids):
            del self.ids[fn]
        raise ValueError(
            say(
                "the graph has more than {most:,} nodes: trace a smaller part, for example "
                "one step of the loop, or detach what came before",
                most=most,
            )
        )

    def _push_inputs(self, stack: list, fn: Function, me: int) -> None:
        """Put what feeds a node on the stack, first slot on top, empty slots left out."""
        following = fn.next_functions
        operands = None
        for slot in range(len(following) - 1, -1, -1):
            source, output = following[slot]
            if source is not None:
                stack.append((source, me, slot, output))
                continue
            if self.bare:
                continue
            if operands is None:
                operands = self._arguments(fn, len(following))
            if operands[slot] is not None:
                stack.append((operands[slot], me, slot, 0))

    def _arguments(self, fn: Function, count: int) -> list[_Argument | None]:
        """Return the operands by slot: as recorded, else as saved; None for empty slots."""
        call: Call | None = self.record.calls.get(fn._sequence_nr())
        name = fn.name()
        if call is not None and len(call.operands) == count and _same_op(name, call.op):
            return [None if o is None else (o,) for o in call.operands]
        rule = rule_for(name)
        if rule is None or len(rule.operands) != count:
            return [None] * count
        return [(_saved_constant(fn, operand),) for operand in rule.operands]

    def _add_function(self, fn: Function) -> int:
        nodes = self.found.nodes
        me, name = len(nodes), fn.name()
        nodes.append(
            self._leaf(me, fn, name) if name.endswith(LEAF) else self._operation(me, fn, name)
        )
        self.found.functions.append(fn)
        self.found.into.append([])
        return me

    def _leaf(self, me: int, fn: Function, name: str) -> Node:
        t = fn.variable
        note = self.record.known(t)
        form = form_of(t.shape, t.dtype)
        if not self.bare:
            held = note.held if note is not None and note.held is not None else Snapshot(t)
            self.found.values[me, 0] = held
            form = held.form
        self.found.leaves.append((me, t))
        variable = note.name if note is not None else None
        return Node(me, "leaf", name, variable, *form, outputs=(form,))

    def _operation(self, me: int, fn: Function, name: str) -> Node:
        seq, record = fn._sequence_nr(), self.record
        outputs = _outputs(*[(tuple(m.shape), m.dtype) for m in fn._input_metadata])
        shape, dtype = outputs[0] if outputs else (None, None)
        recorded = False
        if record.values:
            for output, (size, _) in enumerate(outputs):
                held = record.values.get((seq, output))
                if held is not None and held.form[0] == size:
                    self.found.values[me, output] = held
                    recorded = True
        # Numbers are unique in a thread only: without a value it may be another thread's node.
        place = record.places.get(seq) if recorded else None
        variable = record.names.get((seq, 0)) if recorded or not record.calls else None
        source, group = (place.source, place.group) if place else (None, ())
        return Node(me, "op", name, variable, shape, dtype, source, group, outputs)

    def _add_argument(self, operand: Operand) -> int:
        """Add a constant or a cut; the same tensor object used twice is one box."""
        me = len(self.found.nodes)
        note, held = self._known(operand)
        if isinstance(operand, Data):
            known = self.constants.setdefault(id(note), me)
            if known != me:
                return known
        shape, dtype = (None, None) if held is None else held.form
        if note is None:
            node = Node(me, "constant", None, None, shape, dtype)
        else:
            kind = "cut" if note.cut else "constant"
            behind = self.record.origin_text(note.origin) if note.origin else ""
            at = note.source
            node = Node(me, kind, None, note.name, shape, dtype, at, (), (), note.cut, behind)
        self.found.nodes.append(node)
        self.found.functions.append(None)
        self.found.into.append([])
        if held is not None:
            self.found.values[me, 0] = held
        return me

    def _known(self, operand: Operand) -> tuple[Seen | None, Held | None]:
        """Return the note on an operand, if it has one, and what it held."""
        if isinstance(operand, Data):
            return operand.note, operand.held
        if isinstance(operand, Number):
            note = Seen(lambda: None, cut="item", source=operand.source)
            return note, Value((), "float", data=operand.number)
        if isinstance(operand, Snapshot) or operand is None:
            return None, operand
        return None, Value((), type(operand).__name__, data=operand)


def most_nodes() -> int:
    """Return how many nodes can be walked safely in this thread."""
    own = threading.current_thread() is not threading.main_thread()
    stack = threading.stack_size() if own else 0
    if not stack and (own or resource is None):
        stack = 8 << 20 if sys.platform == "linux" else 512 << 10
    if not stack:
        stack = resource.getrlimit(resource.RLIMIT_STACK)[0]
    unlimited = stack < 0
    return MAX_NODES if unlimited else min(MAX_NODES, stack // STACK_PER_NODE)


@lru_cache(maxsize=4096)
def _outputs(*forms: tuple[tuple[int, ...], torch.dtype]) -> tuple[Form, ...]:
    return tuple(form_of(*form) for form in forms)


@lru_cache(maxsize=4096)
def _same_op(function: str, op: str) -> bool:
    """Tell whether `MulBackward0` can be the node of `mul` or `mul_`."""
    return re.sub(r"Backward\d*$", "", function).lower() == op.replace("_", "").lower()


def _saved_constant(fn: Function, name: str) -> Snapshot | None:
    try:
        saved = getattr(fn, f"_saved_{name}", None)
    except RuntimeError:  # freed by an earlier backward
        return None
    return Snapshot(saved) if isinstance(saved, torch.Tensor) else None
