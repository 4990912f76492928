"""Real networks: every parameter's gradient and every value is what plain PyTorch has."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

import seegrad as sg


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.one, self.two = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x):
        return F.relu(x + self.two(F.relu(self.norm(self.one(x)))))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Linear(4, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Gpt(nn.Module):
    def __init__(self, layers=2):
        super().__init__()
        self.embed = nn.Embedding(11, 16)
        layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(16, 11)

    def forward(self, tokens):
        mask = nn.Transformer.generate_square_subsequent_mask(tokens.shape[1])
        return self.head(self.blocks(self.embed(tokens), mask=mask, is_causal=True))


NETWORKS = {
    "mlp": lambda: (nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)), torch.randn(5, 3)),
    "resnet": lambda: (
        nn.Sequential(
            nn.Conv2d(3, 4, 3), Residual(4), Residual(4), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        ),
        torch.randn(2, 3, 8, 8),
    ),
    "lstm": lambda: (Recurrent(), torch.randn(2, 5, 3)),
    "gpt": lambda: (Gpt(), torch.randint(0, 11, (2, 6))),
}


def build(name):
    torch.manual_seed(0)
    return NETWORKS[name]()


def traced(name):
    net, data = build(name)
    torch.manual_seed(1)
    return net, data, sg.trace(lambda data: net(data).pow(2).mean(), data)


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_have_their_names_values_and_gradients(name):
    net, data, trace = traced(name)
    assert all(p.grad is None for p in net.parameters())
    plain, _ = build(name)
    torch.manual_seed(1)
    loss = plain(data).pow(2).mean()
    loss.backward()
    assert torch.equal(trace.value(0), loss.detach())
    facts = trace.describe()
    leaves = {n.name: n for n in trace.graph.nodes if n.kind == "leaf"}
    assert set(leaves) == {f"net.{n}" for n, _ in plain.named_parameters()}
    for path, p in plain.named_parameters():
        node = leaves[f"net.{path}"]
        assert (node.shape, node.dtype) == (tuple(p.shape), "float32")
        for mine, truth in ((facts.values[node.id, 0], p), (facts.grads[node.id, 0], p.grad)):
            if mine.stats is None:
                assert torch.equal(torch.tensor(mine.data), truth.detach())
            else:
                assert mine.stats["norm"] == pytest.approx(truth.norm().item(), rel=1e-4)
                assert mine.stats["max"] == truth.max().item()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_operation_has_its_value_its_gradient_and_its_module(name):
    net, _, trace = traced(name)
    ops = [n for n in trace.graph.nodes if n.kind == "op"]
    held = trace.describe()
    assert all((n.id, 0) in held.values for n in ops)
    assert all(held.values[n.id, 0].shape == n.shape for n in ops)
    assert all(any((n.id, k) in held.grads for k in range(len(n.outputs))) for n in ops)
    inside = [n for n in ops if n.group]
    assert len(inside) >= len(ops) - 2  # all but the square and the mean of the loss
    assert all(n.group[0] == type(net).__name__ for n in inside)
    assert not [n for n in trace.graph.nodes if n.kind == "cut" and n.note.endswith("like")]


@pytest.mark.parametrize("name", NETWORKS)
def test_module_outputs_are_the_values_in_the_trace(name):
    net, data = build(name)
    outputs = []
    handles = [
        m.register_forward_hook(lambda m, i, out: outputs.append(out))
        for m in net.modules()
        if not list(m.children())
    ]
    torch.manual_seed(1)
    trace = sg.trace(lambda data: net(data).pow(2).mean(), data)
    for handle in handles:
        handle.remove()
    values = [trace.value(n.id) for n in trace.graph.nodes if n.kind == "op"]
    for out in outputs:
        if isinstance(out, torch.Tensor) and out.grad_fn is not None and out.numel() <= 256:
            assert any(
                v is not None and v.shape == out.shape and torch.equal(v, out) for v in values
            )


def test_a_training_step_with_an_optimiser():
    def train(traced):
        net, data = build("mlp")
        optimiser = torch.optim.Adam(net.parameters(), lr=0.1)
        for _ in range(3):
            optimiser.zero_grad()
            if traced:
                with sg.record() as rec:
                    loss = net(data).pow(2).mean()
                trace = rec.trace(loss)
            else:
                loss = net(data).pow(2).mean()
            loss.backward()
            if traced:
                for node in trace.graph.nodes:
                    if node.kind == "leaf":
                        p = dict(net.named_parameters())[node.name.removeprefix("net.")]
                        assert torch.equal(trace.grad(node.id), p.grad)
            optimiser.step()
        return [p.detach() for p in net.parameters()]

    assert all(map(torch.equal, train(True), train(False)))


# ---------------------------------------------------------------- where code ran


def inner(x):
    for _ in range(2):
        x = x * 2
    return x


def outer(x):
    for _ in range(2):
        x = inner(x)
        x = x + 1
    return x


def test_turns_of_loops_are_counted_inside_and_outside():
    trace = sg.trace(outer, torch.tensor(1.0, requires_grad=True))
    first = outer.__code__.co_firstlineno
    groups = [trace.graph.nodes[s.node].group for s in trace.steps if s.phase == "forward"]
    turns = [tuple(int(title.rsplit(" ", 1)[1]) for title in g) for g in groups]
    assert turns == [(1, 1), (1, 2), (1,), (2, 1), (2, 2), (2,)]
    assert groups[2] == (f"loop in line {first + 1}, turn 1",)


def nested(x):
    for _ in range(2):
        for _ in range(3):
            x = x * 2
    return x


def nested_with_work(x):
    for _ in range(2):
        x = x + 1
        for _ in range(2):
            x = x * 2
    return x


@pytest.mark.parametrize(
    ("fn", "lines", "turns"),
    [
        (nested, ["loops in lines {1} and {2}"], [(1,), (2,), (3,), (4,), (5,), (6,)]),
        (
            nested_with_work,
            ["loop in line {1}", "loop in line {3}"],
            [(1,), (1, 1), (1, 2), (2,), (2, 1), (2, 2)],
        ),
    ],
)
def test_loops_that_cannot_be_told_apart_are_counted_together(fn, lines, turns):
    trace = sg.trace(fn, torch.tensor(1.0, requires_grad=True))
    first = fn.__code__.co_firstlineno
    names = [line.format(*range(first, first + 9)) for line in lines]
    groups = [trace.graph.nodes[s.node].group for s in trace.steps if s.phase == "forward"]
    made = [
        tuple(f"{name}, turn {n}" for name, n in zip(names, turn, strict=False)) for turn in turns
    ]
    assert groups == made


def test_one_instruction_that_runs_many_operations_is_one_turn():
    net = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2))

    def fn(x):
        for _ in range(2):
            x = net(x)
        return x.sum()

    trace = sg.trace(fn, torch.ones(1, 2))
    groups = [trace.graph.nodes[s.node].group for s in trace.steps if s.phase == "forward"]
    turns = [g[0].rsplit(" ", 1)[1] for g in groups if g]
    assert turns == ["1"] * 5 + ["2"] * 5
    assert groups[1][1:] == ("Sequential", "0 Linear")
