"""Baked numbers against plain PyTorch, run again here without any of the explorer's code."""

import json
import random
from itertools import product
from xml.etree import ElementTree

import ipywidgets
import pytest
import torch
import traitlets

import seegrad as sg
from seegrad.widgets import still
from seegrad.widgets.explorer import pack

SETUP = ["x = torch.ones(3, requires_grad=True)", "g = None"]
LINES = ["x.sum().backward()", "g = x.grad", "x.grad.zero_()", "x.grad = None"]


def unpacked(explorer):
    """Return what every setting shows: the rule of the pool, written a second time."""
    pool = explorer._data["pool"]

    def value(v):
        return entry(pool[v[0]]) if isinstance(v, list) else v

    def entry(raw):
        if isinstance(raw, str):
            return raw
        if isinstance(raw, list):
            return [value(v) for v in raw]
        ((keys, values),) = raw.items()
        return dict(zip(pool[int(keys)], map(value, values), strict=True))

    return [entry(pool[at]) for at in explorer._data["frames"]]


def f(a):
    b = 2 * a
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c


def slope(fn, number):
    a = torch.tensor(float(number), requires_grad=True)
    fn(a).backward()
    return a.grad.item()


def branches(numbers):
    def at(a):
        leaf = torch.tensor(a, requires_grad=True)
        plot = sg.Plot("f", "a", "f(a)", xlim=(-900, 900), ylim=(-2e5, 2e3))
        return plot.line("here", a, f(leaf), slope=slope(f, a)), sg.trace(f, leaf)

    return sg.explore(at, a=sg.slider(numbers))


def cubes(x):
    y = x * x
    z = y * x
    return z.sum()


def bench(depth=4):
    return sg.bench(SETUP, LINES, watch=["x.grad", "g"], depth=depth)


# ---------------------------------------------------------------- explore


def test_every_setting_holds_the_run_of_its_own_value():
    numbers = [-500.0, -499.0, 25.0, 300.0]
    made = branches(numbers)
    for number, frame in zip(numbers, unpacked(made), strict=True):
        plot, trace = frame["views"]
        assert plot["lines"][0]["slope"] == slope(f, number)
        (leaf,) = [n for n in trace["views"][0]["nodes"] if n["kind"] == "leaf"]
        assert leaf["grad"] == f".grad {slope(f, number):g}"
        a = torch.tensor(number, requires_grad=True)
        node, count = f(a).grad_fn, 0
        while node.name() == "MulBackward0":
            node, count = node.next_functions[0][0], count + 1
        assert sum(n["kind"] == "op" for n in trace["views"][0]["nodes"]) == count
        assert frame["say"] == f"`a.grad` gets {slope(f, number):g}."


def test_fifty_settings_with_graph_and_plot_weigh_below_150_kilobytes():
    sizes = [round(25 * 40 ** (k / 24), 1) for k in range(25)]
    made = branches([-v for v in sizes] + sizes)
    assert made.count == 50
    shown = unpacked(made)
    assert len({json.dumps(f) for f in shown}) == 50
    assert len(json.dumps(made.state())) < 150_000
    assert len(json.dumps(shown)) > 3 * len(json.dumps(made.state()))  # equal parts are shared


def test_settings_run_over_all_combinations_and_the_last_control_is_fastest():
    def at(n, how, twice):
        x = torch.arange(float(n), requires_grad=True)
        y = getattr(x * x, how)()
        return sg.trace(lambda x: y * 2 if twice else y, x), f"{n} {how} {twice}"

    made = sg.explore(at, n=[2, 3], how=["sum", "mean"], twice=sg.switch("doubled"))
    expected = [f"{n} {how} {t}" for n, how, t in product((2, 3), ("sum", "mean"), (False, True))]
    assert [frame["say"] for frame in unpacked(made)] == expected
    made.setting = 5
    assert made.value == {"n": "3", "how": "sum", "twice": "on"}
    kinds = [c["kind"] for c in made._data["controls"]]
    assert kinds == ["slider", "choice", "switch"]


def test_a_setting_that_pytorch_refuses_says_so_and_the_others_are_whole():
    def at(cut):
        x = torch.arange(3.0, requires_grad=True)
        y = (x.detach() if cut else x).sum()
        y.backward()
        return f"x.grad is {x.grad}"

    made = sg.explore(at, cut=sg.switch("detach"))
    whole, refused = unpacked(made)
    assert whole == {"say": "x.grad is tensor([1., 1., 1.])", "refused": "", "views": []}
    assert refused["refused"] == (
        "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
    )


def test_what_is_not_a_fact_about_a_setting_is_raised():
    def nothing(a):
        raise RuntimeError("always")

    with pytest.raises(RuntimeError, match="always"):
        sg.explore(nothing, a=[1, 2])
    with pytest.raises(KeyError):
        sg.explore(lambda a: {}[a], a=[1, 2])
    with pytest.raises(TypeError, match="returned a Tensor, expected a trace, a Plot"):
        sg.explore(lambda a: torch.tensor(a), a=[1.0])
    with pytest.raises(ValueError, match="give at least one control"):
        sg.explore(lambda: "")
    with pytest.raises(ValueError, match="21 × 20 = 420 settings, at most 400 can be baked"):
        sg.explore(lambda a, b: "", a=list(range(21)), b=list(range(20)))


def test_controls_are_checked():
    with pytest.raises(ValueError, match="a has no values to choose from"):
        sg.explore(lambda a: "", a=[])
    with pytest.raises(ValueError, match="two values that read the same"):
        sg.slider([1.00001, 1.000011])
    with pytest.raises(ValueError, match="cannot start at 7, which is not one of its values"):
        sg.slider([1, 2], start=7)
    with pytest.raises(ValueError, match="in ascending order"):
        sg.arrow([1, 0], [0, 1])
    assert sg.slider([1, 2.5]).values == (1.0, 2.5)
    assert sg.slider(torch.tensor([1.0, 2.0])).texts == ("1", "2")


def test_each_position_of_an_arrow_is_a_run_of_autograd():
    def g(p):
        return torch.stack([p[0] * p[1], p[1] ** 2 + p[2]])

    p = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

    def weigh(v):
        (total,) = torch.autograd.grad(g(p), p, torch.tensor(v))
        return sg.Matrix("rows", ["y0", "y1"], ["p0", "p1", "p2"], [[2, 1, 0], [0, 4, 1]], v, total)

    steps = torch.linspace(-2, 2, 9)
    made = sg.explore(weigh, v=sg.arrow(steps, steps, start=(1.0, 0.0)))
    jacobian = torch.func.jacrev(g)(p.detach())
    assert made.count == 81
    assert made.value == {"v": "[1, 0]"}
    for (y, x), frame in zip(product(steps, steps), unpacked(made), strict=True):
        (view,) = frame["views"]
        v = torch.stack([x, y])
        assert torch.equal(torch.tensor(view["weights"], dtype=torch.float32), v)
        assert torch.allclose(torch.tensor(view["total"], dtype=torch.float32), v @ jacobian)
        assert view["data"] == jacobian.tolist()


# ---------------------------------------------------------------- plots and matrices


def test_a_plot_keeps_what_it_is_given_and_knows_its_range():
    plot = sg.Plot("t", "h", "error", log="xy").curve(
        "a", [1e-3, 0.0, 1.0], [2.0, 5.0, float("nan")]
    )
    data = plot.point("a", 0.1, 3.14159265).line("b", 1, 2, slope=float("inf")).to_dict()
    assert data["curves"] == [
        {"label": "a", "x": [0.001, 0, 1], "y": [2, 5, None], "dots": False, "ink": 0}
    ]
    assert data["points"] == [{"label": "a", "x": 0.1, "y": 3.1416, "ink": 0}]
    assert data["lines"] == [{"label": "b", "x": 1, "y": 2, "slope": None, "ink": 1}]
    assert data["x"] == {"label": "h", "log": True, "range": [0.001, 1]}
    assert plot.to_dict()["points"] == []  # each method returns a new plot
    json.dumps(data, allow_nan=False)
    with pytest.raises(ValueError, match="2 x and 1 y"):
        plot.curve("c", [1, 2], [1])
    with pytest.raises(ValueError, match="nothing to draw along x"):
        sg.Plot("t", "x", "y").to_dict()


def test_a_matrix_has_the_shape_of_its_names():
    with pytest.raises(ValueError, match=r"should have \(1, 2\) entries"):
        sg.Matrix("m", ["r"], ["a", "b"], [[1]], [1], [1, 2]).to_dict()
    with pytest.raises(ValueError, match=r"a sum for each column \(1 and 2\), got 1"):
        sg.Matrix("m", ["r"], ["a", "b"], [[1, 2]], [1], [1]).to_dict()


# ---------------------------------------------------------------- switchboard


def by_hand(a, b, y_to_z, x_to_z, to_sum):
    """Run z = y · x with y = x · x, each edge detached or not, in plain PyTorch."""

    def edge(t, cut):
        return t.detach() if cut else t

    x = torch.arange(4.0, requires_grad=True)
    y = edge(x, a) * edge(x, b)
    z = edge(y, y_to_z) * edge(x, x_to_z)
    total = edge(z, to_sum).sum()
    try:
        total.backward()
    except RuntimeError as error:
        return str(error)
    return x.grad.tolist()


def test_every_choice_of_cuts_gives_what_plain_code_gives():
    made = sg.switchboard(cubes, torch.arange(4.0, requires_grad=True))
    names = made._data["controls"][0]["names"]
    order = ["x → y, input 1", "x → y, input 2", "y → z", "x → z", "z → Σ"]
    assert sorted(names) == sorted(order)
    seen = set()
    for bits, frame in enumerate(unpacked(made)):
        (view,) = frame["views"]
        cut = [bool(bits >> names.index(name) & 1) for name in order]
        assert [bool(names.index(name) in view["cut"]) for name in order] == cut
        expected = by_hand(*cut)
        leaf = next(i for i, n in enumerate(view["nodes"]) if n["kind"] == "leaf")
        if isinstance(expected, str):
            assert frame["refused"] == f"RuntimeError: {expected}"
            assert view["sent"] == view["grads"] == {}
        else:
            assert frame["refused"] == ""
            got = None if str(leaf) not in view["grads"] else json.loads(view["grads"][str(leaf)])
            assert got == expected
            parts = [json.loads(view["sent"][str(s["edge"])]) for s in view["switches"]
                     if s["label"].startswith("x") and str(s["edge"]) in view["sent"]]  # fmt: skip
            assert [sum(column) for column in zip(*parts, strict=True)] == expected
        seen.add(str(expected))
    assert len(made._data["frames"]) == 32
    assert len(seen) == 4  # x², 2x², 3x² and the refusal


def test_two_inputs_and_other_operations_give_what_plain_code_gives():
    torch.manual_seed(2)
    start = torch.randn(3), torch.randn(3, 3)

    def layer(x, w):
        a = w @ x
        h = torch.tanh(a)
        p = h * x
        return p.sum()

    def gated(x, w, cut):
        def edge(t, name):
            return t.detach() if name in cut else t

        a = edge(w, "w → a") @ edge(x, "x → a")
        h = torch.tanh(edge(a, "a → h"))
        p = edge(h, "h → p") * edge(x, "x → p")
        return edge(p, "p → Σ").sum()

    made = sg.switchboard(layer, *(t.clone().requires_grad_() for t in start))
    names = made._data["controls"][0]["names"]
    assert set(names) == {"w → a", "x → a", "a → h", "h → p", "x → p", "p → Σ"}
    for bits, frame in enumerate(unpacked(made)):
        cut = {name for k, name in enumerate(names) if bits >> k & 1}
        leaves = [t.clone().requires_grad_() for t in start]
        y = gated(*leaves, cut)
        assert bool(frame["refused"]) == (not y.requires_grad)
        if y.requires_grad:
            y.backward()
            (view,) = frame["views"]
            shown = {
                n["title"]: view["grads"].get(str(i))
                for i, n in enumerate(view["nodes"])
                if n["kind"] == "leaf"
            }
            for name, leaf in zip("xw", leaves, strict=True):
                if leaf.grad is None:
                    assert shown[name] is None
                else:
                    got = torch.tensor(json.loads(shown[name]))
                    assert torch.allclose(got, leaf.grad, rtol=1e-3)


def test_switches_can_be_on_the_edges_of_one_variable():
    x = torch.arange(4.0, requires_grad=True)
    made = sg.switchboard(lambda x: 2 * torch.dot(x, x), x, of="x")
    says = [f"{f['say']} {f['refused']}" for f in unpacked(made)]
    assert "`x.grad` is [0, 4, 8, 12]: 2 edges bring [0, 2, 4, 6] + [0, 2, 4, 6]." in says[0]
    assert all("`x.grad` is [0, 2, 4, 6]: one edge brings it." in say for say in says[1:3])
    assert "does not require grad" in says[3]
    assert x.grad is None
    with pytest.raises(ValueError, match="no edge leaves a node named 'q'"):
        sg.switchboard(torch.sum, x, of="q")


def test_a_switchboard_disturbs_nothing_and_leaves_no_hook():
    x = torch.arange(4.0, requires_grad=True)
    x.sum().backward()
    state = torch.get_rng_state()
    sg.switchboard(cubes, x)
    assert x.grad.tolist() == [1, 1, 1, 1]
    assert x._version == 0
    assert not x._backward_hooks
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: torch.nn.functional.softmax(x, dim=0)[1],
        lambda x: torch.relu(x - 1.5).mean(),
        lambda x: (x.reshape(2, 2) @ x.reshape(2, 2).T).sum(),
        lambda x: torch.cat([x, x * 2]).prod(),
        lambda x: torch.dropout(x, 0.5, train=True).sum(),
    ],
)
def test_what_flows_where_nothing_is_cut_is_what_the_trace_says(fn):
    x = torch.arange(1.0, 5.0, requires_grad=True)
    torch.manual_seed(1)
    trace = sg.trace(fn, x)
    torch.manual_seed(1)
    state = torch.get_rng_state()
    (view,) = unpacked(sg.switchboard(fn, x))[0]["views"]
    assert torch.equal(torch.get_rng_state(), state)
    sent = {int(k): json.loads(text) for k, text in view["sent"].items()}
    assert len(sent) == len(view["switches"])
    for edge, numbers in sent.items():
        assert torch.allclose(torch.tensor(numbers, dtype=x.dtype), trace.sent(edge), rtol=1e-3)


def test_what_cannot_be_switched_is_refused():
    x = torch.arange(4.0, requires_grad=True)
    w = torch.ones(4, requires_grad=True)
    with pytest.raises(ValueError, match="not among its inputs"):
        sg.switchboard(lambda x: (w * x).sum(), x)
    with pytest.raises(ValueError, match="changes a tensor in place"):
        sg.switchboard(lambda x: (x * 2).mul_(3).sum(), x)
    with pytest.raises(ValueError, match="makes several operations at once"):
        sg.switchboard(lambda x: torch.nn.functional.cross_entropy(x[None], x.long()[:1]), x)
    with pytest.raises(ValueError, match="11 edges can be cut in 2048 ways, at most 400"):
        sg.switchboard(lambda x: (x * x * x * x * x * x).sum(), x)
    with pytest.raises(ValueError, match="does not require grad"):
        sg.switchboard(torch.sum, x.detach())


# ---------------------------------------------------------------- bench


def plain(lines):
    """Run lines on fresh objects, and say what the board should show."""
    names = {"torch": torch}
    try:
        for line in (*SETUP, *lines):
            exec(line, names)
    except AttributeError as error:
        return f"AttributeError: {error}"
    grad, g = names["x"].grad, names["g"]
    values = ["None" if t is None else str([int(v) for v in t.tolist()]) for t in (grad, g)]
    return (*values, grad is not None and grad is g)


def on_board(frame):
    (board,) = frame["views"]
    held = {name: o["value"] for o in board["objects"] for name in o["names"]}
    return held["x.grad"], held["g"], len(board["objects"]) == 1


def test_every_sequence_of_presses_leads_where_plain_code_leads():
    made = bench(depth=4)
    (control,), frames = made._data["controls"], unpacked(made)
    for presses in product(range(len(LINES)), repeat=4):
        state, done = 0, []
        for b in presses:
            to, error = control["to"][state][b], control["errors"][state][b]
            expected = plain([*done, LINES[b]])
            if isinstance(expected, str):
                assert (to, error) == (None, expected)
                continue
            if to is None:
                assert len(control["paths"][state]) == 4
                break
            state, done = to, [*done, LINES[b]]
            assert on_board(frames[state]) == expected


def test_the_alias_changes_with_the_gradient_until_none_parts_them():
    made = bench()
    frames = dict(zip(made._data["controls"][0]["texts"], unpacked(made), strict=True))
    one = frames["x.sum().backward(); g = x.grad"]
    assert one["say"] == "`x.grad` and `g` are one tensor, [1, 1, 1]."
    parted = frames["x.sum().backward(); g = x.grad; x.grad = None; x.sum().backward()"]
    assert parted["say"] == "`x.grad` is [1, 1, 1]. `g` is [1, 1, 1]."
    assert "x.grad.zero_() after start → AttributeError: 'NoneType'" in made.text()


def test_situations_that_look_alike_but_differ_stay_apart():
    shared = sg.bench(
        ["x = torch.ones(2, requires_grad=True)", "x.sum().backward()", "g = None"],
        ["g = x.grad.detach()", "g = x.grad.clone()", "g.add_(1)"],
        watch=["x.grad", "g"],
        depth=2,
    )
    control, frames = shared._data["controls"][0], unpacked(shared)
    after = {b: control["to"][0][b] for b in (0, 1)}
    assert after[0] != after[1]
    assert "with the memory of x.grad" in frames[after[0]]["say"]
    edited = [on_board(frames[control["to"][after[b]][2]]) for b in (0, 1)]
    assert edited == [("[2, 2]", "[2, 2]", False), ("[1, 1]", "[2, 2]", False)]

    used = sg.bench(
        ["x = torch.ones(2, requires_grad=True)", "y = (x * x).sum()"],
        ["y.backward()", "x.grad = None"], watch=["x.grad"], depth=3,
    )  # fmt: skip
    control = used._data["controls"][0]
    again = control["to"][control["to"][0][0]][1]  # backward, then None: x.grad looks as at first
    assert again != 0
    assert "second time" in control["errors"][again][0]


def test_a_bench_that_grows_without_end_is_refused():
    lines = [f"x.append({i})" for i in range(8)]
    with pytest.raises(ValueError, match="5 presses reach more than 400 situations"):
        sg.bench("x = []", lines, watch=["x"])


# ---------------------------------------------------------------- the widget


def test_setting_and_step_are_checked_observed_and_follow_each_other():
    made = branches([-300.0, 300.0, 25.0])
    seen = []
    made.observe(lambda change: seen.append(change.new), "setting")
    made.step = made._steps[0]
    made.setting = 2  # the end of one trace stays the end of the next
    assert (made.step, seen, made.value) == (made._steps[2], [2], {"a": "25"})
    made.setting = 1
    made.step = 2
    made.setting = 2
    assert made.step == 2
    with pytest.raises(
        traitlets.TraitError, match="setting is 3, but this explorer has settings 0 to 2"
    ):
        made.setting = 3
    with pytest.raises(traitlets.TraitError, match="step is 99, but the trace of this setting has"):
        made.step = 99
    made.set_state({"setting": 0, "step": made._steps[0]})  # as the front end sends them
    assert (made.setting, made.step) == (0, made._steps[0])


def test_it_can_be_chosen_by_value_linked_and_used_for_interactive_output():
    one, two = bench(), branches([-300.0, 300.0])
    with pytest.raises(traitlets.TraitError, match="expected one known value for each of a"):
        two.value = {"a": 4}
    two.value = {"a": 300}
    assert two.setting == 1
    bar = ipywidgets.IntSlider(max=1)
    ipywidgets.link((bar, "value"), (two, "setting"))
    bar.value = 0
    assert two.value == {"a": "-300"}
    heard = []
    out = ipywidgets.interactive_output(lambda e: heard.append(e), {"e": two})
    two.setting = 1
    assert heard[-1] == {"a": "300"}
    ipywidgets.HBox([one, two, out])


def test_the_text_is_the_same_each_time_and_names_the_controls():
    first, second = branches([-300.0, 300.0]).text(), branches([-300.0, 300.0]).text()
    assert (
        first
        == second
        == (
            "Explorer: 2 settings\n"
            "  a: slider, 2 values from -300 to 300\n"
            "  a = -300 → `a.grad` gets 400.\n"
            "  a = 300 → `a.grad` gets 4."
        )
    )
    assert bench().text() == bench().text()
    assert repr(bench()) == "Explorer(settings=14, setting=0)"


def test_the_display_holds_text_picture_widget_and_state():
    data, _ = branches([-300.0, 300.0])._repr_mimebundle_()
    assert data["text/plain"].startswith("Explorer: 2 settings")
    assert data["image/svg+xml"].startswith("<svg")
    state = data["application/vnd.seegrad.widget+json"]
    assert state["widget"] == "explorer"
    assert set(state["state"]) == {"_data", "_sentences", "setting", "step"}
    json.dumps(state, allow_nan=False)


def test_the_still_picture_shows_every_panel_of_the_setting():
    made = branches([-300.0, 300.0])
    made.setting = 1
    root = ElementTree.fromstring(made.svg())
    words = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"f(a)", "here", "-200000", ".grad 4", "1200"} <= set(words)
    assert "400" not in " ".join(words)
    assert root.find("{http://www.w3.org/2000/svg}desc").text == made._says[1]
    board = ElementTree.fromstring(bench().svg())
    assert [t.text for t in board.iter() if t.text in ("x.grad", "g", "None")] == [
        "x.grad", "None", "g", "None"
    ]  # fmt: skip
    cut = sg.switchboard(cubes, torch.arange(4.0, requires_grad=True))
    assert "[0, 3, 12, 27]" in cut.svg()
    cut.setting = 1  # of a graph with cuts there is no still picture, rather than a wrong one
    assert cut.svg() is None


def test_a_still_picture_escapes_words_and_leaves_out_what_cannot_be_drawn():
    plot = sg.Plot("<b> & 'c'", "h", "e", log="xy").curve(
        "</svg>", [1e-9, 0, 1], [2, 3, float("nan")]
    )
    made = sg.explore(lambda a: plot.point("p", 0, 0), a=[1])
    root = ElementTree.fromstring(made.svg())
    words = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"<b> & 'c'", "</svg>", "1e-8"} <= set(words)
    assert not list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert "nan" not in made.svg()


@pytest.mark.parametrize(
    ("low", "high", "log", "expected"),
    [
        (0, 10, False, ["0", "2", "4", "6", "8", "10"]),
        (-0.25, 0.25, False, ["-0.2", "-0.1", "0", "0.1", "0.2"]),
        (1e-3, 10, True, ["1e-3", "1e-2", "1e-1", "1", "1e1"]),
        (1e-17, 1, True, ["1e-16", "1e-12", "1e-8", "1e-4", "1"]),
    ],
)
def test_ticks_are_round_and_inside(low, high, log, expected):
    assert [words for _, words in still.ticks({"range": [low, high], "log": log}, 5)] == expected


def test_packing_shares_what_is_equal_and_nothing_else():
    random.seed(3)

    def thing(depth):
        if depth == 0:
            return random.choice(
                [0, 0.0, 1, True, False, None, "short", "a text that is longer", "", 1.5]
            )
        kind = random.choice([dict, list])
        inside = [thing(depth - 1) for _ in range(random.randrange(4))]
        return inside if kind is list else {f"k{i}": v for i, v in enumerate(inside)}

    class Holder:
        pass

    things = [{"all": thing(5)} for _ in range(60)]
    holder = Holder()
    pool, frames = pack(things)
    holder._data = {"pool": json.loads(json.dumps(pool)), "frames": frames}
    back = unpacked(holder)
    assert json.dumps(back) == json.dumps(things)  # True stays True, 0.0 stays 0.0
    same = pack([{"a": [1, 2]}, {"a": [1, 2]}])
    assert same[1][0] == same[1][1]


def test_inks_follow_labels_and_free_ones_come_first():
    plot = sg.Plot("t", "x", "y").curve("f", [0, 1], [0, 1], ink=3).point("p", 0, 0)
    data = plot.line("p", 0, 0, slope=1).curve("g", [0], [0]).line("h", 0, 0, slope=1).to_dict()
    inks = {d["label"]: d["ink"] for kind in ("curves", "points", "lines") for d in data[kind]}
    assert inks == {"f": 3, "p": 0, "g": 1, "h": 2}
