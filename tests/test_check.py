"""The checkers: what they say, and that nothing a learner's code does gets past them."""

import functools
import os
import sys
import time
import warnings

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from seegrad import check
from seegrad.check import inputs, running
from seegrad.check.inputs import Draw
from seegrad.check.isomorphism import Form, same_graph


def reference(A, x):
    return (A + A.T) @ x.detach()


def draw_both(draw):
    n = draw.size()
    return draw(n, n, grad=False), draw(n)


WRONG = {
    "2Ax is right for symmetric A only.": lambda A, x: 2 * A @ x.detach(),
    "Your gradient was added to an old one.": lambda A, x: (
        reference(A, x) + (0 if x.grad is None else x.grad)
    ),
}


def right(A, x):
    x = x.detach().clone().requires_grad_()
    torch.dot(x, A @ x).backward()
    return x.grad


def said(answer, **options):
    """Return what is said about an answer to the gradient of xᵀAx; '' if it is accepted."""
    try:
        check.function(answer, reference, draw_both, wrong=WRONG, **options)
    except Exception as error:
        return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])
    return ""


def refused(call):
    with pytest.raises(check.AnswerError) as caught:
        call()
    return str(caught.value)


# ---------------------------------------------------------------- hostile answers


class SaysYes:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

    def __repr__(self):
        raise RuntimeError("never printed")


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.ones(()) if func is not torch.Tensor.shape.__get__ else torch.Size([2])


def changes_value(A, x):
    made = right(A, x)
    x.detach().mul_(2)
    return made


def changes_requires_grad(A, x):
    made = right(A, x)
    A.requires_grad_()
    return made


def changes_grad(A, x):
    x = x if x.requires_grad else x.clone().requires_grad_()
    x.grad = None
    torch.dot(x, A @ x).backward()
    return x.grad.clone()


def accumulates(A, x):
    return right(A, x) + (0 if x.grad is None else x.grad)


def contains_itself(A, x):
    row = []
    row.append(row)
    return row


def calls_itself(A, x):
    return calls_itself(A, x)


REFUSED = {
    "raises": (lambda A, x: 1 / 0, "ZeroDivisionError: division by zero"),
    "raises, with the inputs": (lambda A, x: 1 / 0, "raised this for A = "),
    "wrong number of arguments": (lambda A: A, "TypeError: "),
    "returns nothing": (lambda A, x: None, "Does the function end with `return`?"),
    "a list": (lambda A, x: right(A, x).tolist(), "got list of length"),
    "an array": (lambda A, x: right(A, x).numpy(), "got numpy.ndarray"),
    "wrong dtype": (lambda A, x: right(A, x).half(), "got float16"),
    "float32 where float64 came in": (
        lambda A, x: right(A.float(), x.float()),
        "The dtype differs: expected float64, got float32",
    ),
    "a shape that broadcasts": (lambda A, x: right(A, x)[None], "would broadcast"),
    "a column": (lambda A, x: right(A, x)[:, None], "The shape differs"),
    "one number for all": (lambda A, x: right(A, x)[:1], "The shape differs"),
    "nan": (lambda A, x: right(A, x) * float("nan"), "There is nan in the answer"),
    "one nan": (lambda A, x: right(A, x).index_fill(0, torch.tensor([1]), torch.nan), "at [1]"),
    "infinite": (lambda A, x: right(A, x) / 0, "inf"),
    "a little off": (lambda A, x: right(A, x) * 1.001, "largest difference"),
    "an object that equals all": (lambda A, x: SaysYes(), "got SaysYes"),
    "a tensor that lies": (lambda A, x: right(A, x).as_subclass(Liar), "got Liar"),
    "only symmetric A": (lambda A, x: 2 * A @ x.detach(), "2Ax is right for symmetric"),
    "changes x": (changes_value, "changed the input `x` itself"),
    "changes requires_grad": (changes_requires_grad, "changed `A.requires_grad`"),
    "changes .grad": (changes_grad, "another `x.grad` behind"),
    "accumulates": (accumulates, "added to an old one"),
    "a list in itself": (contains_itself, "got list of length 1"),
    "recursion": (calls_itself, "RecursionError"),
    "leaves": (lambda A, x: sys.exit(0), "ended the program (SystemExit)"),
    "interrupts": (
        lambda A, x: (_ for _ in ()).throw(KeyboardInterrupt),
        "ended the program (KeyboardInterrupt)",
    ),
    "a generator": (lambda A, x: (v for v in right(A, x)), "got generator"),
    "sparse": (lambda A, x: right(A, x).to_sparse(), "✗"),
    "on no device": (lambda A, x: right(A, x).to("meta"), "✗"),
    "huge, but not in memory": (lambda A, x: x.sum().detach().expand(10**12), "The shape differs"),
    "a huge number": (lambda A, x: 10**400, "got a number"),
    "the function itself": (lambda A, x: right, "got function"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_in_words(name, capfd):
    answer, words = REFUSED[name]
    assert words in said(answer)
    assert capfd.readouterr().err == ""


def noisy(A, x):
    print("a trial")
    print("a complaint", file=sys.stderr)
    os.write(2, b"from below\n")
    warnings.warn("a warning", stacklevel=1)
    _ = (x.detach().requires_grad_() * 2).grad  # torch warns here
    return right(A, x)


def test_noise_costs_nothing_and_is_shown(capfd):
    with warnings.catch_warnings(record=True) as caught:
        assert said(noisy) == ""
    assert "a warning" in str(caught[0].message)
    out, err = capfd.readouterr()
    assert err == ""
    for words in ("a trial", "a complaint", "from below", "✓ noisy: right on 4"):
        assert words in out


def test_a_warning_turned_into_an_error_is_a_warning_again():
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("error")
        assert said(noisy) == ""


def busy(A, x):
    while True:
        pass


def stubborn(A, x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def asleep(A, x):
    time.sleep(3)


@pytest.mark.parametrize("answer", [busy, stubborn, asleep])
def test_what_never_ends_is_stopped(answer):
    start = time.monotonic()
    text = said(answer, seconds=0.2)
    assert time.monotonic() - start < 3
    assert "Stopped at the time limit of 0.2 s" in text
    assert "It was at line" in text


def test_a_loop_is_really_gone_and_a_sleeper_is_reported():
    assert running.run(busy, (1, 2), 0.1).alive is False
    assert running.run(asleep, (1, 2), 0.1).alive is True


def test_the_line_is_the_answer_s_where_a_check_wraps_it():
    names = {}
    exec(compile("def loop(x):\n    while True:\n        x += 1\n", "<answer>", "exec"), names)

    @functools.wraps(names["loop"])
    def counted(x):
        return names["loop"](x)

    assert running.run(counted, (0,), 0.1).line[0] in (2, 3)


def test_patched_torch_changes_nothing(monkeypatch):
    for owner, name in (
        (torch, "allclose"), (torch, "equal"), (torch, "isclose"), (torch, "isnan"),
        (torch.testing, "assert_close"), (torch.Tensor, "allclose"),
        (torch.Tensor, "equal"), (torch.Tensor, "__eq__"), (torch.Tensor, "tolist"),
        (torch.Tensor, "detach"),
    ):  # fmt: skip
        original = getattr(owner, name)
        keep = name == "detach"  # the answers use it; it must answer, but is no longer torch's
        monkeypatch.setattr(owner, name, (lambda *a, f=original, **k: f(*a)) if keep else _yes)
    assert "2Ax" in said(lambda A, x: 2 * A @ x.detach())
    assert said(right) == ""


def _yes(*args, **kwargs):
    return True


def test_recording_switched_off_in_the_notebook_changes_nothing():
    with torch.no_grad():
        assert said(right) == ""
        check.graph(lambda x, w: x * w + x, lambda x, w: x + w * x, two)
        check.value(2.0, lambda: torch.func.grad(torch.square)(torch.tensor(1.0)))


def test_the_names_of_the_checkers_stay_what_they_are():
    for module in (check, running, inputs):
        name = next(n for n in vars(module) if not n.startswith("__"))
        with pytest.raises(AttributeError, match="the checkers cannot be changed"):
            setattr(module, name, _yes)
        with pytest.raises(AttributeError, match="the checkers cannot be changed"):
            delattr(module, name)


def test_another_module_cannot_take_the_place_of_the_checkers():
    import seegrad

    with pytest.raises(AttributeError, match="the checkers cannot be changed"):
        seegrad.check = object()
    sys.modules["seegrad.check"] = object()
    try:
        from seegrad import check as found
    finally:
        sys.modules["seegrad.check"] = check
    assert found is check


def test_an_answer_gets_its_own_exception_back_unchanged():
    mine = ValueError("mine")

    def answer(A, x):
        raise mine

    with pytest.raises(ValueError, match="mine") as caught:
        check.function(answer, reference, draw_both)
    assert caught.value is mine
    lines = [frame.name for frame in caught.traceback]
    assert lines[-1] == "answer"


def test_a_stub_is_not_attempted_but_a_missing_kernel_is_an_error():
    def stub(A, x):
        raise NotImplementedError

    def deep(A, x):
        raise NotImplementedError("Could not run 'aten::dot'")

    assert said(stub) == "NotImplementedError: not attempted yet: stub"
    assert "aten::dot" in said(deep)
    assert "raised this for" in said(deep)


def test_a_mistake_of_the_author_is_not_blamed_on_the_answer():
    with pytest.raises(ZeroDivisionError):
        check.function(right, lambda A, x: 1 / 0, draw_both)


def test_the_largest_difference_is_named():
    text = refused(lambda: check.function(
        lambda x: x.detach() + torch.tensor([0.0, 3.0, 1.0]), lambda x: x.detach().clone(),
        lambda draw: (draw(3, dtype=torch.float64),),
    ))  # fmt: skip
    assert "largest difference 3 at [1]: expected " in text
    assert "for       x = [" in text


def test_the_hint_that_fits_all_rounds_wins():
    def one(x):
        return x * 0 + 3

    def sizes(x):
        return x * 0 + len(x)

    def make(draw):
        return (torch.ones((3, 3, 4, 5)[draw.pick(0, 1, 2, 3)]),)

    ways = {"one": one, "sizes": sizes}
    for answer in (one, sizes):
        text = refused(lambda answer=answer: check.function(answer, lambda x: x, make, wrong=ways))
        assert text.endswith(f"→ {answer.__name__}")


def test_who_must_change_an_input_is_not_told_to_leave_it():
    def adds(x):
        x.backward()

    def nothing(x):
        pass

    def clears(x):
        x.grad = None

    def make(draw):
        return (draw(grad=True),)

    assert "Work on a copy" not in refused(lambda: check.function(nothing, adds, make))
    assert "Work on a copy" in refused(lambda: check.function(clears, nothing, make))


# ---------------------------------------------------------------- the inputs


def test_the_rounds_differ_in_all_that_matters():
    drawn = [Draw("some name", turn)(3, 2) for turn in range(inputs.ROUNDS)]
    assert len(drawn) >= 3
    assert {t.dtype for t in drawn} == {torch.float32, torch.float64}
    assert {t.requires_grad for t in drawn} == {True, False}
    assert any(t.requires_grad and t.grad is not None for t in drawn)
    assert len({tuple(t.flatten().tolist()) for t in drawn}) == len(drawn)
    for t in drawn:
        assert (t < 0).any()
        assert (t > 0).any()
        assert (t != 0).all()


def test_inputs_are_the_same_for_the_same_name():
    first, second = (Draw("name", 1)(4) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, Draw("other", 1)(4))
    before = torch.get_rng_state()
    Draw("name", 1)(4)
    assert torch.equal(before, torch.get_rng_state())


def test_sizes_of_one_round_are_different():
    for turn in range(inputs.ROUNDS):
        draw = Draw("name", turn)
        assert sorted(draw.size() for _ in range(4)) == [2, 3, 4, 5]


def test_scalars_take_both_signs():
    assert {bool(Draw("n", t)(dtype=torch.float64) > 0) for t in range(inputs.ROUNDS)} == {
        True, False
    }  # fmt: skip


# ---------------------------------------------------------------- predictions


@pytest.mark.parametrize(
    ("answer", "truth"),
    [
        (28, 28), (28.0, torch.tensor(28.0)), (0.1 + 0.2, 0.3), ([0, 4], torch.tensor([0.0, 4.0])),
        ((0, 4), [0, 4]), (torch.tensor(4), 4), (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.float64(2.0), 2.0), ("MulBackward0", "MulBackward0"), (None, None), (True, True),
        ([["a"], []], [["a"], []]), ({"x": 1}, {"x": 1}), ((4,), torch.Size([4])),
    ],
)  # fmt: skip
def test_a_right_prediction_in_any_usual_form(answer, truth):
    check.value(answer, truth)
    check.value(lambda: answer, lambda: truth)


@pytest.mark.parametrize(
    ("answer", "truth", "words"),
    [
        (1000, 1001, "expected  1001"),
        (1, True, "expected True or False, got a number"),
        (True, 1, "got True or False"),
        ([1, 2], [1, 2, 3], "The length differs: expected 3, got 2"),
        ([1, 5, 3], [1, 2, 3], "at [1]: expected 2, got 5"),
        ([], [1], "The length differs"),
        ("4", 4, "got a text"),
        (None, 4, "Nothing was returned"),
        (float("nan"), 4, "nan"),
        (float("inf"), 4, "inf"),
        (float("nan"), float("nan"), "nan"),
        (4j, 4, "got complex"),
        (SaysYes(), 4, "got SaysYes"),
        (SaysYes(), SaysYes(), "got       SaysYes"),
        ({"x": 1}, {"x": 2}, "In part 'x'"),
        ({"y": 1}, {"x": 1}, "expected"),
        (0.02, 0.0284, "expected  0.0284"),
        (-28, 28, "got       -28"),
    ],
)
def test_a_wrong_prediction(answer, truth, words):
    assert words in refused(lambda: check.value(answer, truth))


@pytest.mark.parametrize(("answer", "truth"), [([1, None], [1, 2]), ({"x": None}, {"x": 2})])
def test_none_as_a_part_does_not_mean_that_return_is_missing(answer, truth):
    told = (
        refused(lambda: check.value(answer, truth)),
        refused(lambda: check.function(lambda x: answer, lambda x: truth, lambda draw: (draw(),))),
    )
    for message in told:
        assert "got       None" in message
        assert "Nothing was returned" not in message


def test_a_known_wrong_prediction_gets_its_hint():
    hints = {"twice": 56, "negative": lambda v: v < 0, "no number": lambda v: v + 1 > 10**6}
    for answer, hint in ((56, "→ twice"), (-1, "→ negative")):
        assert hint in refused(lambda a=answer: check.value(a, 28, wrong=hints))
    assert "→" not in refused(lambda: check.value("x", 28, wrong=hints))


def test_a_choice():
    check.choice(lambda: "b", "b", "abc")
    check.choice("b", lambda: "b", ["a", "b"])
    check.choice(["c", "a"], {"a", "c"}, "abc")
    check.choice("ca", {"a", "c"}, "abc")
    hints = {"no, as a is first": "a"}
    assert "no, as a is first" in refused(lambda: check.choice("a", "b", "abc", wrong=hints))
    assert "one of a, b, c" in refused(lambda: check.choice("d", "b", "abc"))
    assert "one of a, b, c" in refused(lambda: check.choice(2, "b", "abc"))
    assert "one of a, b, c" in refused(lambda: check.choice("ab", "b", "abc"))
    assert (
        "b"
        not in refused(lambda: check.choice("a", "b", "ab"))
        .replace("not", "")
        .replace("✗ answer", "")
        .split("Your choice was")[1]
    )
    text = refused(lambda: check.choice("ab", {"a", "c"}, "abc", wrong={"b never": {"a", "b"}}))
    assert "→ b never" in text


LINES = {"a": "y = x * x", "b": "z = y + x", "c": "for i in range(2):", "d": "    z = z * 2"}
GIVES = {"z": 24}


def order(text, **options):
    return check.order(
        lambda: text, LINES, GIVES, given=lambda: {"x": 2}, wrong={"y first": lambda o: o[0] == "b"}
    )


def test_an_order_is_run():
    order("abcd")
    order(["a", "b", "c", "d"])
    text = refused(lambda: order("bacd"))
    assert "Line b, `z = y + x`, stops with NameError: name 'y' is not defined" in text
    assert "→ y first" in text
    assert "stops with IndentationError" in refused(lambda: order("abdc"))
    assert "Expected each of the letters a, b, c, d once" in refused(lambda: order("abc"))
    assert "Expected each of the letters" in refused(lambda: order("aabcd"))
    assert "Expected each of the letters" in refused(lambda: order(None))


def test_an_order_that_runs_but_is_wrong_or_never_ends():
    lines = {"a": "z = 1", "b": "z = 2", "c": "while z == 1: pass"}
    call = lambda o: check.order(o, lines, {"z": 2}, seconds=0.2)  # noqa: E731
    call("abc")
    assert "Stopped at the time limit" in refused(lambda: call("bac"))
    text = refused(lambda: check.order("ba", {"a": "z = 1", "b": "z = 2"}, {"z": 2}))
    assert "`z` is not right at the end" in text


def test_an_expected_error():
    check.raises(lambda: torch.ones(2, requires_grad=True).backward(), RuntimeError, "grad can be")
    assert "nothing was raised" in refused(lambda: check.raises(lambda: 1, ValueError))
    assert "got ZeroDivisionError" in refused(lambda: check.raises(lambda: 1 / 0, ValueError))
    text = refused(lambda: check.raises(lambda: 1 / 0, ArithmeticError, "by one"))
    assert "lacks 'by one'" in text


# ---------------------------------------------------------------- graphs


def two(draw):
    return draw(3, grad=True), draw(3, grad=True)


def test_graphs_are_compared_up_to_the_order_of_operands():
    check.graph(lambda x, w: x * w + x, lambda x, w: x + w * x, two)
    for answer in (
        lambda x, w: x * (w + 1),
        lambda x, w: x * w + x.clone(),
        lambda x, w: (x * w + x) * 1,
        lambda x, w: x * w.detach() + x,
    ):
        text = refused(lambda a=answer: check.graph(a, lambda x, w: x + w * x, two))
        assert "The value is right, but the graph is another one" in text
    assert "expected" in refused(
        lambda: check.graph(lambda x, w: w * w + w, lambda x, w: x * w, two)
    )
    text = refused(lambda: check.graph(lambda x, w: (x * w).detach(), lambda x, w: x * w, two))
    assert "a tensor without a graph" in text


def test_sharing_counts():
    shared = Form(("+", "sin", "x"), ((1, 1), (2,), ()))
    twice = Form(("+", "sin", "sin", "x"), ((1, 2), (3,), (3,), ()))
    assert same_graph(shared, shared)
    assert not same_graph(shared, twice)
    assert same_graph(twice, Form(("+", "sin", "x", "sin"), ((1, 3), (2,), (), (2,))))


def test_operands_may_be_exchanged_below_a_shared_node():
    a = Form(("+", "*", "x", "y"), ((1, 2), (2, 3), (), ()))
    assert same_graph(a, Form(("+", "y", "*", "x"), ((3, 2), (), (1, 3), ())))
    assert not same_graph(a, Form(("+", "x", "*", "y"), ((3, 2), (), (1, 3), ())))


# ---------------------------------------------------------------- in Jupyter

CELLS = {
    "answers": """
import logging, os, sys, warnings
logging.basicConfig()
def stub(x): raise NotImplementedError()
def wrong(x): return x + 1
def loud(x):
    warnings.warn("mind"); print("hm", file=sys.stderr); os.write(2, b"below")
    return x * 2
def loops(x):
    while True: pass
def broken(x): return undefined
def judge(answer):
    from seegrad import check
    check.function(answer, lambda x: x * 2, lambda draw: (draw(3, grad=False),), seconds=0.3)
""",
    **{name: f"judge({name})" for name in ("stub", "wrong", "loud", "loops", "broken")},
}


@pytest.fixture(scope="module")
def shown():
    """Run the cells in a real kernel and return their outputs by name."""
    made = [
        nbformat.v4.new_code_cell(source, metadata={"tags": ["raises-exception"], "name": name})
        for name, source in CELLS.items()
    ]
    book = nbformat.v4.new_notebook(cells=made)
    NotebookClient(book, timeout=60, kernel_name="python3").execute()
    return {cell.metadata["name"]: cell.outputs for cell in book.cells}


def test_jupyter_shows_the_message_alone(shown):
    (error,) = [o for o in shown["wrong"] if o.output_type == "error"]
    assert error.ename == "AnswerError"
    assert error.traceback[0] == "✗ wrong: not right yet"
    assert not any("Traceback" in row or "seegrad" in row for row in error.traceback)
    (error,) = [o for o in shown["stub"] if o.output_type == "error"]
    assert error.ename == "NotImplementedError"
    assert error.traceback == ["not attempted yet: stub"]


def test_jupyter_shows_the_lines_of_an_error_and_hides_the_checker(shown):
    (error,) = [o for o in shown["broken"] if o.output_type == "error"]
    text = "\n".join(error.traceback)
    assert error.ename == "NameError"
    assert "return undefined" in text.replace("\x1b[38;5;28;01m", "").replace("\x1b[39;00m", "")
    assert "broken raised this for x = " in text
    assert "observe" not in text


def test_nothing_reaches_stderr_in_jupyter(shown):
    for name, outputs in shown.items():
        assert not [o for o in outputs if o.get("name") == "stderr"], (name, outputs)
    out = "".join(o.text for o in shown["loud"] if o.get("name") == "stdout")
    for words in ("mind", "hm", "below", "✓ loud: right on 4 inputs"):
        assert words in out


def test_a_loop_in_jupyter_is_stopped(shown):
    (error,) = [o for o in shown["loops"] if o.output_type == "error"]
    assert "while True: pass" in "\n".join(error.traceback)
