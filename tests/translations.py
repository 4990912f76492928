"""Which Chinese texts must be looked at again, because the English ones have changed.

Each cell of a Chinese notebook, and each section of a Chinese page, holds the hash of the English
text that it was translated from.

    make translations                            lists what is stale or missing
    python -m tests.translations stamp FILE …    notes that a Chinese file is up to date
"""

import ast
import functools
import hashlib
import re
import sys
import tomllib
from itertools import zip_longest
from pathlib import Path

import nbformat
from babel.messages import pofile

from tests import messages, notebooks
from tests.notebooks import ROOT

FOLDERS = ("notebooks", "solutions")
EXPECTED = FOLDERS
"""The folders in which every English notebook must have a Chinese twin."""

FOREIGN = "book/api.md"
"""Made from docstrings: its Chinese twin introduces the English page, and holds it."""

PAGES = {"README.md": "README.zh.md"} | {
    f"book/{p.name}": f"book/zh/{p.name}"
    for p in sorted((ROOT / "book").glob("*.md"))
    if p != ROOT / FOREIGN and p.name != "benchmarks.md"  # which `make bench` makes
}

GLOSSARY = ROOT / "book" / "glossary.toml"
"""The one list of terms, and of the words that are not used in their place."""

CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’]"
HAN = r"[\u4e00-\u9fff]"
FULL = "[，。：；、？！（）《》“”]"
ILL_SET = re.compile(
    rf"{HAN}[,.:;?!()A-Za-z0-9]|[,.:;?!()A-Za-z0-9]{HAN}|(?:{HAN}|{FULL}) (?:{HAN}|{FULL})"
)
"""Half-width signs, Latin letters or digits against Chinese; one space within Chinese text."""
DISPLAY = re.compile(r"\{[^{}]*\}|`[^`]*`")
"""Values as Python writes them, and code."""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,.:;?!()][\u4e00-\u9fff]")
NO_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<[^>]*>", re.DOTALL)
WIDTH = re.compile(r"^[<>^]?\d*(?=\.|\w?$)")
"""Columns are not compared: a Chinese character is two wide."""
STAMP = re.compile(r"<!-- of ([0-9a-f]{12}) -->\n")
FRONT = re.compile(r"(---\n.*?\n---\n)?", re.DOTALL)
"""What a page of the book may begin with, for Sphinx."""


def digest(text):
    """Return the hash by which an English text is known."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def digest_of(cell):
    """Return the hash of what is to be translated in a cell, the text of its picture included."""
    return digest(cell.source + picture_text(cell))


def pairs(folders=FOLDERS):
    """Return each English notebook and where its Chinese twin is, or should be."""
    english = [p for p in notebooks.paths(folders) if p.relative_to(ROOT).parts[1] == "en"]
    return [(p, other(p, "en", "zh")) for p in english]


def other(path, of, to):
    """Return where a notebook's twin is."""
    folder, language, *rest = path.relative_to(ROOT).parts
    assert language == of, path
    return ROOT.joinpath(folder, to, *rest)


def shelves():
    """Return all files with text that readers of Chinese see."""
    books = [p for p in notebooks.paths(notebooks.EVERY) if "zh" in p.relative_to(ROOT).parts]
    pages = [ROOT / "README.zh.md", *sorted((ROOT / "book" / "zh").glob("*.md"))]
    pages += [*sorted((ROOT / "benchmarks").glob("*.zh.md")), ROOT / "benchmarks" / "words.py"]
    words = [*sorted((ROOT / "book").rglob("*.py")), ROOT / "seegrad" / "book.py"]
    static = ROOT / "book" / "_static"
    words += [*sorted(static.glob("*.js")), *sorted(static.glob("*.zh.svg"))]
    return [*books, *pages, *words, GLOSSARY, messages.files("zh")[0]]


def chinese(text):
    """Tell whether there is a Chinese character, or a Chinese sign, in a text."""
    return re.search(CHINESE, text) is not None


# ---------------------------------------------------------------- freshness


def stale(english, translated):
    """Return the ids of the Chinese cells whose English text has changed since."""
    now = {cell.id: digest_of(cell) for cell in english.cells}
    noted = ((c.id, c.metadata.get("seegrad", {}).get("of")) for c in translated.cells)
    return [cell for cell, of in noted if of != now.get(cell)]


def sections(text):
    """Return the parts of a page, without their stamps; the first is above all headings."""
    return re.split(r"(?m)^(?=## )", STAMP.sub("", text))


def stale_sections(english, translated):
    """Return the first lines of the Chinese sections whose English text has changed since."""
    noted = re.split(r"(?m)^(?=<!-- of )", translated)[1:]
    named = [(STAMP.sub("", n).split("\n")[0], STAMP.match(n)[1]) for n in noted if STAMP.match(n)]
    now = [digest(s) for s in sections(english)]
    paired = zip_longest(named, now, fillvalue=None)
    return [n[0] if n else "(a section is missing)" for n, of in paired if n is None or n[1] != of]


def stamp(path):
    """Write into a Chinese file which English text each of its parts was translated from."""
    if path.suffix == ".md":
        english = next(ROOT / e for e, c in PAGES.items() if ROOT / c == path)
        own = sections(path.read_text(encoding="utf-8"))
        theirs = sections(english.read_text(encoding="utf-8"))
        marks = (f"<!-- of {digest(e)} -->\n" for e in theirs)
        marked = (FRONT.sub(rf"\1{m}", c, count=1) for c, m in zip(own, marks, strict=True))
        path.write_text("".join(marked), encoding="utf-8", newline="\n")
        return
    english = nbformat.read(other(path, "zh", "en"), as_version=4)
    made = nbformat.read(path, as_version=4)
    for cell, source in zip(made.cells, english.cells, strict=True):
        cell.metadata["seegrad"] = {"of": digest_of(source)}
    path.write_text(notebooks.text(made), encoding="utf-8", newline="\n")


# ---------------------------------------------------------------- code


class _Bare(ast.NodeTransformer):
    """Takes the words out of a syntax tree; what stands between them in an f-string stays."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        values = [self.visit(v) for v in node.values if isinstance(v, ast.FormattedValue)]
        if not values:
            return ast.Constant("")
        return ast.JoinedStr(sorted(values, key=ast.dump))  # Chinese has its own order of words

    def visit_FormattedValue(self, node):
        spec = ast.unparse(node.format_spec)[2:-1] if node.format_spec else ""
        return ast.FormattedValue(
            self.visit(node.value), node.conversion, ast.Constant(WIDTH.sub("", spec))
        )


def bare(source):
    """Return code without comments and words, equal for a cell and its twin."""
    return ast.dump(_Bare().visit(ast.parse(source)))


def texts(source):
    """Return the texts in code, f-strings aside: those hold words in no fixed order."""
    tree = ast.parse(source)
    inside = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in ast.walk(n)}
    found = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in inside)
    return [n.value for n in found if isinstance(n.value, str)]


# ---------------------------------------------------------------- words


@functools.cache
def instead():
    """Return the Chinese words that are not used, each with the one that is."""
    listed = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))
    terms = {word: t["zh"] for t in listed["term"] for word in t.get("rejected", ())}
    return listed["instead"] | terms


def rejected(text):
    """Return the words in a text that should be others."""
    return [f"{word}: write {better}" for word, better in instead().items() if word in text]


def passages(path):
    """Yield the parts of a file that readers of Chinese see, each with its name."""
    if path.suffix == ".ipynb":
        for cell in nbformat.read(path, as_version=4).cells:
            shown = [printed(o) for o in cell.get("outputs", ())]
            yield f"cell {cell.id}", "\n".join([cell.source, picture_text(cell), *shown])
    elif path.suffix == ".toml":
        for term in tomllib.loads(path.read_text(encoding="utf-8"))["term"]:
            yield f"term {term['en']}", f"{term['zh']}\n{term['says_zh']}"
    elif path.suffix == ".po":
        with path.open("rb") as source:
            known = [m for m in pofile.read_po(source) if m.id]
            yield from ((f"message {m.id}", "\n".join(messages.said(m))) for m in known)
    else:
        text = path.read_text(encoding="utf-8")
        yield from ((part.partition("\n")[0], part) for part in sections(text))


def printed(output):
    """Return the text of an output that a notebook stores."""
    if output.output_type == "stream":
        return output.text
    return output.data.get("text/plain", "") if "data" in output else output.evalue


def picture_text(cell):
    """Return the text that stands for the picture of a cell where it cannot be seen."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def misused(path):
    """Yield where a file says a rejected word, and which one to write."""
    for where, text in passages(path):
        yield from (f"{path.name}, {where}: {said}" for said in rejected(text))


def half_width(markdown):
    """Return the half-width signs of a prose text between Chinese characters, with these."""
    return HALF_WIDTH.findall(NO_PROSE.sub("`", markdown))


def ill_set(text):
    """Return where a printed text has the wrong signs or spaces beside Chinese characters."""
    return ILL_SET.findall(DISPLAY.sub("{}", text))


# ---------------------------------------------------------------- command


def report():
    """Yield a line for everything that is stale or missing."""
    for english, twin in pairs():
        name = twin.relative_to(ROOT)
        if not twin.exists():
            yield f"missing  {name}"
            continue
        both = [nbformat.read(p, as_version=4) for p in (english, twin)]
        yield from (f"stale    {name}: cell {cell}" for cell in stale(*both))
    for english, twin in PAGES.items():
        both = [(ROOT / p).read_text(encoding="utf-8") for p in (english, twin)]
        yield from (f"stale    {twin}: {heading}" for heading in stale_sections(*both))
    for language in messages.LANGUAGES[1:]:
        lacking = (m.id for m in messages.updated(language) if m.id and not all(messages.said(m)))
        yield from (f"missing  message in {language}: {text}" for text in lacking)


def main(words):
    if words[:1] == ["stamp"]:
        for name in words[1:]:
            stamp(Path(name).resolve())
        return
    lines = list(report())
    print("\n".join(lines) or "every translation is up to date")


if __name__ == "__main__":
    main(sys.argv[1:])
