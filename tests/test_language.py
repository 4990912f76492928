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
    assert [m.id for m in messages.read(other) if m.id and not all(messages.said(m))] == []


@every_language
def test_the_compiled_catalogue_is_made_from_the_one_that_is_edited(other):
    kept = [path.read_bytes() for path in messages.files(other)]
    assert kept == list(messages.written(messages.updated(other))), "run make messages"


@every_language
def test_placeholders_agree(other):
    for m in messages.read(other):
        whole = m.id if isinstance(m.id, str) else m.id[-1]
        for text in messages.said(m) if whole else ():
            assert messages.placeholders(text) == messages.placeholders(whole), m.id


FILLED = {"off": "（关）", "place": "，在 0 处", "x": 3, "y": 3, "at": 3, "of": 3, "module": "m"}
"""What fills these is never Chinese, or brings its own sign, or is empty."""


def filled(text, word):
    """Fill a message as `say` does: with a word, with numbers where it formats numbers."""
    names = re.findall(r"\{(\w+)(?:![rs])?(:?)[^{}]*\}", text)
    values = {name: 3 if number else FILLED.get(name, word) for name, number in names}
    return language._filled(text.replace(".{name}", ".f"), values)


@pytest.mark.parametrize("word", ["x", "3", "甲乙", "（甲）"])
def test_a_chinese_message_has_its_signs_and_spaces_whatever_is_filled_in(word):
    """In Python; what the front end fills in is looked at in `browser/test_chinese.py`."""
    for text in (t for m in messages.read("zh") if m.id for t in messages.said(m)):
        said = filled(text, word)
        assert not translations.half_width(said)
        assert not translations.ill_set(said), said


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
    counted = 'A, B = "1 a", "{count} a"\n\n\ndef f():\n    return say_count(A, B, count=2)\n'
    file.write_text(counted, encoding="utf-8")
    assert list(messages.in_python(file)) == [("1 a", "{count} a")]


# ---------------------------------------------------------------- filling in


def test_a_space_is_closed_where_chinese_meets_chinese_and_nowhere_else():
    assert language._filled("得到 {got}。", {"got": "一个数"}) == "得到一个数。"
    assert language._filled("得到 {got}。", {"got": "int"}) == "得到 int。"
    assert language._filled("{a} {b} 个", {"a": "含", "b": "三"}) == "含三个"
    assert language._filled("  得到  {got}", {"got": "一个 数"}) == "  得到  一个 数"
    assert language._filled("got {got} there", {"got": "一个数"}) == "got 一个数 there"
    assert language._filled("{n:,} 里 {t!r} 的 {t}", {"n": 1000, "t": "字"}) == "1,000 里 '字' 的字"
    assert language._filled("得到 {got}，", {"got": "（形状未知）"}) == "得到（形状未知），"


COUNTED = r"\{(?:count|most|all|some|rows|columns|depth|edges)\S*\} (?:\w+ )?\w+s\b"
NEVER_ONE = {
    "✓ {name}: right on {count} inputs": "as many as there are rounds",
    "`{name}.grad` is {gradient}: {count} edges bring {parts}.": "one has its own sentence",
    "{count} edges": "edges that are drawn as one",
    "{count} gradients": "sent along edges that are drawn as one",
    "{some} of {all} gradients arrived": "said only where there are several",
    "  {label}: arrow over {count} grid points from {first} to {last}": "two by two at least",
    "a graph of {count} nodes is too big for switches": "too many",
    "{count} lines to order, at most {most} can all be tried": "too many",
    "{product} = {count} settings, at most {most} can be baked: give fewer values": "too many",
    "{edges} edges can be cut in {count} ways, at most {most} can be baked: "
    "take a smaller function": "too many",
    "the graph has more than {most:,} nodes: trace a smaller part, for example one step of the "
    "loop, or detach what came before": "too many",
}
"""Messages about a number of things that is never one, and why."""


def test_a_message_about_a_number_of_things_is_right_for_one():
    plain = {m for m in messages.messages() if isinstance(m, str) and re.search(COUNTED, m)}
    assert plain == set(NEVER_ONE), "use say_count, or words that need no plural"


def test_one_thing_is_told_as_one(x):
    one, many = "{count} operation", "{count} operations"
    said = [language.say_count(one, many, count=n) for n in (0, 1, 2)]
    assert said == ["0 operations", "1 operation", "2 operations"]
    sg.set_language("zh")
    said = [language.say_count(one, many, count=n) for n in (0, 1, 2)]
    assert said == ["0 个运算", "1 个运算", "2 个运算"]


def test_no_explorer_counts_one_as_many(x):
    slider = sg.explore(lambda a: f"{a}", a=sg.slider([2.0]))
    assert slider.text() == "Explorer: 1 setting\n  a: slider, one value, 2\n  a = 2 → 2.0"
    board = sg.switchboard(lambda x: x.sum(), x)
    assert "\n  a switch on one edge: x → " in board.text()
    bench = sg.bench("a = torch.ones(2)", ["a.add_(1)"], watch=["a"], depth=1)
    assert "\n  a = torch.ones(2): press a.add_(1), once\n" in bench.text()
    seven = sg.explore(lambda a: f"{a}", a=sg.slider([float(k) for k in range(7)]))
    assert seven.text().endswith("\n  … and 1 more setting")


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
