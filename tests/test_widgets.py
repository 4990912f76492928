import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import ipywidgets
import pytest
import torch
import traitlets

import seegrad as sg
from seegrad.widgets import details, module, shown

HERE = Path(__file__).parent


def test_a_trace_is_shown_as_text_picture_widget_and_data(x):
    data, _ = sg.trace(torch.sum, x)._repr_mimebundle_()
    assert data["text/plain"].startswith("SumBackward0   value 6   gradient 1")
    assert data["image/svg+xml"].startswith("<svg")
    assert "model_id" in data["application/vnd.jupyter.widget-view+json"]
    held = data[shown.MIME]
    assert held == json.loads(json.dumps(held, allow_nan=False))
    assert held["widget"] == "player"
    assert set(held["state"]) == {"_data", "_sentences", "step"}


def test_the_player_holds_every_step_and_number(x):
    made = sg.Player(sg.trace(lambda x: 2 * torch.dot(x, x), x))
    data = made._data
    assert [s["say"] for s in data["steps"]][2].startswith(
        "MulBackward0 receives 1 and sends 1 · 2"
    )
    (view,) = data["views"]
    assert [n["value"] for n in view["nodes"]] == ["28", "14", "[0, 1, 2, 3]", ""]
    assert view["nodes"][2]["wait"] == ".grad None"
    assert view["nodes"][2]["grad"] == ".grad [0, 4, 8, 12]"
    assert [e["sent"] for e in view["edges"]] == ["2", "[0, 2, 4, 6]", "[0, 2, 4, 6]", ""]
    assert ["saved tensor", "[0, 1, 2, 3]", details.RAN] in view["nodes"][1]["more"]
    assert ["gradient that arrived", "2", details.ARRIVED] in view["nodes"][1]["more"]
    assert data["operands"] == {"0": [["dot", 0], ["2", 3]], "1": [["x", 1], ["x", 2]]}
    assert data["rules"]["DotBackward0"]["says"].startswith("A dot product sends")
    assert [s["rule"] for s in data["steps"][1:]] == ["MulBackward0"] * 2 + ["DotBackward0", "leaf"]
    assert repr(made) == "Player(nodes=4, steps=5)"


def test_step_is_checked_and_observed(x):
    made = sg.Player(sg.trace(torch.sum, x))
    seen = []
    made.observe(lambda change: seen.append(change.new), "step")
    made.step = 2
    assert seen == [2]
    with pytest.raises(traitlets.TraitError, match="step is 4, but this trace has steps 0 to 3"):
        made.step = 4
    with pytest.raises(traitlets.TraitError):
        sg.Player(sg.trace(torch.sum, x), step=-1)


def test_a_link_from_the_browser_to_a_longer_trace_stays_at_the_last_step(x):
    made = sg.Player(sg.trace(torch.sum, x))
    made.set_state({"step": 9})
    assert made.step == 3


def test_players_link_and_drive_interactive_output(x):
    one, two = sg.Player(sg.trace(torch.sum, x)), sg.Player(sg.trace(torch.sum, x), step=1)
    seen = []
    ipywidgets.interactive_output(lambda at: seen.append(at), {"at": two})
    traitlets.link((one, "step"), (two, "step"))
    one.step = 3
    assert two.step == two.value == 3
    assert seen == [1, 0, 3]
    ipywidgets.HBox([one, ipywidgets.VBox([two])])


def test_grad_adds_up_to_what_backward_would_leave():
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    made = sg.Player(sg.trace(lambda x: (3 * x).sum(), x))
    (leaf,) = (n for n in made._data["views"][0]["nodes"] if n["kind"] == "leaf")
    assert [leaf[k] for k in ("wait", "grad", "total")] == [
        ".grad [2, 2]",
        ".grad + [3, 3]",
        "= [5, 5]",
    ]
    assert [".grad after", "[5, 5]", details.ARRIVED] in leaf["more"]


def test_the_version_counter_is_told_where_something_was_changed_in_place(x):
    def f(x):
        y = x * 2
        y.add_(1)
        return y.sum()

    nodes = sg.Player(sg.trace(f, x))._data["views"][0]["nodes"]
    versions = {n["sub"]: [r[1] for r in n["more"] if r[0] == "version"] for n in nodes}
    assert versions["MulBackward0"] == []
    assert versions["AddBackward0"] == ["1 (changed in place so many times before this moment)"]


def test_long_and_right_to_left_names_are_tamed():
    rule = {"forward": lambda ctx, x: x * 2, "backward": lambda ctx, g: g * 2}
    long = type(
        "long" * 2500, (torch.autograd.Function,), {k: staticmethod(f) for k, f in rule.items()}
    )
    x = torch.ones(2, requires_grad=True)
    made = sg.Player(sg.trace(lambda שלום: long.apply(שלום).sum(), x))
    says = [s["say"] for s in made._data["steps"]]
    assert [len(s) for s in says].count(600) == 3
    assert says[-1].startswith("\u2068שלום\u2069 receives")


def test_a_big_graph_is_folded_and_keeps_its_steps():
    y = torch.ones((), requires_grad=True)
    for _ in range(400):
        y = y + 1
    made = sg.Player(sg.graph(y))
    views = made._data["views"]
    assert len(made._data["steps"]) == 801
    assert repr(made) == "Player(nodes=801, steps=801)"
    assert all(len(v["nodes"]) <= 300 for v in views)
    opened = next(n for n in views[0]["nodes"] if n["opens"] is not None)
    assert views[opened["opens"]]["parent"] == 0


def test_ten_thousand_nodes_are_prepared_in_seconds():
    y = torch.ones((), requires_grad=True)
    for _ in range(5_000):
        y = y * 1.0001
    traced = sg.graph(y)
    started = time.perf_counter()
    made = sg.Player(traced)
    assert time.perf_counter() - started < 60  # quadratic work took six minutes
    assert repr(made) == "Player(nodes=10001, steps=10001)"


# ---------------------------------------------------------------- questions


def test_a_question_knows_what_pytorch_gives():
    made = sg.ask("?", answer=lambda: torch.func.grad(torch.sum)(torch.arange(3.0)))
    assert made._data["truth"] == "[1, 1, 1]"
    assert made._data["kind"] == "value"


@pytest.mark.parametrize(
    ("truth", "text"),
    [(True, "True"), (None, "None"), (2.5, "2.5"), (torch.tensor(3.0), "3"), ((1, 2), "[1, 2]")],
)
def test_truths_are_written_as_a_reader_types_them(truth, text):
    assert sg.ask("?", answer=truth)._data["truth"] == text


def test_the_text_form_asks_and_does_not_tell():
    made = sg.ask("Which?", answer="b", choices=["a", "b"], why="because")
    assert repr(made) == "Question: Which?\n  ( ) a\n  ( ) b"
    data, _ = made._repr_mimebundle_()
    assert data["text/plain"] == repr(made)
    state = {"_data": made._data, "_sentences": {}, "answer": ""}
    assert data[shown.MIME] == {"widget": "question", "state": state}


def test_a_choice_must_hold_the_truth():
    with pytest.raises(ValueError, match=r"the answer is 'c', but the choices are \['a', 'b'\]"):
        sg.ask("?", answer="c", choices=["a", "b"])


def test_orders_are_all_tried():
    made = sg.ask("?", lines=["b", "a", "c"], answer=lambda order: order == ["a", "b", "c"])
    assert made._data["accepted"] == [[1, 0, 2]]
    with pytest.raises(ValueError, match="orders that are right: 0 of 6"):
        sg.ask("?", lines=["b", "a", "c"], answer=lambda order: False)
    with pytest.raises(ValueError, match="7 lines to order, at most 6"):
        sg.ask("?", lines=list("abcdefg"), answer=lambda order: True)


# ---------------------------------------------------------------- front end

FRONT = sorted(module.HERE.glob("*.js"))
NODE = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js was not found")
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def node(*args, **kwargs):
    made = subprocess.run(["node", *args], capture_output=True, text=True, **kwargs)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


@NODE
def test_the_front_ends_pure_helpers():
    node("--test", *sorted(HERE.glob("*.test.mjs")))


@NODE
@pytest.mark.parametrize("file", FRONT, ids=lambda p: p.stem)
def test_joined_text_is_one_module_that_exports_what_the_file_does(file, tmp_path):
    joined = tmp_path / "joined.mjs"
    joined.write_text(module.source(file.stem), encoding="utf-8")
    script = (
        "for (const f of process.argv.slice(1)) console.log(Object.keys(await import(f)).join())"
    )
    one, other = node(
        "--input-type=module", "-e", script, file.as_uri(), joined.as_uri()
    ).splitlines()
    assert one == other
    assert one


def test_no_name_is_declared_twice_in_the_front_end():
    names = [n for f in FRONT for n in DECLARED.findall(f.read_text(encoding="utf-8"))]
    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize("file", FRONT, ids=lambda p: p.name)
def test_front_end_manners(file):
    code = module.IMPORT.sub("", file.read_text(encoding="utf-8"))
    for banned in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write",
                   "import "):  # fmt: skip
        assert banned not in code
    namespaces = "http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"
    assert "http" not in code.replace(namespaces[0], "").replace(namespaces[1], "")


def test_what_is_sent_for_a_lesson_stays_small(x):
    made = sg.Player(sg.trace(lambda x: 2 * torch.dot(x, x), x))
    assert len(json.dumps(made.state())) < 5_000
    assert len(made._esm) < 60_000
