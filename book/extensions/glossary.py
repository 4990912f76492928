"""The glossary: one list of terms, both languages, and a link from each first use in a notebook."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions.library import edition, is_notebook

SOURCE = Path(__file__).parent.parent / "glossary.toml"
PAGE = "glossary"
ELSEWHERE = "别处也写作：{}"
"""For who looks for a Chinese word that this book does not use, in either edition."""
LEAVE = (nodes.reference, nodes.literal, nodes.title, nodes.math, nodes.raw, nodes.FixedTextElement)


@lru_cache
def terms(language: str) -> tuple[dict, ...]:
    """Return the terms, each as `glossary.toml` describes it, in the order of a language.

    Chinese terms are ordered by sound: the older national encoding lists common characters so.
    """
    found = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["term"]
    keys = {"en": lambda t: t["en"].lower(), "zh": lambda t: t["zh"].lower().encode("gb18030")}
    return tuple(sorted(found, key=keys[language]))


def anchor(term: dict) -> str:
    """Return the name under which the glossary can be entered at a term."""
    return "term-" + re.sub(r"\W+", "-", term["en"].lower())


def forms_of(term: dict, language: str) -> list[str]:
    """Return how a term is written in the text of a language; brackets only explain it."""
    more = {"en": "forms", "zh": "forms_zh"}[language]
    return [term[language].partition("（")[0], *term.get(more, ())]


@lru_cache
def pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds any form of any term, and the anchor for each form.

    Latin letters must not go on before or after it; Chinese has no such boundaries.
    """
    forms = {f.lower(): anchor(t) for t in terms(language) for f in forms_of(t, language)}
    longest_first = sorted(forms, key=len, reverse=True)
    bounded = [rf"\b{re.escape(f)}\b" if f.isascii() else re.escape(f) for f in longest_first]
    return re.compile("|".join(bounded), re.IGNORECASE | re.ASCII), forms


def split(text: str, seen: set[str], language: str) -> Iterator[tuple[str, str]]:
    """Cut a text at the terms in it that were not seen before.

    Args:
        text: plain words.
        seen: the anchors of terms that were found already; those found now are added.
        language: that of the text.

    Yields:
        (words, anchor); the anchor is '' for words between terms.
    """
    find, forms = pattern(language)
    start = 0
    for match in find.finditer(text):
        where = forms[match[0].lower()]
        if where not in seen:
            seen.add(where)
            yield text[start : match.start()], ""
            yield match[0], where
            start = match.end()
    yield text[start:], ""


def _may_link(text: nodes.Text) -> bool:
    node, inside = text.parent, False
    while node is not None:
        if isinstance(node, LEAVE):
            return False
        inside = inside or isinstance(node, nodes.paragraph)
        node = node.parent
    return inside


def _link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if not is_notebook(app, docname):
        return
    page, seen = app.builder.get_relative_uri(docname, PAGE), set()
    for text in filter(_may_link, list(doctree.findall(nodes.Text))):
        pieces = [
            nodes.reference("", words, refuri=f"{page}#{where}", internal=True, classes=["term"])
            if where
            else nodes.Text(words)
            for words, where in split(text.astext(), seen, edition(app))
            if words
        ]
        if any(isinstance(p, nodes.reference) for p in pieces):
            text.parent.replace(text, pieces)


class Terms(SphinxDirective):
    """Shows all terms, English and Chinese side by side, that of the book first."""

    def run(self) -> list[nodes.Node]:
        """Return one entry a term; search finds it by either name."""
        self.env.note_dependency(str(SOURCE))
        language = self.config.language.partition("_")[0]
        return [node for term in terms(language) for node in self._entry(term, language)]

    def _entry(self, term: dict, first: str) -> list[nodes.Node]:
        where = anchor(term)
        names = [("single", term[k], where, "main", None) for k in ("en", "zh")]
        entry = nodes.container(ids=[where], classes=["term-entry"])
        sides = [
            ("en", term["en"], term["says"]),
            ("zh-Hans", term["zh"], term["says_zh"]),
        ]
        for language, name, says in sides if first == "en" else reversed(sides):
            side = nodes.container(classes=[f"language-{language}"])
            side += nodes.paragraph("", "", nodes.strong("", name), classes=["term-name"])
            said, problems = self.parse_inline(says)
            side += [nodes.paragraph("", "", *said), *problems]
            if language == "zh-Hans" and (others := term.get("rejected")):
                words = ELSEWHERE.format("、".join(others))
                side += nodes.paragraph("", words, classes=["term-elsewhere"])
            entry += side
        return [addnodes.index(entries=names), entry]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("terms", Terms)
    app.connect("doctree-resolved", _link_first_uses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
