"""The mathematics of every rule, read back as text."""

import pytest

from seegrad.formula import formula
from seegrad.rules import RULES

TOKENS = {"mi", "mn", "mo"}
BOXES = {"math", "mrow", "mfrac", "msup", "msub", "msqrt"}


def plain(tree):
    tag, *children = tree
    if tag in TOKENS:
        (text,) = children
        return {"\u2062": " ", "\u2061": ""}.get(text, text)
    texts = [plain(c) for c in children]
    if tag == "mfrac":
        return f"<{texts[0]}>/<{texts[1]}>"
    if tag in ("msup", "msub"):
        return ("^" if tag == "msup" else "_").join(texts)
    return ("√" if tag == "msqrt" else "") + "".join(texts)


def tags(tree):
    yield tree[0]
    for child in tree[1:]:
        if isinstance(child, list):
            yield from tags(child)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_can_be_written_in_mathml_core(rule):
    for expression in (rule.forward, *rule.sends):
        assert set(tags(formula(expression))) <= TOKENS | BOXES


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("g * b", "g·b"),
        ("-g * y / b", "−<g·y>/<b>"),
        ("g / (2 * y)", "<g>/<2·y>"),
        ("g * (1 - y * y)", "g·(1−y^2)"),
        ("-g * y * y", "−g·y^2"),
        ("g * y * (1 - y)", "g·y·(1−y)"),
        ("g * -sin(a)", "g·(−sin(a))"),
        ("g * (y > 0)", "g·[y>0]"),
        ("dot(a, b)", "a^T b"),
        ("outer(g, b)", "g b^T"),
        ("g @ b.T", "g b^T"),
        ("mean(a)", "<1>/<n>∑_ia_i"),
        ("g * exponent * a ** (exponent - 1)", "g·n·a^n−1"),
        ("(a - b) - (a + b)", "a−b−(a+b)"),
        ("sqrt(a)", "√a"),
        ("abs(a)", "|a|"),
    ],
)
def test_it_reads_as_a_book_sets_it(expression, text):
    assert plain(formula(expression)) == text


def test_a_result_stands_before_it():
    assert plain(formula("exp(a)", "y")) == "y=e^a"


def test_what_no_rule_uses_is_refused():
    with pytest.raises(ValueError, match="no way is known to write 'lambda: 0' as mathematics"):
        formula("lambda: 0")
