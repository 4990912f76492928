"""The book's own extensions, as data and text; the built site is tested in `browser/`."""

import io
import json
import re
import shutil
import struct
import subprocess
import tomllib
from pathlib import Path

import matplotlib
import pytest
import torch
from docutils import nodes
from extensions import (
    cells,
    glossary,
    library,
    mathematics,
    messages,
    metrics,
    places,
    search,
    sections,
    site,
    theme,
    twins,
)
from fontTools.ttLib import TTFont

import seegrad as sg
from seegrad.book import OURS, page_html
from seegrad.widgets import module
from tests.notebooks import ROOT
from tests.test_notebooks import CHAPTERS, code

WORDS = cells.WORDS["en"]
EDITIONS = {"en": CHAPTERS, "zh": [p.parents[1] / "zh" / p.name for p in CHAPTERS]}
BOTH = [(edition, path) for edition, paths in EDITIONS.items() for path in paths]
every_chapter = pytest.mark.parametrize(
    ("edition", "path"), BOTH, ids=[f"{edition}-{path.stem}" for edition, path in BOTH]
)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


# ---------------------------------------------------------------- widgets in a page


def test_a_widget_in_a_page_cannot_leave_its_place():
    hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)> "quotes" &amp;'
    made = page_html("player", 'a"b', {"_data": {"say": hostile}}, hostile, "")
    assert made.count("<script") == made.count("</script>") == 1
    assert "<img" not in made
    data = re.search(r'<script type="application/json">(.*)</script>', made)[1]
    assert json.loads(data) == {"_data": {"say": hostile}}
    assert 'data-key="a&quot;b"' in made


def test_a_trace_brings_its_still_forms(x):
    trace = sg.trace(lambda x: 2 * torch.dot(x, x), x)
    forms = trace._repr_mimebundle_()[0]
    assert OURS.match(forms["image/svg+xml"])
    made = page_html("player", "k", {}, trace.text(), trace.svg())
    assert made.count("<svg ") == 1
    assert f"<details><summary>The same as text</summary><pre>{trace.text()}</pre>" in made


def test_the_page_script_is_classic_and_knows_every_widget():
    script = module.script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    table = re.search(r"^startPage\(\{(.+)\}\);$", script, re.MULTILINE)[1]
    fronts = [f.stem for f in module.HERE.glob("*.js") if module.DEFAULT.search(f.read_text())]
    assert {"player", "question"} <= set(fronts)
    assert set(re.findall(r"(\w+): \{", table)) == set(fronts)
    assert all(f.read_text(encoding="utf-8") in module.sheet() for f in module.HERE.glob("*.css"))


# ---------------------------------------------------------------- what is read


def test_pages_get_the_names_that_the_site_shows():
    shelf = library.Shelf(ROOT, (".md", ".ipynb"))
    found = shelf.discover(include_paths=("book/*.md", "notebooks/en/*.ipynb"))
    assert {"index", "glossary", "notebooks/en/05_detach"} <= found
    assert shelf.doc2path("index", absolute=False).as_posix() == "book/index.md"
    assert shelf.path2doc(ROOT / "book" / "index.md") == "index"
    assert shelf.path2doc("book/_static/book.css") is None
    chinese = library.Shelf(ROOT, (".md", ".ipynb"))
    assert "index" in chinese.discover(include_paths=("book/zh/*.md",))
    assert chinese.doc2path("index", absolute=False).as_posix() == "book/zh/index.md"


def test_an_address_is_known_or_there_is_none():
    assert library.address("", "", "en") == library.address("", "", "zh") == ""
    assert library.address("", "some/fork", "en") == "https://some.github.io/fork/"
    assert library.address("", "some/fork", "zh") == "https://some.github.io/fork/zh/"
    assert library.address("", "Some/some.github.io", "en") == "https://Some.github.io/"
    assert library.address("https://a.org/b", "some/fork", "zh") == "https://a.org/b/zh/"


def test_a_fingerprint_changes_with_any_file(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = library.fingerprint(tmp_path, "*.py")
    assert before == library.fingerprint(tmp_path, "*.py", "*.lock")
    (tmp_path / "b.py").write_text("")
    assert library.fingerprint(tmp_path, "*.py") != before


# ---------------------------------------------------------------- cells

TRACEBACK = """----
RuntimeError                              Traceback (most recent call last)
Cell In[4], line 1
----> 1 y.backward()

File /somewhere/torch/_tensor.py:1, in Tensor.backward(self)
      1 x

      2 y

File /somewhere/torch/autograd/__init__.py:2, in backward()
      3 z

RuntimeError: grad can be implicitly created only for scalar outputs"""


def test_a_traceback_keeps_the_readers_cell_and_the_message():
    made = cells.short(TRACEBACK, "(cut)")
    assert "----> 1 y.backward()" in made
    assert made.endswith(
        "(cut)\n\nRuntimeError: grad can be implicitly created only for scalar outputs"
    )
    assert "/somewhere" not in made
    assert cells.short("NameError: y", "(cut)") == "NameError: y"


def test_the_marks_of_nbgrader_are_left_out():
    made = cells.MARKS.sub(
        "", "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    )
    assert made == "def f():\n    return 1\n"


def test_the_way_back_from_a_solution_leads_to_its_exercises():
    made = cells.behind_line("solutions/en/01_a/01_a", WORDS)
    assert '<a href="../../../exercises/en/01_a/01_a.html">' in made


def test_what_was_printed_in_pieces_is_one_text_again():
    def printed(text, *classes):
        return nodes.literal_block(text, text, classes=["output", "stream", *classes])

    other = nodes.container("", nodes.paragraph("", "a picture"))
    outputs = nodes.container(
        "", printed("3 5 "), printed("\nsame:"), printed(" True\n"), printed("!", "stderr"),
        other, printed("after"),
    )  # fmt: skip
    cells.join_streams(outputs)
    assert [n.astext() for n in outputs] == [
        "3 5 \nsame: True\n", "!", "a picture", "after",
    ]  # fmt: skip


def test_the_launch_line_names_the_notebook():
    where, words = "notebooks/en/05_detach.ipynb", places.WORDS["en"]
    alone = places.launch_line(where, "", words)
    assert re.findall('href="(?!05_detach)([^"]+)', alone) == [places.LAB.format(where=where)]
    made = places.launch_line(where, "someone/fork", words)
    assert '<a href="05_detach.ipynb" download>' in made
    for place in (
        "localhost:8888/lab/tree/notebooks/en/05_detach.ipynb",
        "colab.research.google.com/github/someone/fork/blob/main/notebooks/en/05_detach.ipynb",
        "mybinder.org/v2/gh/someone/fork/main?urlpath=lab/tree/notebooks/en/05_detach.ipynb",
    ):
        assert f'"{"http" if "localhost" in place else "https"}://{place}"' in made


# ---------------------------------------------------------------- glossary


def test_each_term_is_whole_and_named_once():
    listed = tomllib.loads(glossary.SOURCE.read_text(encoding="utf-8"))["term"]
    for language in EDITIONS:
        forms = [f.lower() for term in listed for f in glossary.forms_of(term, language)]
        assert len(forms) == len(set(forms))
    must = {"en", "zh", "says", "says_zh"}
    for term in listed:
        assert must <= set(term) <= must | {"forms", "forms_zh", "rejected"}
        assert re.search("[一-鿿]", term["says_zh"]), term["en"]


BOLD_OTHERWISE = {  # not terms: the labels of an opening, and a sentence to remember
    "What you will be able to do", "What you need",
    "The condition chooses the graph; it is not in the graph.",
    "学完这一章，你能够", "你需要先会", "条件决定用哪张图，自己却不在图里",
}  # fmt: skip


@every_chapter
def test_what_a_chapter_prints_in_bold_is_in_the_glossary(edition, path):
    _, forms = glossary.pattern(edition)
    for cell in load(path)["cells"]:
        if cell["cell_type"] == "markdown":
            bold = re.findall(r"\*\*([^*]+)\*\*", "".join(cell["source"]))
            missing = {b.lower().rstrip(".:") for b in set(bold) - BOLD_OTHERWISE} - set(forms)
            assert not missing


def test_the_first_use_of_a_term_is_found_once_and_the_longest_form_wins():
    seen = set()
    said = "A vector-Jacobian product is no Jacobian. Jacobians are."
    made = list(glossary.split(said, seen, "en"))
    assert [m for m in made if m[1]] == [
        ("vector-Jacobian product", "term-vector-jacobian-product"),
        ("Jacobian", "term-jacobian"),
    ]
    assert "".join(words for words, _ in made) == said
    assert list(glossary.split("The Jacobian again", seen, "en")) == [("The Jacobian again", "")]


def test_a_chinese_term_needs_no_space_around_it():
    said = "它的梯度累积起来，非标量没有梯度，PyTorch的autograd引擎会累积梯度。"
    made = list(glossary.split(said, set(), "zh"))
    assert "".join(words for words, _ in made) == said
    assert [m for m in made if m[1]] == [
        ("梯度累积", "term-gradient-accumulation"),
        ("非标量", "term-non-scalar"),
        ("梯度", "term-gradient"),
        ("autograd", "term-autograd"),
    ]


def test_chinese_terms_are_in_the_order_of_their_sounds():
    names = [term["zh"] for term in glossary.terms("zh")]
    some = ["版本计数器", "标量", "差商", "导数", "分离", "梯度", "雅可比矩阵", "自动微分"]
    assert [n for n in names if n in some] == some
    assert sorted(names) == sorted(t["zh"] for t in glossary.terms("en"))


# ---------------------------------------------------------------- error index


def notebook(*made):
    return {"cells": [{"id": f"c{i}", "outputs": [], **cell} for i, cell in enumerate(made)]}


def prose(text):
    return {"cell_type": "markdown", "source": [text]}


def failing(name, text):
    return {"cell_type": "code", "source": [],
            "outputs": [{"output_type": "error", "ename": name, "evalue": text}]}  # fmt: skip


def asking(source, shown):
    output = {"output_type": "execute_result", "data": {"text/plain": shown}}
    return {"cell_type": "code", "source": [source], "outputs": [output]}


def test_messages_are_found_in_questions_that_explain_them():
    message, plain = "Something has more than one value", "it is neither this nor that one"
    shown = f"Question: ?\n  ( ) {message}\n  ( ) x.grad is [0, 1, 4, 9]\n  ( ) wrong, no error"
    because = "why=\"Say why: 'Tensor' object has no attribute 'zero_grad'. No.\""
    found = messages.gather({
        "one": notebook(prose("## Why?"), asking(f"sg.ask('?', {because})", shown)),
        "two": notebook(asking("sg.ask('?')", f"Question: ?\n  ( ) {plain}")),
    })  # fmt: skip
    assert list(found) == [message, "'Tensor' object has no attribute 'zero_grad'"]
    assert found[message] == [("one", messages.Place(message, "", "cell-c1", "Why?", False))]


def test_messages_are_found_where_a_cell_catches_and_prints_them():
    def printing(source, text):
        return {"cell_type": "code", "source": [source],
                "outputs": [{"output_type": "stream", "text": text}]}  # fmt: skip

    message = "you can only change some flags of leaves"
    lines = f"base  leaf: True  grad: None\n{message}.\n"
    caught = "try:\n    f()\nexcept RuntimeError as error:\n    print(error)"
    found = messages.gather({
        "one": notebook(printing(caught, lines), printing("print(1)", "a b is not a message here")),
    })  # fmt: skip
    assert list(found) == [message]
    assert found[message][0][1].kind == "RuntimeError"


def test_messages_are_found_where_cells_raise_and_prose_explains_them():
    one = notebook(prose("## Why?"), failing("ValueError", "a b c d e f, and more"))
    two = notebook(
        prose("# Title\n*a b c d e f*, `a b c` and **bold words that are five long**"),
        prose("## Warned\n*UserWarning: Something is not as it was.* *Is it a question or not?*"),
    )
    found = messages.gather({"one": one, "two": two})
    assert list(found) == ["a b c d e f, and more", "Something is not as it was"]
    raised, told = found["a b c d e f, and more"]
    assert raised == (
        "one",
        messages.Place("a b c d e f, and more", "ValueError", "cell-c1", "Why?", True),
    )
    assert (told[0], told[1].heading, told[1].anchor) == ("two", "Title", "message-a-b-c-d-e-f")
    [(page, warned)] = found["Something is not as it was"]
    assert (page, warned.kind, warned.heading) == ("two", "UserWarning", "Warned")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_index_holds_all_that_the_chapters_raise_and_what_they_only_tell_of(edition):
    found = messages.gather({p.stem: load(p) for p in EDITIONS[edition]})
    raised = {o.evalue for p in CHAPTERS for c in code(p) for o in c.outputs if "evalue" in o}
    assert raised <= set(found)
    assert "grad can be implicitly created only for scalar outputs" in raised
    assert set(found) - raised == set(TOLD)


TOLD = {  # what provokes the messages that no cell of a chapter leaves uncaught
    "'NoneType' object has no attribute 'zero_'": lambda x: x.grad.zero_(),
    "'Tensor' object has no attribute 'zero_grad'": lambda x: x.sum().zero_grad(),
    "Boolean value of Tensor with more than one value is ambiguous": lambda x: bool(x > 0),
    "Inference tensors cannot be saved for backward": lambda x: (
        torch.inference_mode()(lambda: x * x)() * x
    ),
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed": lambda x: (
        (x * 2).grad
    ),
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated"
    " and it will throw an error in a future release": lambda x: x.T,
    "you can only change requires_grad flags of leaf variables": lambda x: (x * 2).requires_grad_(
        False
    ),
}


@pytest.mark.parametrize("message", TOLD)
def test_what_is_only_told_of_is_what_pytorch_says(message, x):
    torch.set_warn_always(True)
    try:
        with pytest.raises((RuntimeError, AttributeError, UserWarning)) as said:
            TOLD[message](x)
    finally:
        torch.set_warn_always(False)
    assert message in str(said.value)


# ---------------------------------------------------------------- mathematics, description


@every_chapter
def test_every_formula_becomes_mathml(edition, path):
    for cell in load(path)["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            for block, inline in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL):
                made = mathematics.mathml(nodes.math("", block or inline), bool(block))
                assert made.startswith("<math "), block or inline
                assert "\\" not in made


def test_a_fraction_of_two_digits_is_a_fraction():
    for tex in (r"\frac12 x", r"\tfrac 1 2 x", r"\frac{1}{2} x"):
        made = re.sub(r"\s", "", mathematics.mathml(nodes.math("", tex), False))
        assert "<mn>1</mn><mn>2</mn></mfrac><mi>x</mi>" in made, tex


def test_no_line_break_parts_a_formula_from_its_signs():
    one, two = nodes.math("", "h"), nodes.math("", "x")
    said = nodes.paragraph(
        "", "", nodes.Text("it shrinks ("), one, nodes.Text("), so "), two, nodes.Text(" is small")
    )
    mathematics.glue(nodes.section("", said))
    kept = list(said.findall(nodes.inline))
    assert [n.astext() for n in kept] == ["(h),"]
    assert one.parent is kept[0]
    assert two.parent is said
    assert said.astext() == "it shrinks (h), so x is small"


def test_the_font_says_where_scripts_and_roots_stand():
    font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf")
    root = font.getBestCmap()[ord("√")]
    height = font["glyf"][root].yMax
    metrics.add(font)
    metrics.shrink(font, "√", 0.5)
    font.save(file := io.BytesIO())
    read = TTFont(file)
    assert read["MATH"].table.MathConstants.AxisHeight.Value == read["head"].unitsPerEm // 4
    assert read["glyf"][root].yMax == pytest.approx(height / 2, abs=1)
    named = metrics.PER_CENT.keys() | metrics.PER_MILLE.keys()
    assert named <= metrics.FIELDS.keys()


def test_a_functions_name_stands_apart():
    made = mathematics.mathml(nodes.math("", r"x \cos x + \sin(x)"), False)
    assert made.count("<mspace") == 1
    assert made.count("rspace") == 1


def test_the_description_of_a_page_is_its_first_words():
    document = nodes.section("", nodes.paragraph("", "word " * 100), nodes.paragraph("", "second"))
    made = site.first_words(document, "en")
    assert made.endswith("word …")
    assert len(made) <= site.LENGTH["en"] + 2
    chinese = nodes.section("", nodes.paragraph("", "先预测，\n再运行。" + "看" * 100))
    made = site.first_words(chinese, "zh")
    assert made.startswith("先预测，再运行。")
    assert made.endswith("看……")


@pytest.mark.parametrize("language", library.FOLDERS)
def test_the_picture_beside_a_link_has_the_size_that_is_named_and_is_light(language):
    data = (ROOT / "book" / site.PICTURES[language]).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == site.PICTURE_SIZE == (1200, 630)
    assert len(data) < 80_000


def test_search_knows_the_sections_of_a_page():
    inner = nodes.section("", nodes.title("", "Why?"), nodes.paragraph("", "because"), ids=["why"])
    cell = nodes.container("", nodes.literal_block("x = 1", "x = 1"), ids=["cell-one"])
    item = nodes.definition_list_item(
        "", nodes.term("", "", nodes.literal("", "a message"), ids=["message-a"]),
        nodes.definition("", nodes.paragraph("", "explained here")),
    )  # fmt: skip
    page = nodes.section(
        "", nodes.title("", "Top"), nodes.paragraph("", "first\nwords"), cell,
        nodes.definition_list("", item), inner, ids=["top"],
    )  # fmt: skip
    assert sections.sections(page) == [
        ("top", "Top", "first words x = 1", ["cell-one"]),
        ("message-a", "a message", "explained here", []),
        ("why", "Why?", "because", []),
    ]


# ---------------------------------------------------------------- two languages


def test_what_the_book_says_it_says_in_both_languages():
    tables = (site.PICTURE_ALT, site.PICTURES, theme.NAMES, twins.HINTS)
    for table in (cells.WORDS, messages.SAID, places.WORDS, *tables):
        assert set(table) == set(library.FOLDERS)
    for table in (cells.WORDS, messages.SAID, places.WORDS):
        assert set(table["en"]) == set(table["zh"])
    assert set(theme.NAMES["en"]) <= set(theme.NAMES["zh"])


@pytest.mark.parametrize("docname", ["index", "glossary", "notebooks/en/03_accumulation"])
def test_a_page_and_its_twin_lead_to_each_other(docname):
    base = "https://example.org/book/"
    there = twins.twin(docname, "en")
    assert twins.twin(there, "zh") == docname
    assert twins.has_twin(ROOT, docname, "en")
    assert twins.has_twin(ROOT, there, "zh")
    both = twins.addresses(base, docname, "en")
    assert both == twins.addresses(f"{base}zh/", there, "zh")
    assert both["en"] == f"{base}{docname}.html"
    assert both["zh"] == f"{base}zh/{docname.replace('/en/', '/zh/')}.html"
    assert not twins.has_twin(ROOT, "notebooks/en/99_none", "en")


def test_the_pages_around_the_chapters_are_there_in_both_languages():
    made_by_bench = {"benchmarks.md"}
    english = {p.name for p in (ROOT / "book").glob("*.md")} - made_by_bench
    assert {p.name for p in (ROOT / "book" / "zh").glob("*.md")} - made_by_bench == english


def test_a_chinese_phrase_is_cut_the_same_way_in_the_index_and_in_the_browser():
    assert search.pairs("梯度累积：y.backward() 加上 x_1，图") == [
        "梯度", "度累", "累积", "y", "backward", "加上", "x_1", "图",
    ]  # fmt: skip
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js was not found")
    for text in ("梯度累积", "图", "用 backward() 求x_1的梯度，3 次", "déjà vu 𠮷", ""):
        script = (
            f"{search.IN_BROWSER}\nconsole.log(JSON.stringify(splitQuery({json.dumps(text)})));"
        )
        said = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
        assert json.loads(said.stdout) == search.pairs(text)
