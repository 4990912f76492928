import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
import traitlets

import seegrad as sg
from seegrad.widgets import module, shown

HERE = Path(__file__).parent


def test_a_trace_is_shown_as_text_picture_widget_and_data(x):
    data, _ = sg.trace(torch.sum, x)._repr_mimebundle_()
    assert data["text/plain"].startswith("SumBackward0   value 6   gradient 1")
    assert data["image/svg+xml"].startswith("<svg")
    assert "model_id" in data["application/vnd.jupyter.widget-view+json"]
    held = data[shown.MIME]
    assert held == json.loads(json.dumps(held, allow_nan=False))
    assert held["widget"] == "player"
    assert set(held["state"]) == {"_data", "step"}


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
    assert dict(view["nodes"][1]["more"])["saved tensor"] == "[0, 1, 2, 3]"
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
    assert data[shown.MIME] == {"widget": "question", "state": {"_data": made._data, "answer": ""}}


def test_a_choice_must_hold_the_truth():
    with pytest.raises(ValueError, match=r"the answer is 'c', but the choices are \['a', 'b'\]"):
        sg.ask("?", answer="c", choices=["a", "b"])


def test_orders_are_all_tried():
    made = sg.ask("?", lines=["b", "a", "c"], answer=lambda order: order == ["a", "b", "c"])
    assert made._data["accepted"] == [[1, 0, 2]]
    with pytest.raises(ValueError, match="0 of 6 orders are right"):
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
    assert "http" not in code.replace("http://www.w3.org/2000/svg", "")
