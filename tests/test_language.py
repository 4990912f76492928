"""What seegrad says, in every language that it speaks."""

import re
import subprocess
import sys
import warnings

import pytest
import torch

import seegrad as sg
from seegrad import check, fonts, language
from tests import messages, translations

OTHERS = [name for name in language.LANGUAGES if name != "en"]
every_language = pytest.mark.parametrize("other", OTHERS)


# ---------------------------------------------------------------- catalogues


@every_language
def test_the_catalogue_holds_every_message_and_no_other(other):
    known = {m.id for m in messages.read(other) if m.id}
    now = set(messages.messages())
    assert known == now, "run make messages"


@every_language
def test_no_message_is_without_a_translation(other):
    assert [m.id for m in messages.read(other) if m.id and not m.string] == []


@every_language
def test_the_compiled_catalogue_is_made_from_the_one_that_is_edited(other):
    kept = [path.read_bytes() for path in messages.files(other)]
    assert kept == list(messages.written(messages.updated(other))), "run make messages"


@every_language
def test_placeholders_agree(other):
    for m in messages.read(other):
        if m.id:
            assert messages.placeholders(m.string) == messages.placeholders(m.id), m.id


def test_chinese_messages_use_the_words_and_signs_that_we_agreed_on():
    for m in messages.read("zh"):
        assert not translations.rejected(m.string), m.id
        assert not translations.half_width(m.string), m.id
        gap = re.search(r"[\u4e00-\u9fff][A-Za-z0-9{]|[A-Za-z0-9}][\u4e00-\u9fff]", m.string)
        assert gap is None or (gap[0][-1] == "{" and "{who}" in m.id) or m.id in TIGHT, m.string


TIGHT = {  # what is put in is Chinese, or brings its own space
    "  There is nan in the answer{place}.",
    "  largest difference {gap}{place}: expected {want}, got {got}",
    "  The type differs: expected {want}, got {got}.",
    "{who} a tensor that does not require grad{off}, so there is no graph to show: "
    "call x.requires_grad_() on a floating-point input before computing with it",
}


def test_no_sentence_is_said_around_the_catalogue():
    """What is raised is a sentence from the catalogue; none is written where it is raised."""
    for file in sorted(messages.PACKAGE.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        found = re.findall(r"raise (?:Value|Type|Runtime|Trait)\w*\(\s*f?\"[^\"]*", text)
        assert found == [], file


def test_a_message_that_cannot_be_collected_fails(tmp_path):
    file = tmp_path / "odd.py"
    file.write_text("def f(text):\n    return say(text)\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="no text is found"):
        list(messages.in_python(file))


def test_messages_are_collected_from_calls_constants_and_tables(tmp_path):
    file = tmp_path / "some.py"
    file.write_text(
        'A, B = "a", "b"\nMANY = {"x": "c", "y": "d"}\n\n\ndef f(kind):\n'
        '    form = A if kind else B\n    return say(form), say(MANY[kind]), say("e {n}", n=1)\n',
        encoding="utf-8",
    )
    assert sorted(messages.in_python(file)) == ["a", "b", "c", "d", "e {n}"]
    table = 'const ODD_WORDS = {\n  a: "one",\n  "b c": ["two"],\n};\nconst NO = { a: "three" };\n'
    assert list(messages.in_tables(table)) == ["one", "two"]


# ---------------------------------------------------------------- the language in force


def test_an_unknown_language_is_one_clear_sentence():
    with pytest.raises(ValueError, match=r"'fr' is not known: give one of \"en\", \"zh\"$"):
        sg.set_language("fr")
    assert language.language() == "en"


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "zh"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh"),
    ],
)
def test_the_environment_chooses_until_somebody_does(monkeypatch, given, spoken):
    for name in language.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(language, "_chosen", [])
    language._of_environment.cache_clear()
    assert language.language() == spoken
    language._of_environment.cache_clear()
    sg.set_language("en")
    assert language.language() == "en"


def test_the_language_counts_when_a_text_is_made():
    x = torch.arange(4.0, requires_grad=True)
    trace = sg.trace(lambda x: 2 * torch.dot(x, x), x)
    assert "x (leaf)   value [0, 1, 2, 3]   gradient [0, 4, 8, 12]" in trace.text()
    sg.set_language("zh")
    assert "x（叶子）   值 [0, 1, 2, 3]   梯度 [0, 4, 8, 12]" in trace.text()


# ---------------------------------------------------------------- Chinese


@pytest.fixture
def zh():
    sg.set_language("zh")


def test_a_trace_is_told_in_chinese(zh, x):
    trace = sg.trace(lambda x: 2 * torch.dot(x, x.detach()), x)
    assert trace.text().splitlines() == [
        "MulBackward0   值 28   梯度 1",
        "├─ DotBackward0   值 14   梯度 2",
        "│  ├─ x（叶子）   值 [0, 1, 2, 3]   梯度 [0, 2, 4, 6]",
        "│  └─ 被 detach 从 x 切断   值 [0, 1, 2, 3]   梯度不通过",
        "└─ 2（常数）",
    ]
    assert trace.story()[-2:] == [
        "DotBackward0 收到 2，把 2 · [0, 1, 2, 3] = [0, 2, 4, 6] 传给 x。",
        "x 收到 [0, 2, 4, 6]；backward() 把它加到 x.grad 上（原来是 None）。",
    ]
    assert "计算图" in trace.svg()


def test_a_folded_graph_is_told_in_chinese(zh):
    x = torch.ones(2, requires_grad=True)
    with sg.record() as rec:
        y = x
        for _ in range(120):
            y = torch.sin(y * 1.01) + x
        z = y.sum()
    titles = [n["title"] for v in sg.Player(rec.trace(z))._data["views"] for n in v["nodes"]]
    assert any("的循环" in t for t in titles)
    assert not any("loop" in t or "turn" in t for t in titles)


def test_an_explorer_tells_in_chinese_without_spaces_between_sentences(zh):
    board = sg.switchboard(lambda x: 2 * torch.dot(x, x), torch.arange(3.0, requires_grad=True))
    assert board.text().startswith("探索器：8 种设置\n  3 条边上各有一个开关：")
    assert (
        "没有切断任何边。`x.grad` 是 [0, 4, 8]：2 条边送来 [0, 2, 4] + [0, 2, 4]。" in board.text()
    )


def test_a_checker_speaks_chinese(zh, capsys):
    check.value(lambda: 3, 3)
    assert "：正确" in capsys.readouterr().out
    with pytest.raises(check.AnswerError) as caught:
        check.value(lambda: 4, 3, wrong={"想一想": 4})
    assert "：还不对\n  应为  3\n  得到  4\n  → 想一想" in str(caught.value)


def test_errors_are_told_in_chinese(zh, x):
    with pytest.raises(ValueError, match=r"sg\.graph 收到的是一个不需要梯度的张量"):
        sg.graph(torch.ones(2))
    with pytest.raises(TypeError, match="应为一个张量"):
        sg.trace(lambda x: [x], x)
    with pytest.raises(ValueError, match="不认识语言 'fr'"):
        sg.set_language("fr")


def test_a_widget_brings_the_sentences_of_its_front_end_and_no_others(zh, x):
    asked = sg.ask("?", answer=1)
    assert asked._sentences["Compare"] == "比较"
    assert "Play" not in asked._sentences
    assert sg.Player(sg.trace(torch.sum, x))._sentences["Play"] == "播放"
    sg.set_language("en")
    assert sg.ask("?", answer=1)._sentences == {}


# ---------------------------------------------------------------- plots

PLOT = """
import warnings
warnings.simplefilter("error")
import matplotlib
matplotlib.use("agg")
import seegrad as sg
sg.set_language("zh")
import matplotlib.pyplot as plt
plt.plot([-1, 2])
plt.title("梯度累积 of $x^2$：a − b")
plt.gcf().canvas.draw()
print(plt.rcParams["font.family"])
"""


def test_plots_have_chinese_characters_where_a_font_is_installed():
    from matplotlib.font_manager import fontManager

    if not set(fonts.FONTS["zh"]) & set(fontManager.get_font_names()):
        pytest.skip("no Chinese font is installed")
    made = subprocess.run(
        [sys.executable, "-c", PLOT], capture_output=True, encoding="utf-8", check=False
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.endswith(", 'sans-serif']\n")


def test_without_a_font_a_hint_says_what_to_install(monkeypatch):
    monkeypatch.setitem(fonts.FONTS, "zh", ("No Such Font",))
    with pytest.warns(UserWarning, match="fonts-noto-cjk"):
        sg.set_language("zh")


def test_without_matplotlib_nothing_is_asked(monkeypatch):
    monkeypatch.setitem(fonts.FONTS, "zh", ("No Such Font",))
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sg.set_language("zh")
