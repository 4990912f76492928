"""The error index: which chapter explains an error message, found in the notebooks themselves.

A message counts if a cell raises it, or catches and prints it; if it is a choice of a question
that says why its answer is right; or if the prose names it: in italics or as code, at least five
words, the beginning of a message that some cell raises or a sentence of its own. What Python says
of a missing attribute is known by its form, in prose and in questions.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions import cells
from extensions.library import edition

WORDS = 5
SHELF = "notebooks/"
KIND = re.compile(r"^([A-Z]\w*(?:Error|Warning)): ")
QUOTED = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\*)|`([^`\n]+)`")
CAUGHT = re.compile(r"except (\w+) as |(catch_warnings)")
CHOICE = re.compile(r"^  \( \) (.+)$", re.MULTILINE)
NO_ATTRIBUTE = re.compile(r"'\w+' object has no attribute '\w+'")
SAID = {  # what readers see
    "en": {
        "raised": "raised and explained in ",
        "named": "explained in ",
        "place": "{title}: {heading}",
    },
    "zh": {
        "raised": "出现并讲解于 ",
        "named": "讲解于 ",
        "place": "{title}：{heading}",
    },
}


@dataclass(frozen=True)
class Place:
    """Where a message stands: its text and type, the anchor, and the heading above it."""

    text: str
    kind: str
    anchor: str
    heading: str
    raised: bool


def first_clause(text: str) -> str:
    """Return the part of a message that people paste into a search box."""
    return re.split(r"[.:] | \(|\n", text, maxsplit=1)[0].rstrip(".:")


def spoken_anchor(text: str) -> str:
    """Return the anchor of a paragraph that quotes a text."""
    return "message-" + re.sub(r"\W+", "-", text.lower()).strip("-")[:60]


def is_long(text: str) -> bool:
    """Return whether a quoted text has as many words as a message has at least."""
    return len(text.split()) >= WORDS


def is_sentence(text: str) -> bool:
    """Return whether a text in italics can be a message: English, and no question."""
    return text.isascii() and text[0].isupper() and text[-1] != "?"


def is_plain(text: str) -> bool:
    """Return whether a printed line can be a message: words, no columns and no labelled values."""
    words = re.findall(r"[A-Za-z_]{2,}", text)
    return len(words) >= WORDS and text.isascii() and not re.search(r"\s\s|: |^\W", text)


def raised(notebook: dict) -> list[Place]:
    """Return the messages that the cells of a notebook raise, from its stored outputs."""
    found, heading = [], ""
    for cell in notebook["cells"]:
        heading = _heading(cell) or heading
        where = cells.anchor(cell["id"])
        for text, kind in [*_errors(cell), *_caught(cell)]:
            found.append(Place(text, kind, where, heading, raised=True))
    return found


def _errors(cell: dict) -> Iterator[tuple[str, str]]:
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            yield output["evalue"], output["ename"]


def _caught(cell: dict) -> Iterator[tuple[str, str]]:
    """Yield what a cell prints of an error or a warning that it has caught."""
    match = CAUGHT.search("".join(cell["source"]))
    for output in cell.get("outputs", ()) if match else ():
        if output["output_type"] == "stream":
            for line in filter(is_plain, "".join(output["text"]).splitlines()):
                yield line.rstrip("."), match[1] or "Warning"


def asked(notebook: dict) -> list[Place]:
    """Return the messages of which a question of a notebook says what they mean."""
    found, heading = [], ""
    for cell in notebook["cells"]:
        heading = _heading(cell) or heading
        for text in _explained(cell) if cell["cell_type"] == "code" else ():
            where = cells.anchor(cell["id"])
            kind = "AttributeError" if NO_ATTRIBUTE.fullmatch(text) else ""
            found.append(Place(text, kind, where, heading, raised=False))
    return found


def _explained(cell: dict) -> Iterator[str]:
    """Yield the choices of a question, if it explains them, that can be messages."""
    source = "".join(cell["source"])
    if "sg.ask(" not in source or not re.search(r"\bwhy\b", source):
        return
    shown = "\n".join("".join(o.get("data", {}).get("text/plain", "")) for o in cell["outputs"])
    yield from filter(is_plain, CHOICE.findall(shown))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from NO_ATTRIBUTE.findall(node.value)


def named(notebook: dict, known: list[str]) -> list[Place]:
    """Return the messages that the prose of a notebook quotes; `known`: those raised anywhere."""
    found, heading = [], ""
    for cell in notebook["cells"]:
        heading = _heading(cell) or heading
        if cell["cell_type"] != "markdown":
            continue
        for quoted in QUOTED.finditer("".join(cell["source"])):
            text = quoted[1] or quoted[2]
            bare = KIND.sub("", text).rstrip(".")
            whole = next((k for k in known if k.startswith(bare)), None)
            known_form = NO_ATTRIBUTE.fullmatch(bare)
            if known_form or (is_long(bare) and (whole or (quoted[1] and is_sentence(bare)))):
                kind = match[1] if (match := KIND.match(text)) else ""
                kind = kind or ("AttributeError" if known_form else "")
                where = spoken_anchor(text)
                found.append(Place(whole or bare, kind, where, heading, raised=False))
    return found


def _heading(cell: dict) -> str:
    text = "".join(cell["source"])
    match = re.search(r"^#+ (.+)$", text, re.MULTILINE) if cell["cell_type"] == "markdown" else None
    return match[1].replace("`", "") if match else ""


def gather(notebooks: dict[str, dict]) -> dict[str, list[tuple[str, Place]]]:
    """Return for each message, in alphabetical order, where it stands: (page, place)."""
    places = [(page, p) for find in (raised, asked) for page in notebooks
              for p in find(notebooks[page])]  # fmt: skip
    known = [p.text for _, p in places]
    places += [(page, p) for page, book in notebooks.items() for p in named(book, known)]
    found: dict[str, list[tuple[str, Place]]] = {}
    for page, place in places:
        known_here = [(p, k.heading) for p, k in found.setdefault(place.text, [])]
        if (page, place.heading) not in known_here:  # one link for each section
            found[place.text].append((page, place))
    return dict(sorted(found.items(), key=lambda item: item[0].lower().strip("'")))


class MessageList(nodes.General, nodes.Element):
    """Stands where the list will be, until all chapters are read."""


class Messages(SphinxDirective):
    """Shows all messages, each with links to the cells that raise it and the text that explains."""

    def run(self) -> list[nodes.Node]:
        """Return the stand-in."""
        return [MessageList()]


def _mark_places(app: Sphinx, doctree: nodes.document) -> None:
    """Give quoted messages an anchor, and let search lead from a message to its cell."""
    docname = app.env.docname
    if not docname.startswith(SHELF):
        return
    quoted: dict[str, nodes.Element] = {}
    for node in doctree.findall(lambda n: isinstance(n, nodes.emphasis | nodes.literal)):
        quoted.setdefault(spoken_anchor(node.astext()), node)
    for name, node in quoted.items():
        if is_long(node.astext()):
            node["ids"].append(name)
    notebook = _load(app, docname)
    for place in [*raised(notebook), *asked(notebook)]:
        shown = dict.fromkeys((first_clause(place.text), place.text))
        entries = [("single", text, place.anchor, "main", None) for text in shown]
        doctree.insert(0, addnodes.index(entries=entries))


def _load(app: Sphinx, docname: str) -> dict:
    return json.loads(Path(app.env.doc2path(docname)).read_text(encoding="utf-8"))


def _list_messages(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for stand_in in list(doctree.findall(MessageList)):
        pages = sorted(d for d in app.env.found_docs if d.startswith(SHELF))
        found = gather({page: _load(app, page) for page in pages})
        entries = [_entry(app, docname, text, places) for text, places in found.items()]
        stand_in.replace_self(nodes.definition_list("", *entries, classes=["messages"]))


def _entry(app: Sphinx, docname: str, text: str, places: list) -> nodes.Node:
    words = SAID[edition(app)]
    kind = next((p.kind for _, p in places if p.kind), "")
    term = nodes.term("", "", nodes.literal("", text), ids=[spoken_anchor(text)])
    if kind:
        term += [nodes.Text(" "), nodes.inline("", kind, classes=["message-kind"])]
    rows = nodes.bullet_list()
    for page, place in places:
        uri = f"{app.builder.get_relative_uri(docname, page)}#{place.anchor}"
        title = app.env.titles[page].astext()
        title = words["place"].format(title=title, heading=place.heading)
        link = nodes.reference("", title, refuri=uri, internal=True)
        said = nodes.Text(words["raised" if place.raised else "named"])
        rows += nodes.list_item("", nodes.paragraph("", "", said, link))
    return nodes.definition_list_item("", term, nodes.definition("", rows))


def _pages_with_list(app: Sphinx, env: object) -> list[str]:
    return ["errors"] if "errors" in app.env.found_docs else []


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(MessageList)
    app.add_directive("messages", Messages)
    app.connect("doctree-read", _mark_places)
    app.connect("env-updated", _pages_with_list)
    app.connect("doctree-resolved", _list_messages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
