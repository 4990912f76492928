"""The Chinese edition says what the English one says today, in the words that we agreed on."""

import copy
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from tests import translations
from tests.notebooks import ROOT
from tests.test_house import tracked

PRESENT = [(en, zh) for en, zh in translations.pairs() if zh.exists()]
every_twin = pytest.mark.parametrize(("en", "zh"), PRESENT, ids=lambda p: p.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def cells(en, zh):
    return zip(read(en).cells, read(zh).cells, strict=True)


@pytest.mark.parametrize(
    ("en", "zh"), translations.pairs(translations.EXPECTED), ids=lambda p: p.stem
)
def test_a_chapter_has_a_twin(en, zh):
    assert zh.exists(), f"{zh.relative_to(ROOT)} is missing"


@every_twin
def test_twins_have_the_same_cells(en, zh):
    one, two = read(en), read(zh)
    assert [(c.id, c.cell_type) for c in two.cells] == [(c.id, c.cell_type) for c in one.cells]
    assert two.metadata == one.metadata
    for a, b in zip(one.cells, two.cells, strict=True):
        assert untold(b) == untold(a), b.id


def untold(cell):
    """Return the metadata of a cell without what differs between twins."""
    kept = copy.deepcopy({k: v for k, v in cell.metadata.items() if k != "seegrad"})
    if translations.picture_text(cell):
        kept["mystnb"]["image"]["alt"] = "…"
    return kept


@every_twin
def test_a_picture_is_described_in_chinese(en, zh):
    for one, two in cells(en, zh):
        if translations.picture_text(one):
            assert translations.chinese(translations.picture_text(two)), two.id


@every_twin
def test_no_english_cell_has_changed_since(en, zh):
    stale = translations.stale(read(en), read(zh))
    assert not stale, f"look again at {zh.relative_to(ROOT)}: {', '.join(stale)}"


@every_twin
def test_twins_run_the_same_code(en, zh):
    for one, two in cells(en, zh):
        if one.cell_type == "code":
            assert translations.bare(two.source) == translations.bare(one.source), two.id


@every_twin
def test_a_text_in_code_is_chinese_or_the_same(en, zh):
    for one, two in cells(en, zh):
        if one.cell_type == "code":
            texts = zip(translations.texts(one.source), translations.texts(two.source), strict=True)
            for a, b in texts:
                same = re.sub(r"\W", "", a) == re.sub(r"\W", "", b)  # signs may be others
                assert same or translations.chinese(b) or (a, b) == ("en", "zh"), (two.id, b)


@every_twin
def test_twins_have_the_same_outputs_where_they_hold_no_chinese(en, zh):
    for one, two in cells(en, zh):
        outputs = [c.get("outputs", []) for c in (one, two)]
        assert len(outputs[0]) == len(outputs[1]), two.id
        for a, b in zip(*outputs, strict=True):
            assert a.output_type == b.output_type, two.id
            if not translations.chinese(str(b)):
                assert a == b, two.id


@every_twin
def test_signs_between_chinese_characters_are_full_width(en, zh):
    for cell in read(zh).cells:
        assert not translations.half_width(cell.source), cell.id


@every_twin
def test_what_a_chinese_notebook_prints_has_chinese_signs_and_spaces(en, zh):
    for cell in read(zh).cells:
        for output in cell.get("outputs", ()):
            assert not translations.ill_set(translations.printed(output)), cell.id


@every_twin
def test_a_chinese_notebook_is_chinese_and_links_stay_inside(en, zh):
    prose = [c for c in read(zh).cells if c.cell_type == "markdown"]
    for cell in prose:
        assert translations.chinese(cell.source), cell.id
        assert "/en/" not in cell.source, cell.id


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(("en", "zh"), translations.PAGES.items())
def test_a_page_has_a_fresh_twin(en, zh):
    one, two = ((ROOT / p).read_text(encoding="utf-8") for p in (en, zh))
    stale = translations.stale_sections(one, two)
    assert not stale, f"look again at {zh}: {', '.join(stale)}"
    assert not translations.half_width(two)


# ---------------------------------------------------------------- terms

SHELVES = translations.shelves()


@pytest.mark.parametrize("path", SHELVES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_words_are_those_that_we_agreed_on(path):
    assert list(translations.misused(path)) == []


CELL = '"source": [\n    "'
PLACES = {  # what a place in a file of each kind follows, and how the message names it
    "notebooks/zh/05_detach.ipynb": (CELL, "cell "),
    "solutions/zh/05_detach/05_detach.ipynb": (CELL, "cell "),
    "exercises/zh/05_detach/05_detach.ipynb": (CELL, "cell "),
    "README.zh.md": ("## ", "## "),
    "book/zh/study.md": ("## ", "## "),
    "book/extensions/cells.py": ("", ""),
    "book/glossary.toml": ('says_zh = "', "term "),
    "seegrad/locale/zh/LC_MESSAGES/seegrad.po": ('msgstr "运算', "message operation"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_planted_rejected_word_is_named_with_the_one_to_use(name, tmp_path):
    after, where = PLACES[name]
    path = tmp_path / Path(name).name
    text = (ROOT / name).read_text(encoding="utf-8")
    assert after in text
    path.write_text(text.replace(after, f"{after}原地操作", 1), encoding="utf-8")
    (said,) = translations.misused(path)
    assert said.startswith(f"{path.name}, {where}")
    assert said.endswith(": 原地操作: write 就地操作")


def test_all_text_is_looked_through():
    """No file outside the tests holds Chinese that the words are not looked for in."""
    seen = {p.relative_to(ROOT).as_posix() for p in SHELVES}
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in (".mo", ".png") and not name.startswith("tests/"):
            some = re.search("[\u4e00-\u9fff]{3}", path.read_text(encoding="utf-8"))
            assert name in seen or not some, name


def test_a_picture_and_an_output_are_passages(tmp_path):
    cell = nbformat.v4.new_code_cell("draw()", id="drawn")
    cell.metadata = {"mystnb": {"image": {"alt": "画着原地操作"}}}
    cell.outputs = [nbformat.v4.new_output("stream", text="打印了反传")]
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert list(translations.misused(path)) == [
        "a.ipynb, cell drawn: 反传: write 反向传播",
        "a.ipynb, cell drawn: 原地操作: write 就地操作",
    ]


def test_every_rejected_word_leads_to_a_term_that_the_glossary_explains():
    listed = tomllib.loads(translations.GLOSSARY.read_text(encoding="utf-8"))
    names = {t["zh"] for t in listed["term"]} | set(listed["instead"].values())
    assert set(translations.instead().values()) <= names
    for word, better in translations.instead().items():
        assert translations.rejected(f"这里写了{word}。") == [f"{word}: write {better}"]


def test_the_readme_and_its_twin_name_each_other():
    """The pages of the book have a link to their twin from the theme."""
    one, two = ((ROOT / p).read_text(encoding="utf-8") for p in ("README.md", "README.zh.md"))
    assert "(README.zh.md)" in one
    assert "(README.md)" in two


# ---------------------------------------------------------------- the tool


def notebook(*sources):
    made = [nbformat.v4.new_code_cell(s, id=f"cell-{k}") for k, s in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=made)


def test_a_changed_english_cell_names_its_twin():
    en, zh = notebook("a", "b"), notebook("甲", "乙")
    for one, two in zip(en.cells, zh.cells, strict=True):
        two.metadata["seegrad"] = {"of": translations.digest(one.source)}
    assert translations.stale(en, zh) == []
    en.cells[1].source = "b, changed"
    assert translations.stale(en, zh) == ["cell-1"]


@every_twin
def test_one_changed_english_sentence_names_the_cell_of_its_twin(en, zh):
    before = translations.stale(read(en), read(zh))
    for k, cell in enumerate(read(en).cells):
        changed = read(en)
        changed.cells[k].source = re.sub(r"(?<=\w)\.(?=\s|$)", ", perhaps.", cell.source, count=1)
        if changed.cells[k].source != cell.source:
            assert set(translations.stale(changed, read(zh))) == {cell.id, *before}


def test_a_changed_text_of_a_picture_names_the_cell_of_its_twin():
    en, zh = notebook("draw()"), notebook("draw()")
    en.cells[0].metadata["mystnb"] = {"image": {"alt": "A line."}}
    zh.cells[0].metadata["seegrad"] = {"of": translations.digest_of(en.cells[0])}
    assert translations.stale(en, zh) == []
    en.cells[0].metadata["mystnb"] = {"image": {"alt": "Two lines."}}
    assert translations.stale(en, zh) == ["cell-0"]


@pytest.mark.parametrize(("en", "zh"), translations.PAGES.items())
def test_one_changed_english_sentence_names_the_section_of_its_twin(en, zh):
    one, two = ((ROOT / p).read_text(encoding="utf-8") for p in (en, zh))
    parts = translations.sections(one)
    named = [translations.STAMP.sub("", p) for p in re.split(r"(?m)^(?=<!-- of )", two)[1:]]
    for k, section in enumerate(parts):
        changed = "".join([*parts[:k], section.rstrip() + " One more.\n\n", *parts[k + 1 :]])
        assert translations.stale_sections(changed, two) == [named[k].partition("\n")[0]]


def test_a_stamp_makes_a_notebook_fresh(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    for language, source in (("en", "print('one')"), ("zh", "print('一')")):
        path = tmp_path / "notebooks" / language / "a.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook(source), path)
    en, zh = (tmp_path / "notebooks" / language / "a.ipynb" for language in ("en", "zh"))
    assert translations.stale(read(en), read(zh)) == ["cell-0"]
    translations.stamp(zh)
    assert translations.stale(read(en), read(zh)) == []
    assert read(zh).cells[0].source == "print('一')"


def test_a_changed_english_section_names_its_twin(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    en, zh = tmp_path / "README.md", tmp_path / "README.zh.md"
    en.write_text("# One\n\n## Two\n\ntext\n\n## Three\n", encoding="utf-8")
    zh.write_text("# 一\n\n## 二\n\n文字\n\n## 三\n", encoding="utf-8")
    translations.stamp(zh)
    translations.stamp(zh)  # once more changes nothing
    stamped = zh.read_text(encoding="utf-8")
    assert stamped.count("<!-- of ") == 3
    assert translations.stale_sections(en.read_text(), stamped) == []
    changed = en.read_text().replace("text", "another text")
    assert translations.stale_sections(changed, stamped) == ["## 二"]
    assert translations.stale_sections(changed + "## Four\n", stamped)[-1].startswith("(")


def test_code_is_equal_apart_from_words_comments_and_their_order():
    one = translations.bare('print(f"{a} of {b:.2f}", "x")  # so many')
    assert translations.bare('print(f"{b:.2f} 里的 {a}", "甲")  # 这么多') == one
    assert translations.bare('print(f"{b:.3f} 里的 {a}", "甲")') != one
    assert translations.bare('print(f"{b:.2f} 里的 {a}")') != one
    assert translations.bare('print(f"{b:8.2f} 里的 {a:>9}", "甲")') == one
    assert translations.bare("y = 2 * x") != translations.bare("y = 3 * x")
    assert translations.texts('f("a", f"{b} c")') == ["a"]


def test_signs_and_spaces_beside_chinese_are_found():
    for text in ("梯度:3", "叶子(x)", "共3个", "x的梯度", "应为 一个数", "得到：一个数 。"):
        assert translations.ill_set(text), text
    for text in ("叶子（x）：3", "共 3 个", "x 的梯度", "值 3   梯度 4", "{值: 3}", "`梯度:3`"):
        assert not translations.ill_set(text), text


def test_half_width_signs_are_found():
    assert translations.half_width("梯度,清零") == ["度,清"]
    assert translations.half_width("梯度，清零：`甲,乙` 与 $甲,乙$，见 x.grad。") == []


def test_the_report_names_what_is_missing(monkeypatch):
    lost = ROOT / "notebooks" / "zh" / "no_such.ipynb"
    monkeypatch.setattr(translations, "pairs", lambda: [(lost, lost)])
    assert "missing  notebooks/zh/no_such.ipynb" in list(translations.report())
