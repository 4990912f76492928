"""What each operation does and which gradient it sends back: data, not code.

The formulas are those of PyTorch's own `derivatives.yaml`; the tests evaluate each
one against `torch.autograd`. In an expression `g` is the gradient that arrives, `y`
the result, and the other letters are the operands in the order of
`grad_fn.next_functions`. Expressions use Python's operators and the names of torch
functions, so that a test, and a trace that explains itself, can evaluate them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LETTERS = "abc"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of `grad_fn` computes and differentiates.

    Attributes:
        symbol: what is drawn in the box.
        forward: the result as an expression in the operands.
        sends: for each operand, the gradient sent to it, as an expression.
        operands: the operand's names in PyTorch's schema, with which its saved
            tensors are named; empty where the operation has settings besides operands.
        elementwise: True if shapes are broadcast, so that a gradient is summed over
            the copies before it is sent.
        says: one sentence on the rule.
    """

    symbol: str
    forward: str
    sends: tuple[str, ...]
    operands: tuple[str, ...] = ()
    elementwise: bool = True
    says: str = ""


def _unary(symbol: str, forward: str, send: str, says: str) -> Rule:
    return Rule(symbol, forward, (send,), ("self",), says=says)


def _binary(symbol: str, forward: str, a: str, b: str, says: str) -> Rule:
    return Rule(symbol, forward, (a, b), ("self", "other"), says=says)


RULES: dict[str, Rule] = {
    "Add": _binary("+", "a + b", "g", "g", "A sum hands the gradient on unchanged to both sides."),
    "Sub": _binary("−", "a - b", "g", "-g", "A difference turns the sign for what is subtracted."),
    "Mul": _binary(
        "×",
        "a * b",
        "g * b",
        "g * a",
        "A product sends to each factor the gradient times the other.",
    ),
    "Div": _binary(
        "÷",
        "a / b",
        "g / b",
        "-g * y / b",
        "A quotient divides by the denominator; its own share is −y/b.",
    ),
    "Neg": _unary("−", "-a", "-g", "A negation turns the sign."),
    "Exp": _unary("exp", "exp(a)", "g * y", "The slope of exp is exp itself, which was saved."),
    "Log": _unary("log", "log(a)", "g / a", "The slope of log is one over its argument."),
    "Sin": _unary("sin", "sin(a)", "g * cos(a)", "The slope of sin is cos."),
    "Cos": _unary("cos", "cos(a)", "g * -sin(a)", "The slope of cos is −sin."),
    "Tanh": _unary("tanh", "tanh(a)", "g * (1 - y * y)", "The slope of tanh is 1 − y²."),
    "Sigmoid": _unary(
        "σ", "sigmoid(a)", "g * y * (1 - y)", "The slope of the sigmoid is y(1 − y)."
    ),
    "Sqrt": _unary("√", "sqrt(a)", "g / (2 * y)", "The slope of √a is one over twice the root."),
    "Reciprocal": _unary("1/a", "1 / a", "-g * y * y", "The slope of 1/a is −1/a²."),
    "Abs": _unary("|a|", "abs(a)", "g * sign(a)", "The slope of |a| is its sign."),
    "Relu": _unary(
        "relu", "relu(a)", "g * (y > 0)", "The gradient passes where the result is positive."
    ),
    "Clone": _unary("clone", "a", "g", "A copy hands the gradient on unchanged."),
    "Dot": Rule(
        "dot",
        "dot(a, b)",
        ("g * b", "g * a"),
        ("self", "tensor"),
        False,
        "A dot product sends to each vector the gradient times the other vector.",
    ),
    "Mv": Rule(
        "@",
        "mv(a, b)",
        ("outer(g, b)", "a.T @ g"),
        ("self", "vec"),
        False,
        "Back through a matrix means times its transpose.",
    ),
    "Mm": Rule(
        "@",
        "a @ b",
        ("g @ b.T", "a.T @ g"),
        ("self", "mat2"),
        False,
        "Back through a matrix product means times the other, transposed.",
    ),
    "Sum": Rule(
        "Σ", "sum(a)", ("g",), says="A sum spreads the gradient evenly over all that was added."
    ),
    "Mean": Rule(
        "mean",
        "mean(a)",
        ("g / n",),
        says="A mean spreads the gradient evenly, divided by the number of elements.",
    ),
    "T": Rule("aᵀ", "a.T", ("g.T",), ("self",), False, "The gradient is transposed back."),
    "Pow": Rule(
        "power",
        "a ** exponent",
        ("g * exponent * a ** (exponent - 1)",),
        (),
        True,
        "The slope of aⁿ is n·aⁿ⁻¹.",
    ),
}


def kind_of(op: str) -> str:
    """Return `Mul` for `MulBackward0`."""
    return re.sub(r"Backward\d*$", "", op)


@lru_cache(maxsize=4096)
def rule_for(op: str | None) -> Rule | None:
    """Return the rule of a `grad_fn` name, None if there is none or it does not apply.

    Only the first variant of each name is described: `SumBackward1`, for example, sums
    over chosen dimensions and would need its settings.
    """
    if op is None or not op.endswith("Backward0"):
        return None
    return RULES.get(kind_of(op))


def symbol_for(op: str | None) -> str:
    """Return what to draw for a `grad_fn` name: a symbol, or the name without `Backward0`."""
    if op is None:
        return ""
    rule = RULES.get(kind_of(op))
    return rule.symbol if rule else kind_of(op)


def pretty(expression: str, values: dict[str, str] | None = None) -> str:
    """Write an expression for a reader, with letters or with the texts of their values."""
    values = values or {}

    def letter(match: re.Match[str]) -> str:
        name = match[0]
        text = values.get(name, name)
        inside = expression[: match.start()].rstrip()
        bare = not inside or inside.endswith(("(", ","))
        return text if bare or not text.startswith("-") else f"({text})"

    text = re.sub(r"\b(?:[abcgyn]|exponent)\b(?!\()", letter, expression)
    for plain, written in ((" ** ", "^"), (" * ", " · "), (".T", "ᵀ"), (" - ", " − ")):
        text = text.replace(plain, written)
    return text
