"""The trace is compared with plain PyTorch, run without seegrad."""

import gc
import json
import os
import subprocess
import sys
import weakref

import pytest
import torch

import seegrad as sg
from seegrad.tracing import snapshot


def quadratic(x):
    return 2 * torch.dot(x, x)


def f(a):
    b = 2 * a
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c


def ops(trace):
    return [n.op.split("::")[-1] if n.op else n.kind for n in trace.graph.nodes]


# ---------------------------------------------------------------- the lesson's example


def test_the_lesson_graph_is_exactly_this(x):
    trace = sg.trace(quadratic, x)
    assert ops(trace) == ["MulBackward0", "DotBackward0", "AccumulateGrad", "constant"]
    assert [n.kind for n in trace.graph.nodes] == ["op", "op", "leaf", "constant"]
    assert {(e.source, e.target, e.slot) for e in trace.graph.edges} == {
        (1, 0, 0),
        (3, 0, 1),
        (2, 1, 0),
        (2, 1, 1),
    }
    assert trace.value(1).item() == 14
    assert trace.value(0).item() == 28
    assert trace.value(3).item() == 2
    assert torch.equal(trace.value(2), torch.arange(4.0))
    backward = [(s.node, trace.grad(s.node).tolist()) for s in trace.steps if s.phase == "backward"]
    assert backward == [(0, 1.0), (1, 2.0), (2, [0.0, 4.0, 8.0, 12.0])]
    assert [s.node for s in trace.steps if s.phase == "forward"] == [1, 0]
    assert x.grad is None


def test_the_lesson_story_has_the_real_numbers(x):
    assert sg.trace(quadratic, x).story() == [
        "dot([0, 1, 2, 3], [0, 1, 2, 3]) = 14, and PyTorch notes DotBackward0.",
        "14 · 2 = 28, and PyTorch notes MulBackward0.",
        "MulBackward0 receives 1 and sends 1 · 2 = 2 to DotBackward0.",
        "DotBackward0 receives 2 and sends 2 · [0, 1, 2, 3] = [0, 2, 4, 6] to x, "
        "and 2 · [0, 1, 2, 3] = [0, 2, 4, 6] to x.",
        "x receives [0, 2, 4, 6] + [0, 2, 4, 6] = [0, 4, 8, 12]; "
        "backward() adds this to x.grad, now None.",
    ]


def test_the_leaf_tells_what_its_grad_held_before(x):
    x.sum().backward()
    trace = sg.trace(quadratic, x)
    assert trace.story()[-1].endswith("adds this to x.grad, now [1, 1, 1, 1].")
    assert torch.equal(x.grad, torch.ones(4))


# ---------------------------------------------------------------- truth

PROGRAMS = {
    "quadratic": quadratic,
    "loop": lambda x: f(x).sum(),
    "broadcast": lambda x: (x.reshape(4, 1) * x + x.mean()).sum(),
    "views": lambda x: (x[1:] * x[:-1]).sum() + x.reshape(2, 2).t().mm(x.reshape(2, 2)).trace(),
    "in place": lambda x: (x * 1).mul_(3).add_(x).sum(),
    "several outputs": lambda x: torch.stack(x.reshape(2, 2).unbind(0)).prod(dim=0).sum(),
    "unused output": lambda x: x.max(dim=0).values + x.split(2)[1].exp().sum(),
    "saved result": lambda x: torch.softmax(x, 0).log().tanh().sigmoid().sum(),
    "diamond": lambda x: (lambda a: (a.sin() * a.cos() + a).sum())(x * x),
    "cut": lambda x: ((x * x).detach() * x).sum(),
    "leaf is output": lambda x: x.sum() if x.numel() > 1 else x,
}


def plain_graph(y):
    """Walk next_functions without seegrad: the multiset of edges between named nodes."""
    seen, stack, edges = {y.grad_fn: 0}, [y.grad_fn], []
    while stack:
        node = stack.pop()
        for slot, (child, output) in enumerate(node.next_functions):
            if child is not None:
                if child not in seen:
                    seen[child] = len(seen)
                    stack.append(child)
                edges.append((child.name(), node.name(), slot, output))
    return sorted(n.name() for n in seen), sorted(edges)


@pytest.mark.parametrize("name", PROGRAMS)
def test_structure_equals_an_independent_walk(name, x):
    trace = sg.trace(PROGRAMS[name], x)
    nodes, edges = plain_graph(PROGRAMS[name](x))
    held = trace.graph.nodes
    assert sorted(n.op for n in held if n.op) == nodes
    real = [e for e in trace.graph.edges if held[e.source].op]
    assert sorted((held[e.source].op, held[e.target].op, e.slot, e.output) for e in real) == edges


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_and_order_equal_a_real_backward(name, x):
    trace = sg.trace(PROGRAMS[name], x)
    y = PROGRAMS[name](x)
    order, arrived = [], []
    for node in set(_nodes(y.grad_fn)):
        node.register_prehook(
            lambda g, node=node: (order.append(node.name()), arrived.append(list(g)))[0]
        )
    y.backward()
    steps = [s for s in trace.steps if s.phase == "backward"]
    assert [trace.graph.nodes[s.node].op for s in steps] == order
    for s, truth in zip(steps, arrived, strict=True):
        for output, g in enumerate(truth):
            mine = trace.grad(s.node, output)
            assert (mine is None) == (g is None)
            assert g is None or torch.equal(mine, g)


def _nodes(root):
    stack, seen = [root], {root}
    while stack:
        node = stack.pop()
        yield node
        for child, _ in node.next_functions:
            if child is not None and child not in seen:
                seen.add(child)
                stack.append(child)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_sent_adds_up_to_what_arrives(name, x):
    trace = sg.trace(PROGRAMS[name], x)
    for node in trace.graph.nodes[1:]:
        if node.op is None:
            continue
        for output in range(len(node.outputs)):
            parts = [
                trace.sent(i)
                for i, e in enumerate(trace.graph.edges)
                if (e.source, e.output) == (node.id, output) and trace.sent(i) is not None
            ]
            grad = trace.grad(node.id, output)
            assert (grad is None) == (not parts)
            assert not parts or torch.allclose(sum(parts), grad)


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_of_the_reader_is_disturbed(name, x):
    """The same program with and without a trace, and a later backward as usual."""

    def run(traced):
        t = torch.arange(4.0, requires_grad=True)
        torch.manual_seed(1)
        if traced:
            with sg.record() as rec:
                y = PROGRAMS[name](t)
            rec.trace(y)
        else:
            y = PROGRAMS[name](t)
        drawn = torch.rand(3)
        state = (t._version, y._version, t.grad, t._backward_hooks, y.requires_grad)
        y.backward()
        with pytest.raises(RuntimeError) if name == "quadratic" else _nothing():
            if name == "quadratic":
                y.backward()
        return state, y.detach(), t.grad, drawn

    for mine, plain in zip(run(True), run(False), strict=True):
        assert torch.equal(mine, plain) if isinstance(plain, torch.Tensor) else mine == plain


class _nothing:  # noqa: N801
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None


def test_values_are_those_of_the_tensors(x):
    with sg.record() as rec:
        a = x * 3
        b = torch.exp(a)
        y = b.sum()
    trace = rec.trace(y)
    by_name = {n.name: n.id for n in trace.graph.nodes}
    for name, t in (("a", a), ("b", b), ("y", y), ("x", x)):
        assert torch.equal(trace.value(by_name[name]), t.detach())


def test_graph_knows_what_was_saved_and_no_more(x):
    y = quadratic(x)
    trace = sg.graph(y)
    assert trace.value(0).item() == 28
    assert trace.value(1) is None
    assert trace.grad(1).item() == 2
    y.backward()
    assert x.grad.tolist() == [0, 4, 8, 12]


def test_upstream_is_the_vector_of_the_product(x):
    v = torch.tensor([1.0, 10.0, 0.0, -1.0])
    trace = sg.trace(lambda x: x * x, x, upstream=v)
    assert torch.equal(trace.grad(1), torch.autograd.grad(x * x, x, v)[0])
    assert torch.equal(trace.grad(0), v)


# ---------------------------------------------------------------- names, lines, cuts


def test_names_come_from_assignments_and_parameters():
    def model(weight, bias):
        hidden = weight * 2
        left, right = hidden.split(1)
        out = left * right + bias
        return out  # noqa: RET504

    trace = sg.trace(model, torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True))
    names = {(n.op or n.kind).split("::")[-1]: n.name for n in trace.graph.nodes}
    assert names["AddBackward0"] == "out"
    assert names["SplitBackward0"] == "left"
    assert {n.name for n in trace.graph.nodes if n.kind == "leaf"} == {"weight", "bias"}
    assert {n.name for n in trace.graph.nodes if n.op == "MulBackward0"} == {"hidden", None}


def test_every_turn_of_a_loop_keeps_its_name():
    trace = sg.trace(f, torch.tensor(300.0, requires_grad=True))
    assert [n.name for n in trace.graph.nodes if n.kind == "op"] == ["b", "b"]


def test_the_line_of_each_operation_is_known(x):
    with sg.record() as rec:
        a = x * 3
        y = a.sum()
    trace = rec.trace(y)
    lines = {n.name: n.source for n in trace.graph.nodes}
    assert lines["a"].code == "a = x * 3"
    assert lines["y"].line == lines["a"].line + 1
    assert lines["y"].file == "test_tracing.py"


def no_grad(x):
    with torch.no_grad():
        w = x * 2
    return (w * x).sum()


@pytest.mark.parametrize(
    ("fn", "note", "behind"),
    [
        (lambda x: ((x * x).detach() * x).sum(), "detach", "MulBackward0"),
        (lambda x: (x.detach() * x).sum(), "detach", "x"),
        (lambda x: (x.data * x).sum(), "detach", "x"),
        (no_grad, "no_grad", "x"),
        (lambda x: (x * x.sum().item()).sum(), "item", ""),
        (lambda x: (x * (x > 1)).sum(), "gt", "x"),
    ],
)
def test_cuts_are_shown_with_what_cut_them(fn, note, behind, x):
    cuts = [n for n in sg.trace(fn, x).graph.nodes if n.kind == "cut"]
    assert [(n.note, n.behind) for n in cuts] == [(note, behind)]


def test_a_number_that_only_equals_an_item_is_no_cut(x):
    logged = []

    def fn(x):
        logged.append(x.sum().item())
        return (x * 6.0).sum()

    assert not [n for n in sg.trace(fn, x).graph.nodes if n.kind == "cut"]


def test_ordinary_data_is_a_constant_with_its_name(x):
    data = torch.ones(4)
    node = next(
        n for n in sg.trace(lambda x: torch.dot(x, data), x).graph.nodes if n.name == "data"
    )
    assert node.kind == "constant"


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda x: sg.graph(3.0), TypeError, "sg.graph was given a float, expected one tensor"),
        (lambda x: sg.graph(None), TypeError, "sg.graph was given None, expected one tensor"),
        (lambda x: sg.trace(3, x), TypeError, "needs a function and its inputs, got an int"),
        (lambda x: sg.trace(lambda x: (x, x), x), TypeError, "returned a tuple of 2, expected one"),
        (lambda x: sg.trace(torch.sum, x.detach()), ValueError, "does not require grad, so there"),
        (lambda x: sg.graph(x.detach()), ValueError, r"call x.requires_grad_\(\) on a floating"),
        (
            lambda x: sg.trace(lambda x: x * x, x),
            ValueError,
            r"has shape \(4,\), and a gradient st",
        ),
        (
            lambda x: sg.trace(lambda x: x * x, x, upstream=torch.ones(3)),
            ValueError,
            r"upstream has shape \(3,\) but the output has shape \(4,\)",
        ),
    ],
)
def test_bad_input_gets_one_clear_sentence(call, error, sentence, x):
    with pytest.raises(error, match=sentence) as caught:
        call(x)
    assert "\n" not in str(caught.value)
    assert x.grad is None


def test_a_freed_graph_is_refused_and_says_what_to_do(x):
    y = quadratic(x)
    y.backward()
    with pytest.raises(RuntimeError, match="freed by an earlier backward"):
        sg.graph(y)


def test_switched_off_recording_is_named(x):
    with torch.no_grad(), pytest.raises(ValueError, match="switched off here by no_grad"):
        sg.trace(quadratic, x)


def test_nan_and_inf_are_shown_and_located(x):
    trace = sg.trace(lambda x: (x / 0).sum(), x)
    assert trace.notes == (
        "the value of DivBackward0 is not finite: [nan, inf, inf, inf]; "
        "it is the first in forward order",
        "the gradient of x is not finite: [inf, inf, inf, inf]; it is the first in backward order",
    )
    assert all(n in trace.text() for n in trace.notes)
    json.dumps(trace.to_dict(), allow_nan=False)


def test_an_exception_of_the_reader_comes_through_and_nothing_stays_behind(x):
    class MineError(Exception):
        pass

    def broken(x):
        quadratic(x)
        raise MineError("mine")

    with pytest.raises(MineError, match="mine"):
        sg.trace(broken, x)
    assert torch.overrides._get_current_function_mode() is None
    assert torch.utils._python_dispatch._get_current_dispatch_mode() is None


def test_a_hundred_thousand_nodes_are_refused():
    x = torch.ones((), requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 1
    with pytest.raises(ValueError, match="more than 20,000 nodes: trace a smaller part"):
        sg.graph(y)
    del y
    gc.collect()


# ---------------------------------------------------------------- size, life, determinism


def test_big_tensors_are_summarised_not_copied():
    big = torch.linspace(0, 1, 10_000, requires_grad=True)
    trace = sg.trace(lambda big: (big * 2).sum(), big)
    node = next(n for n in trace.graph.nodes if n.kind == "leaf")
    assert trace.value(node.id) is None
    held = trace.describe().values[node.id, 0]
    assert held.shape == (10_000,)
    assert held.stats["max"] == 1
    assert held.stats["mean"] == pytest.approx(0.5)
    assert len(json.dumps(trace.to_dict())) < 5_000


def test_what_is_handed_out_are_copies(x):
    trace = sg.trace(quadratic, x)
    trace.value(2).zero_()
    trace.grad(2).zero_()
    assert x.tolist() == [0, 1, 2, 3]
    assert trace.grad(2).tolist() == [0, 4, 8, 12]
    with torch.no_grad():
        x.add_(1)
    assert trace.value(2).tolist() == [0, 1, 2, 3]


def test_nothing_leaks():
    def tensors():
        gc.collect()
        return sum(issubclass(type(o), torch.Tensor) for o in gc.get_objects())

    x = torch.arange(4.0, requires_grad=True)
    sg.trace(quadratic, x)
    before = tensors()
    traces = [sg.trace(quadratic, x) for _ in range(5)]
    gone = weakref.ref(traces[0])
    y = quadratic(x)
    node = weakref.ref(y)
    traces.append(sg.graph(y))
    del traces, y
    assert tensors() <= before  # fewer if garbage of other tests went meanwhile
    assert gone() is None
    assert node() is None


PROGRAM = """
import json, torch, seegrad as sg
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
data = torch.randn(5, 3)
trace = sg.trace(lambda data: net(data).pow(2).mean(), data)
print(json.dumps([trace.to_dict(), trace.text(), trace.svg(), trace.story()]))
"""


def test_equal_runs_give_equal_text_in_any_process_and_thread_count(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)

    def run(threads):
        env = os.environ | {"OMP_NUM_THREADS": str(threads)}
        return subprocess.run(
            [sys.executable, file], env=env, capture_output=True, text=True, check=True
        ).stdout

    assert len({run(1), run(2), run(8)}) == 1


def test_the_first_trace_in_a_process_does_not_import_the_compiler(tmp_path):
    program = (
        PROGRAM + "import sys; print([m for m in ('torch._dynamo', 'sympy') if m in sys.modules])"
    )
    plain = "import torch, sys; print([m for m in ('torch._dynamo', 'sympy') if m in sys.modules])"

    def last_line(code):
        made = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return made.stdout.splitlines()[-1]

    assert last_line(program) == last_line(plain)


def test_big_means_more_than_keep():
    x = torch.zeros(snapshot.KEEP, requires_grad=True)
    assert sg.trace(torch.sum, x).value(1) is not None


# ---------------------------------------------------------------- unusual graphs


def nothing_left():
    return (
        torch.overrides._get_current_function_mode() is None
        and torch.utils._python_dispatch._get_current_dispatch_mode() is None
        and not torch.nn.modules.module._global_forward_pre_hooks
        and not torch.nn.modules.module._global_forward_hooks
    )


def test_a_hook_of_the_reader_is_noticed_and_kept(x):
    def fn(x):
        y = x * 2
        y.register_hook(lambda g: g * 100)
        return y.sum()

    trace = sg.trace(fn, x)
    assert trace.notes == (
        "a hook changed the gradient of y: sent [1, 1, 1, 1], arrived [100, 100, 100, 100]",
    )
    kept = x.register_hook(lambda g: g * 5)
    hooks = dict(x._backward_hooks)
    assert sg.trace(torch.sum, x).grad(1).tolist() == [5, 5, 5, 5]
    assert dict(x._backward_hooks) == hooks
    kept.remove()


def test_a_custom_function_has_its_own_value_not_that_of_its_first_operation(x):
    class TwiceExp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = torch.exp(x)
            ctx.save_for_backward(y)
            return 2 * y

        @staticmethod
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

    trace = sg.trace(lambda x: TwiceExp.apply(x).sum(), x)
    assert torch.allclose(trace.value(1), 2 * x.detach().exp())
    assert torch.allclose(trace.grad(2), 2 * x.detach().exp())


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpoints(reentrant, x):
    from torch.utils.checkpoint import checkpoint

    def fn(x):
        return checkpoint(lambda t: t.sin().exp(), x * 1, use_reentrant=reentrant).sum()

    trace = sg.trace(fn, x)
    assert x.grad is None
    leaf = next(n.id for n in trace.graph.nodes if n.kind == "leaf")
    if reentrant:
        assert trace.grad(leaf) is None
        assert "use checkpoint(…, use_reentrant=False)" in trace.notes[0]
    else:
        assert torch.equal(trace.grad(leaf), torch.autograd.grad(fn(x), x)[0])


def test_double_backward(x):
    def fn(x):
        slope = torch.autograd.grad((x**3).sum(), x, create_graph=True)[0]
        return slope.sum()

    trace = sg.trace(fn, x)
    leaf = next(n.id for n in trace.graph.nodes if n.kind == "leaf")
    assert torch.equal(trace.grad(leaf), 6 * x.detach())
    assert not [n for n in trace.graph.nodes if n.kind == "cut"]


def test_outputs_that_are_not_used_have_a_value_and_no_gradient(x):
    trace = sg.trace(lambda x: x.unbind()[1] * 2, x)
    unbind = next(n for n in trace.graph.nodes if n.op == "UnbindBackward0")
    assert len(unbind.outputs) == 4
    assert [trace.value(unbind.id, k).item() for k in range(4)] == [0, 1, 2, 3]
    assert [trace.grad(unbind.id, k) is None for k in range(4)] == [True, False, True, True]


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(2).to_sparse(),
        lambda: torch.ones(2, dtype=torch.complex64),
        lambda: torch.ones(2, dtype=torch.bfloat16),
        lambda: torch.nn.Parameter(torch.ones(2)),
        lambda: torch.ones(2).as_subclass(type("Mine", (torch.Tensor,), {})),
        lambda: torch.zeros(0, 3),
        lambda: torch.ones(()),
    ],
    ids=["sparse", "complex", "bfloat16", "parameter", "subclass", "empty", "scalar"],
)
def test_unusual_tensors(make):
    t = make().requires_grad_()
    trace = sg.trace(lambda t: (t * 2).sum().abs(), t)
    leaf = next(n for n in trace.graph.nodes if n.kind == "leaf")
    assert leaf.shape == tuple(t.shape)
    json.dumps(trace.to_dict(), allow_nan=False)
    assert trace.svg().startswith("<svg")
    assert t.grad is None


def test_a_tensor_without_elements_to_read_is_shown_by_its_shape():
    t = torch.ones(2, 3, device="meta", requires_grad=True)
    text = sg.trace(lambda t: (t * 2).sum(), t).text()
    assert "t (leaf)   value (2, 3) of float32, elements not readable" in text


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_quantised_data_is_shown_by_its_numbers(x):
    data = torch.quantize_per_tensor(torch.ones(4), 0.5, 0, torch.qint8)
    trace = sg.trace(lambda x: (x * data.dequantize()).sum(), x)
    assert "[1, 1, 1, 1] (constant)" in trace.text()


def test_an_output_that_does_not_depend_on_the_inputs(x):
    w = torch.ones(2, requires_grad=True)
    trace = sg.trace(lambda x: w.sum(), x)
    assert [n.name for n in trace.graph.nodes] == [None, "w"]


def test_a_value_changed_in_place_after_recording_is_refused_by_pytorch_itself(x):
    with sg.record() as rec:
        y = x.exp()
        z = y.sum()
        y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        rec.trace(z)
    assert nothing_left()
    assert x._backward_hooks is None


def test_recordings_nest(x):
    with sg.record() as outside:
        y = x * 2
        with sg.record() as inside:
            z = (y * 3).sum()
        inner = inside.trace(z)
    outer = outside.trace(z)
    assert ops(inner) == ops(outer)
    assert outer.value(outer.graph.nodes[0].id).item() == 36
    assert nothing_left()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_behind_by_an_exception(error, x):
    net = torch.nn.Linear(4, 1)

    def broken(x):
        net(x)
        raise error("stop")

    with pytest.raises(error, match="stop"):
        sg.trace(broken, x)
    assert nothing_left()

    def broken_backward(x):
        y = x * 2
        y.register_hook(lambda g: (_ for _ in ()).throw(error("in backward")))
        return y.sum()

    with pytest.raises(error):
        sg.trace(broken_backward, x)
    assert nothing_left()
    assert x._backward_hooks is None
    assert x.grad is None
    assert sg.trace(quadratic, x).grad(2).tolist() == [0, 4, 8, 12]


def test_the_structure_alone_runs_no_backward(x):
    ran = []
    y = 2 * x * x
    y.register_hook(ran.append)
    trace = sg.graph(y, structure=True)
    assert ran == []
    assert {s.phase for s in trace.steps} == {"forward"}
    whole = sg.graph(y, upstream=torch.ones(4)).graph
    ops = [n.op for n in whole.nodes if n.kind != "constant"]
    assert [n.op for n in trace.graph.nodes] == ops
    assert [n.shape for n in trace.graph.nodes] == [(4,)] * 3
    assert [(e.source, e.target) for e in trace.graph.edges] == [(1, 0), (2, 1), (2, 0)]
    assert trace.value(0) is None
    assert "gradient" not in trace.text()
    assert "grad" not in trace.svg().split("</style>")[1]


def test_the_structure_of_a_freed_graph(x):
    y = (x * x).sum()
    y.backward()
    trace = sg.graph(y, structure=True)
    assert [n.op for n in trace.graph.nodes][:2] == ["SumBackward0", "MulBackward0"]
    assert all(n.shape is not None for n in trace.graph.nodes)
