"""What the player tells about one node when it is selected."""

from __future__ import annotations

from collections.abc import Iterator

from seegrad.graph import Node
from seegrad.language import say
from seegrad.picture import Facts, clip
from seegrad.values import shape_text

ALWAYS, RAN, ARRIVED = range(3)
"""From when on a row is shown: always, once the node has run, once its gradient is there."""

KINDS = {
    "op": "operation",
    "leaf": "leaf that requires grad",
    "constant": "constant",
    "cut": "cut",
}
KIND = "kind"
GRAD_FN = "grad_fn"
NODE = "node"
VARIABLE = "variable"
CUT = "cut by"
BEHIND = "{by}, from {behind}"
SHAPE = "shape, dtype"
LINE = "line"
CODE = "{place}: {code}"
VALUE = "value"
OUTPUT = "output {number}"
SAVED = "saved {name}"
VERSION = "version"
CHANGED = "{count} (changed in place so many times before this moment)"
BEFORE = ".grad before"
AFTER = ".grad after"
GRADIENT = "gradient that arrived"
GRADIENT_OF = "gradient of output {number}"

SHORT, LONG = 80, 120

Row = tuple[str, str, int]


def rows(node: Node, facts: Facts) -> list[list[str | int]]:
    """Return (label, text, from when on) for each row of the panel of a selected node."""
    return [list(r) for r in (*_is(node), *_holds(node, facts), *_receives(node, facts))]


def _is(node: Node) -> Iterator[Row]:
    yield say(KIND), say(KINDS[node.kind]), ALWAYS
    if node.op:
        label = GRAD_FN if node.kind == "op" else say(NODE)
        yield label, clip(node.op.split("::")[-1], SHORT), ALWAYS
    if node.name:
        yield say(VARIABLE), clip(node.name, SHORT), ALWAYS
    if node.note:
        cut = say(BEHIND, by=node.note, behind=node.behind) if node.behind else node.note
        yield say(CUT), clip(cut, SHORT), ALWAYS
    if node.shape is not None and node.kind != "constant":
        yield say(SHAPE), f"{shape_text(node.shape)}, {node.dtype}", ALWAYS
    if node.source is not None:
        code = clip(node.source.code, SHORT)
        yield (
            say(LINE),
            say(CODE, place=node.source, code=code) if code else str(node.source),
            ALWAYS,
        )


def _holds(node: Node, facts: Facts) -> Iterator[Row]:
    for key in _ends(node):
        if key in facts.values:
            label = say(OUTPUT, number=key[1]) if key[1] else say(VALUE)
            yield label, facts.values[key].text(LONG), RAN
    version = facts.versions.get((node.id, 0))
    if version:
        yield say(VERSION), say(CHANGED, count=version), RAN
    for name, value in facts.saved.get(node.id, {}).items():
        yield say(SAVED, name=name), value.text(LONG), RAN
    for name, setting in facts.settings.get(node.id, {}).items():
        yield say(SAVED, name=name), clip(str(setting), LONG), RAN


def _receives(node: Node, facts: Facts) -> Iterator[Row]:
    if node.id in facts.before:
        yield say(BEFORE), facts.before[node.id].text(LONG), ALWAYS
    for key in _ends(node):
        if key in facts.grads:
            label = say(GRADIENT_OF, number=key[1]) if key[1] else say(GRADIENT)
            yield label, facts.grads[key].text(LONG), ARRIVED
    if node.id in facts.after:
        yield say(AFTER), facts.after[node.id].text(LONG), ARRIVED


def _ends(node: Node) -> list[tuple[int, int]]:
    return [(node.id, output) for output in range(max(len(node.outputs), 1))]
