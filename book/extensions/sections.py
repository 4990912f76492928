"""What search shows beside a page: its sections, with their words, as a script of their own.

Sphinx's index knows which page holds a word. The search page asks this list where in the page:
`search.js` then leads to the section or the cell, and quotes it. A script, not data to fetch, so
that it works from a disk as well; it is loaded by the search page alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

FILE = "_static/sections.js"
ASIDE = (nodes.raw, nodes.comment, nodes.system_message, addnodes.index)
Section = tuple[str, str, str, list[str]]


def sections(doctree: nodes.document) -> list[Section]:
    """Return the sections of a page in order: anchor, title, words, other anchors inside.

    An entry of the glossary or of the error index counts as a section.
    """
    found = []
    for node in doctree.findall(_is_part):
        texts, anchors = [], []
        for child in _own(node):
            anchors += child.get("ids", ()) if isinstance(child, nodes.Element) else ()
            if isinstance(child, nodes.Text):
                texts.append(child.astext())
        words = re.sub(r"\s+", " ", " ".join(texts)).strip()
        found.append((_anchor(node), _title(node), words, anchors))
    return found


def _is_part(node: nodes.Node) -> bool:
    if isinstance(node, nodes.definition_list_item):
        return bool(node.children and node[0].get("ids"))
    entry = isinstance(node, nodes.container) and "term-entry" in node["classes"]
    return entry or isinstance(node, nodes.section)


def _is_heading(node: nodes.Node) -> bool:
    return isinstance(node, nodes.title | nodes.term)


def _own(node: nodes.Element) -> Iterator[nodes.Node]:
    """Yield what belongs to a part, and to no part inside it."""
    for child in node.children:
        if not isinstance(child, ASIDE) and not _is_part(child) and not _is_heading(child):
            yield child
            if isinstance(child, nodes.Element):
                yield from _own(child)


def _anchor(node: nodes.Element) -> str:
    return (node[0] if isinstance(node, nodes.definition_list_item) else node)["ids"][0]


def _title(node: nodes.Element) -> str:
    if isinstance(node, nodes.definition_list_item):
        return node[0].next_node(nodes.literal).astext()
    kind = nodes.title if isinstance(node, nodes.section) else nodes.strong
    return next(n.astext() for n in node.findall(kind))


def _collect(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name == "html":
        found = sections(doctree)
        app.env.book_sections = getattr(app.env, "book_sections", {}) | {docname: found}


def _keep(app: Sphinx) -> dict[str, Any]:
    """Return the sections of all pages: those written now, and those of an earlier build."""
    store = Path(app.doctreedir) / "sections.json"
    kept = json.loads(store.read_text(encoding="utf-8")) if store.is_file() else {}
    kept |= getattr(app.env, "book_sections", {})
    kept = {name: kept[name] for name in sorted(app.env.found_docs) if name in kept}
    store.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return kept


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        data = json.dumps(_keep(app), ensure_ascii=False, separators=(",", ":"))
        target = Path(app.outdir) / FILE
        target.write_text(f"const bookSections = {data};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", _collect, priority=900)  # when lists are filled in
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
