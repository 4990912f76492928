"""Reads what the nodes of a graph saved for their backward."""

from __future__ import annotations

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
        for attribute in dir(fn):
            if not attribute.startswith(PREFIX):
                continue
            name, held = attribute.removeprefix(PREFIX), _read(fn, attribute)
            if isinstance(held, torch.Tensor):
                tensors.setdefault(i, {})[name] = Snapshot(held)
                _learn(found, ids, held)
            elif isinstance(held, bool | int | float | str):
                settings.setdefault(i, {})[name] = held
            elif isinstance(held, tuple) and all(type(v) is int for v in held):
                settings.setdefault(i, {})[name] = list(held)
    return tensors, settings


def _read(fn: object, attribute: str) -> object:
    try:
        return getattr(fn, attribute)
    except RuntimeError:  # freed by an earlier backward
        return None


def _learn(found: Walk, ids: dict[object, int], t: torch.Tensor) -> None:
    maker = ids.get(t.grad_fn)
    if maker is not None and (maker, t.output_nr) not in found.values:
        found.values[maker, t.output_nr] = Snapshot(t)
