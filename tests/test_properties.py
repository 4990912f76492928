"""Programs that nobody wrote: a trace of them is true, and disturbs nothing."""

import weakref

import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.autograd.graph import GradientEdge

import seegrad as sg
from tests.test_tracing import plain_graph

SHAPES = [(), (3,), (1, 3), (2, 3), (0, 3)]

SMOOTH = {
    "sin": lambda a, b: a.sin(),
    "tanh": lambda a, b: a.tanh(),
    "sigmoid": lambda a, b: a.sigmoid(),
    "square": lambda a, b: a * a,
    "scale": lambda a, b: 0.5 * a,
    "shift": lambda a, b: a + 1.5,
    "power": lambda a, b: (a * a + 1) ** 1.5,
    "reshape": lambda a, b: a.reshape(-1),
    "expand": lambda a, b: a.expand(2, *a.shape),
    "transpose": lambda a, b: a.movedim(0, -1) if a.dim() else a,
    "first": lambda a, b: a[..., :1] if a.dim() else a,
    "total": lambda a, b: a.sum(),
    "rows": lambda a, b: a.sum(dim=-1, keepdim=True),
    "mean": lambda a, b: a.mean() if a.numel() else a.sum(),
    "unbind": lambda a, b: a.unbind(-1)[1] if a.dim() and a.shape[-1] > 1 else a,
    "split": lambda a, b: torch.cat(a.split(1, -1)[::-1], -1) if a.dim() and a.numel() else a,
    "softmax": lambda a, b: torch.softmax(a, -1) if a.dim() else a,
    "in place": lambda a, b: (a * 1).mul_(2).add_(1),
    "in place on a view": lambda a, b: _write_view(a * 1),
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1),
    "branch": lambda a, b: a * 2 if float(a.detach().sum()) > 0.123 else b * 3,
}
OTHER = {
    "cut": lambda a, b: a.detach() * b,
    "constant": lambda a, b: a * torch.full_like(b, 0.5) if a.shape == b.shape else a,
    "relu": lambda a, b: a.relu(),
    "largest": lambda a, b: a.max(dim=-1).values if a.dim() and a.numel() else a,
    "dropout": lambda a, b: torch.dropout(a, 0.5, True),
    "item": lambda a, b: a * float(b.detach().sum()),
    "no grad": lambda a, b: a * _unrecorded(a),
}


def _write_view(a):
    if a.dim() and a.shape[-1] > 1:
        a[..., 1:].mul_(3)
    return a


def _unrecorded(a):
    with torch.no_grad():
        return a * 2


def programs(ops):
    step = st.tuples(st.sampled_from(sorted(ops)), st.integers(0, 50), st.integers(0, 50))
    return st.tuples(
        st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3),
        st.lists(step, min_size=1, max_size=8),
        st.sampled_from([torch.float32, torch.float64]),
        st.integers(0, 1000),
    )


def inputs(program):
    shapes, _, dtype, seed = program
    make = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=make, dtype=dtype).requires_grad_() for s in shapes]


def run(program, leaves, watch=lambda t: None):
    """Run a program: each step takes two earlier results; the output adds up the last three."""
    pool = list(leaves)
    for name, i, j in program[1]:
        a, b = pool[i % len(pool)], pool[j % len(pool)]
        try:
            torch.broadcast_shapes(a.shape, b.shape)
        except RuntimeError:
            b = b.sum()
        pool.append((SMOOTH | OTHER)[name](a, b))
        watch(pool[-1])
    return sum(t.sum() for t in pool[-3:]) + 0 * leaves[0].sum()


many = settings(
    max_examples=500, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@settings(many, max_examples=1000)
@given(programs(SMOOTH | OTHER))
def test_a_trace_disturbs_nothing(program):
    def story(traced):
        torch.manual_seed(3)
        leaves = inputs(program)
        leaves[0].grad = torch.ones_like(leaves[0])
        made = []  # weak references to each result
        if traced:
            with sg.record() as rec:
                y = run(program, leaves, lambda t: made.append(weakref.ref(t)))
            kept.append((rec, rec.trace(y), sg.graph(y)))
        else:
            y = run(program, leaves, lambda t: made.append(weakref.ref(t)))
        alive = [r() is not None for r in made]
        state = [torch.get_rng_state(), y.detach().clone(), y.grad_fn.name()]
        state += [t._version for t in (*leaves, y)] + [t._backward_hooks for t in leaves]
        y.backward()
        try:
            y.backward()
            state.append("twice")
        except RuntimeError as error:
            state.append(str(error)[:40])
        del y
        alive += [r() is not None for r in made]
        return state + [t.grad for t in leaves] + alive

    kept = []  # a trace that is kept keeps no tensor of the reader
    for mine, plain in zip(story(True), story(False), strict=True):
        if isinstance(plain, torch.Tensor):
            assert mine.shape == plain.shape
            assert mine.dtype == plain.dtype
            assert torch.allclose(mine, plain, rtol=0, atol=0, equal_nan=True)
        else:
            assert mine == plain


@many
@given(programs(SMOOTH | OTHER))
def test_a_trace_is_true(program):
    torch.manual_seed(3)
    leaves = inputs(program)
    with sg.record() as rec:
        y = run(program, leaves)
    trace = rec.trace(y)
    held = trace.graph.nodes
    nodes, edges = plain_graph(y)
    assert sorted(n.op for n in held if n.op) == nodes
    real = [e for e in trace.graph.edges if held[e.source].op]
    assert sorted((held[e.source].op, held[e.target].op, e.slot, e.output) for e in real) == edges

    order = _preorder(y.grad_fn)
    ids = [n.id for n in held if n.op]
    assert [n.name() for n in order] == [held[i].op for i in ids]
    ends = [
        (i, fn, k) for i, fn in zip(ids, order, strict=True) for k in range(len(held[i].outputs))
    ]
    grads = torch.autograd.grad(
        y, [GradientEdge(fn, k) for _, fn, k in ends], retain_graph=True, allow_unused=True
    )
    for (i, _, k), truth in zip(ends, grads, strict=True):
        mine = trace.grad(i, k)
        assert (mine is None) == (truth is None)
        assert truth is None or torch.equal(mine, truth)
        assert truth is None or held[i].outputs[k][0] == tuple(truth.shape)
    for node in held:
        if node.kind == "op" and trace.value(node.id) is not None:
            assert tuple(trace.value(node.id).shape) == node.shape
    assert torch.equal(trace.value(0), y.detach())


def _preorder(root):
    """Visit as the ids promise: depth first, slots in order, each node once."""
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        order.append(node)
        stack.extend(child for child, _ in reversed(node.next_functions) if child is not None)
    return order


@settings(many, max_examples=150)
@given(programs(SMOOTH))
def test_leaf_gradients_agree_with_central_differences(program):
    program = (*program[:2], torch.float64, program[3])
    leaves = inputs(program)
    with sg.record() as rec:
        y = run(program, leaves)
    trace = rec.trace(y)
    h = 1e-6
    for node in trace.graph.nodes:
        if node.kind != "leaf":
            continue
        leaf = next(
            t for t in leaves if t.shape == node.shape and torch.equal(t, trace.value(node.id))
        )
        for k in range(leaf.numel()):
            sides = []
            for sign in (1, -1):
                moved = [t.detach().clone() for t in leaves]
                moved[[t is leaf for t in leaves].index(True)].view(-1)[k] += sign * h
                sides.append(run(program, moved))
            slope = (sides[0] - sides[1]) / (2 * h)
            grad = trace.grad(node.id)
            mine = 0.0 if grad is None else grad.reshape(-1)[k]
            assert abs(mine - slope) <= 1e-4 * max(1.0, abs(slope)), (node.name, k)
