"""Every formula in the table is evaluated and compared with what autograd really does."""

import pytest
import torch

from seegrad.rules import LETTERS, RULES, pretty, rule_for, symbol_for
from seegrad.tracing.story import FUNCTIONS

CALLS = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a / b,
    "Neg": lambda a: -a,
    "Exp": torch.exp,
    "Log": torch.log,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Tanh": torch.tanh,
    "Sigmoid": torch.sigmoid,
    "Sqrt": torch.sqrt,
    "Reciprocal": torch.reciprocal,
    "Abs": torch.abs,
    "Relu": torch.relu,
    "Clone": torch.clone,
    "Dot": torch.dot,
    "Mv": torch.mv,
    "Mm": torch.mm,
    "Sum": torch.sum,
    "Mean": torch.mean,
    "T": torch.t,
    "Pow": lambda a: a**2.5,
}
SHAPES = {"Dot": [(3,), (3,)], "Mv": [(2, 3), (3,)], "Mm": [(2, 3), (3, 4)], "T": [(2, 3)]}


def test_every_rule_is_tested():
    assert set(CALLS) == set(RULES)


@pytest.mark.parametrize("kind", sorted(RULES))
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_formulas_agree_with_autograd(kind, seed):
    make = torch.Generator().manual_seed(seed)
    rule = RULES[kind]
    shapes = SHAPES.get(kind, [(2, 3)] * len(rule.sends))
    operands = [torch.randn(s, generator=make, dtype=torch.float64) for s in shapes]
    if kind in ("Log", "Sqrt", "Pow"):
        operands = [t.abs() + 0.1 for t in operands]
    operands = [t.requires_grad_() for t in operands]
    y = CALLS[kind](*operands)
    assert rule_for(y.grad_fn.name()) is rule
    g = torch.randn(y.shape, generator=make, dtype=torch.float64)
    env = dict(zip(LETTERS, operands, strict=False)) | {"y": y, "g": g}
    env |= {"n": operands[0].numel(), "exponent": 2.5}
    space = FUNCTIONS | env
    given = {k: v for k, v in space.items() if k != "y"}
    assert torch.allclose(eval(rule.forward, {}, given), y)
    wanted = torch.autograd.grad(y, operands, g)
    for expression, truth in zip(rule.sends, wanted, strict=True):
        result = torch.as_tensor(eval(expression, {}, space))
        assert torch.allclose(result.expand_as(truth), truth), (expression, result, truth)


def test_variants_with_settings_have_no_rule():
    y = torch.ones(2, 3, requires_grad=True).sum(dim=0)
    assert y.grad_fn.name() == "SumBackward1"
    assert rule_for("SumBackward1") is None
    assert symbol_for("SumBackward1") == "Σ"
    assert symbol_for("LogdetBackward0") == "Logdet"


def test_numbers_are_put_in_place_of_letters():
    assert pretty("g * b") == "g · b"
    assert pretty("g * cos(a)", {"g": "3", "a": "-2"}) == "3 · cos(-2)"
    assert pretty("g * b", {"g": "-1", "b": "-2"}) == "-1 · (-2)"
    assert pretty("exp(a)", {"a": "1", "x": "9"}) == "exp(1)"
