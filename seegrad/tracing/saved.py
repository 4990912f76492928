"""Reads what the nodes of a graph saved for their backward."""

from __future__ import annotations

from functools import lru_cache

import torch

from seegrad.tracing.snapshot import Snapshot
from seegrad.tracing.walk import Walk

PREFIX = "_saved_"


Plain = bool | int | float | str | list


def read_saved(
    found: Walk,
) -> tuple[dict[int, dict[str, Snapshot]], dict[int, dict[str, Plain]]]:
    """Return the saved tensors, and the saved settings, by node id and name.

    A saved input still knows the node that made it, so that it tells the value of that
    node's output even if nothing was recorded. Nothing is read from a freed graph.
    """
    ids = {fn: i for i, fn in enumerate(found.functions) if fn is not None}
    tensors: dict[int, dict[str, Snapshot]] = {}
    settings: dict[int, dict[str, Plain]] = {}
    for fn, i in ids.items():
        for name in _names(type(fn)):
            held = _read(fn, PREFIX + name)
            if isinstance(held, torch.Tensor):
                tensors.setdefault(i, {})[name] = _learn(found, ids, held)
            elif isinstance(held, bool | int | float | str):
                settings.setdefault(i, {})[name] = held
            elif isinstance(held, tuple) and all(type(v) is int for v in held):
                settings.setdefault(i, {})[name] = list(held)
    return tensors, settings


@lru_cache(maxsize=1024)
def _names(kind: type) -> tuple[str, ...]:
    """Return what the nodes of one type save; the type tells, so it is looked up once."""
    return tuple(n.removeprefix(PREFIX) for n in dir(kind) if n.startswith(PREFIX))


def _read(fn: object, attribute: str) -> object:
    try:
        return getattr(fn, attribute)
    except RuntimeError:  # freed by an earlier backward, or changed in place since
        return None


def _learn(found: Walk, ids: dict[object, int], t: torch.Tensor) -> Snapshot:
    """Return what a saved tensor holds; if a node of the graph made it, that is its value."""
    maker = ids.get(t.grad_fn)
    if maker is None:
        return Snapshot(t)
    held = found.values.get((maker, t.output_nr))
    if not isinstance(held, Snapshot):
        held = found.values[maker, t.output_nr] = Snapshot(t)
    return held
