"""Turns the expressions of `rules` into MathML: fractions, roots, powers, sums as a book sets them.

Chromium, Firefox and Safari draw MathML Core without any library, and screen readers read it.
The tree is plain data, `[tag, child, ...]` with a text as the only child of a token, so that a
front end can build elements from it and needs no parser of markup.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from itertools import groupby

from seegrad.language import say

Tree = list

SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·"}
BINDS = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.MatMult: 2, ast.USub: 2, ast.Pow: 4}
"""How tightly an operator binds; a fraction binds like a letter."""
LETTER = 5
TIMES, OF = "\u2062", "\u2061"
"""Signs that are not drawn, but read: times, and a function applied."""
FUNCTIONS = {"sigmoid": "σ", "relu": "relu", "sign": "sign"}


@lru_cache(maxsize=1024)
def formula(expression: str, result: str = "") -> Tree:
    """Return an expression as a MathML tree.

    Args:
        expression: of the kind that stands in `rules`.
        result: a letter; if given, the tree says that it equals the expression.

    Returns:
        A `math` element as nested lists.

    Raises:
        ValueError: if the expression holds something that no rule uses.
    """
    tree, _ = _write(ast.parse(expression, mode="eval").body)
    return ["math", *([["mi", result], ["mo", "="]] if result else []), tree]


def _write(node: ast.expr) -> tuple[Tree, int]:
    """Return the tree of a part, and how tightly it holds together."""
    if isinstance(node, ast.Name):
        return ["mi", "n" if node.id == "exponent" else node.id], LETTER
    if isinstance(node, ast.Constant):
        return ["mn", str(node.value)], LETTER
    if isinstance(node, ast.UnaryOp):
        return ["mrow", ["mo", "−"], _in(node.operand, 2)], BINDS[ast.USub]
    if isinstance(node, ast.Attribute):  # only .T
        return ["msup", _in(node.value, LETTER), ["mi", "T"]], LETTER
    if isinstance(node, ast.Compare):  # 1 where it holds, else 0
        sides = [_in(node.left, 0), ["mo", ">"], _in(node.comparators[0], 0)]
        return ["mrow", ["mo", "["], *sides, ["mo", "]"]], LETTER
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.Call):
        return _call(node)
    raise ValueError(
        say("no way is known to write {code!r} as mathematics", code=ast.unparse(node))
    )


def _binary(node: ast.BinOp) -> tuple[Tree, int]:
    kind = type(node.op)
    if kind is ast.Div:
        above = _factors(node.left)
        if isinstance(above[0], ast.UnaryOp):  # the minus stands before the fraction
            fraction = _fraction([above[0].operand, *above[1:]], node.right)
            return ["mrow", ["mo", "−"], fraction], BINDS[ast.USub]
        return _fraction(above, node.right), LETTER
    if kind is ast.Mult:
        return _product(_factors(node)), BINDS[kind]
    if kind is ast.Pow:
        return ["msup", _in(node.left, LETTER), _in(node.right, 0)], BINDS[kind]
    left, right = _in(node.left, BINDS[kind]), _in(node.right, BINDS[kind] + 1)
    sign = SIGNS.get(kind, TIMES)
    return ["mrow", left, ["mo", sign], right], BINDS[kind]


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), node.right]
    return [node]


def _product(factors: list[ast.expr]) -> Tree:
    """Write factors between dots; the same one twice is a square."""
    parts: list[Tree] = []
    for _, run in groupby(enumerate(factors), key=lambda f: ast.unparse(f[1])):
        (place, node), *more = run
        tree = _in(node, BINDS[ast.Mult] + (place > 0))
        if more:
            tree = ["msup", tree, ["mn", str(len(more) + 1)]]
        parts += [["mo", SIGNS[ast.Mult]], tree] if parts else [tree]
    return ["mrow", *parts] if len(parts) > 1 else parts[0]


def _fraction(above: list[ast.expr], below: ast.expr) -> Tree:
    return ["mfrac", _product(above) if len(above) > 1 else _in(above[0], 0), _in(below, 0)]


def _call(node: ast.Call) -> tuple[Tree, int]:
    name = ast.unparse(node.func)
    inside = [_in(a, LETTER) for a in node.args]
    if name == "sqrt":
        return ["msqrt", _in(node.args[0], 0)], LETTER
    if name == "abs":
        return ["mrow", ["mo", "|"], _in(node.args[0], 0), ["mo", "|"]], LETTER
    if name == "exp":
        return ["msup", ["mi", "e"], _in(node.args[0], 0)], 4
    if name == "sum":
        return ["mrow", *_sum(*inside)], 2
    if name == "mean":
        return ["mrow", ["mfrac", ["mn", "1"], ["mi", "n"]], *_sum(*inside)], 2
    if name in ("dot", "outer", "mv"):
        a, b = inside
        a, b = {"dot": (_turned(a), b), "outer": (a, _turned(b)), "mv": (a, b)}[name]
        return ["mrow", a, ["mo", TIMES], b], 2
    head = ["mi", FUNCTIONS.get(name, name)]
    return ["mrow", head, ["mo", OF], _bracketed(_in(node.args[0], 0))], LETTER


def _sum(tree: Tree) -> list[Tree]:
    return [["msub", ["mo", "∑"], ["mi", "i"]], ["msub", tree, ["mi", "i"]]]


def _turned(tree: Tree) -> Tree:
    return ["msup", tree, ["mi", "T"]]


def _in(node: ast.expr, at_least: int) -> Tree:
    """Return the tree of a part, in brackets where it holds together less than `at_least`."""
    tree, holds = _write(node)
    return tree if holds >= at_least else _bracketed(tree)


def _bracketed(tree: Tree) -> Tree:
    return ["mrow", ["mo", "("], tree, ["mo", ")"]]
