"""What an answer gave, as plain data that cannot lie about itself.

A learner's object may define `==`, patch torch, or be a subclass that answers in its own way.
So objects are recognised by their exact type, read with torch's own methods, which are bound
here before the learner's code runs, and never compared or printed themselves.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import torch

from seegrad.check import words
from seegrad.language import say
from seegrad.values import Value, number, shape_text

_detach = torch.Tensor.detach
_tolist = torch.Tensor.tolist
_numel = torch.Tensor.numel
_shape = torch.Tensor.shape.__get__
_dtype = torch.Tensor.dtype.__get__
_layout = torch.Tensor.layout.__get__
_grad = torch.Tensor.grad.__get__
_requires_grad = torch.Tensor.requires_grad.__get__
_is_leaf = torch.Tensor.is_leaf.__get__
_retains_grad = torch.Tensor.retains_grad.__get__
_parameters = torch.nn.Module.named_parameters

TENSORS = (torch.Tensor, torch.nn.Parameter)
READ = 100_000
"""Bigger tensors are described by their shape only."""
HUGE = 2**1000
"""Bigger whole numbers count as infinite: they cannot be compared with floats."""
DEEP = 8
LONG = 10_000


@dataclass(frozen=True, slots=True)
class Plain:
    """An object as data.

    Attributes:
        kind: `tensor`, `array`, `number`, `truth`, `text`, `nothing`, `list`, `mapping`,
            `graph` or `other`.
        type: name of the object's type, for sentences.
        data: nested lists of numbers, a number, a bool, a text, or parts that are Plain;
            None where there is nothing to read.
        shape: of a tensor.
        dtype: of a tensor, without `torch.`.
    """

    kind: str
    type: str
    data: Any = None
    shape: tuple[int, ...] = ()
    dtype: str = ""

    def text(self) -> str:
        """Return it as a reader would write it, shortened."""
        if self.kind == "tensor":
            if self.data is None:
                return say(words.A_TENSOR, shape=shape_text(self.shape), dtype=self.dtype)
            return Value(self.shape, self.dtype, self.data).text()
        if self.kind in ("number", "truth"):
            return number(self.data)
        if self.kind in ("text", "array"):
            return repr(self.data)[:80]
        if self.kind == "list":
            shown = ", ".join(part.text() for part in self.data[:12])
            return f"[{shown}{', …' if len(self.data) > 12 else ''}]"
        if self.kind == "mapping":
            shown = ", ".join(f"{k}: {part.text()}" for k, part in self.data.items())
            return "{" + shown + "}"
        return "None" if self.kind == "nothing" else self.type


def read(thing: Any, depth: int = 0) -> Plain:
    """Read anything; what is not recognised becomes `other`, and none of its methods is called."""
    kind = type(thing)
    name = type.__dict__["__name__"].__get__(kind)
    if kind in TENSORS:
        return _tensor(thing, name)
    if kind is bool:
        return Plain("truth", name, thing)
    if kind is int and abs(thing) > HUGE:
        return Plain("number", name, math.copysign(math.inf, thing > 0 or -1))
    if kind in (int, float):
        return Plain("number", name, thing)
    if kind is str:
        return Plain("text", name, thing)
    if thing is None:
        return Plain("nothing", name)
    if kind in (list, tuple, torch.Size) and depth < DEEP and len(thing) <= LONG:
        return Plain("list", name, [read(part, depth + 1) for part in thing])
    if kind in (set, frozenset) and depth < DEEP and len(thing) <= LONG:
        parts = [read(part, depth + 1) for part in thing]
        return Plain("list", name, sorted(parts, key=Plain.text))
    if kind is dict and depth < DEEP and all(type(k) is str for k in thing):
        return Plain("mapping", name, {k: read(v, depth + 1) for k, v in thing.items()})
    numpy = sys.modules.get("numpy")
    if numpy and kind in (numpy.ndarray, numpy.float64, numpy.float32, numpy.int64, numpy.bool_):
        return Plain("array", f"numpy.{name}", thing.tolist() if thing.size <= READ else None)
    return Plain("other", name)


def _tensor(t: torch.Tensor, name: str) -> Plain:
    shape = tuple(_shape(t))
    data = None
    if _layout(t) is torch.strided and _numel(t) <= READ:
        with torch.no_grad():
            try:
                data = _tolist(_detach(t))
            except (RuntimeError, NotImplementedError):
                data = None  # a tensor without storage, on the meta device for example
    return Plain("tensor", name, data, shape, str(_dtype(t)).removeprefix("torch."))


def loose(it: Plain) -> Plain:
    """Return tensors and arrays as the numbers and lists that one would type for them."""
    if it.kind in ("tensor", "array") and it.data is not None:
        return read(it.data)
    if it.kind == "list":
        return Plain("list", it.type, [loose(part) for part in it.data])
    if it.kind == "mapping":
        return Plain("mapping", it.type, {k: loose(part) for k, part in it.data.items()})
    return it


def state(thing: Any) -> dict[str, dict[str, Plain]]:
    """Return what a call could change in an argument, by the name of the part.

    The parts are the tensors in it: itself (named ''), elements of lists, parameters of modules.
    """
    if isinstance(thing, torch.Tensor):
        held = _is_leaf(thing) or _retains_grad(thing)  # reading others would warn
        return {
            "": {
                "value": read(thing),
                "requires_grad": Plain("truth", "bool", bool(_requires_grad(thing))),
                "grad": read(_grad(thing) if held else None),
            }
        }
    if isinstance(thing, torch.nn.Module):
        parts = [(f".{name}", p) for name, p in _parameters(thing)]
    elif type(thing) in (list, tuple):
        parts = [(f"[{i}]", part) for i, part in enumerate(thing)]
    elif type(thing) is dict:
        parts = [(f"[{key!r}]", part) for key, part in thing.items()]
    else:
        return {}
    return {name + inner: facts for name, part in parts for inner, facts in state(part).items()}
