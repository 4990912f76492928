"""Leads from each page to its twin in the other language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from extensions.library import FOLDERS, edition

NAMES = {"en": "English", "zh": "中文"}
TAGS = {"en": "en", "zh": "zh-CN"}
LABELS = {"en": "Language", "zh": "语言"}
HINTS = {"en": "This page in English", "zh": "本页的中文版"}
DEFAULT = "en"
FOREIGN = {"api"}  # pages that the Chinese edition has in English, below a Chinese introduction


def other(language: str) -> str:
    """Return the language of the other edition."""
    return next(name for name in FOLDERS if name != language)


def twin(docname: str, language: str) -> str:
    """Return what a page of an edition is called in the other one."""
    return docname.replace(f"/{language}/", f"/{other(language)}/", 1)


def has_twin(root: Path, docname: str, language: str) -> bool:
    """Return whether the other edition has the page."""
    name, folder = twin(docname, language), FOLDERS[other(language)]
    places = (root / f"{name}.ipynb", root / "book" / folder / f"{name}.md")
    return docname == "search" or any(p.is_file() for p in places)


def addresses(base: str, docname: str, language: str) -> dict[str, str]:
    """Return where a page is published in each language.

    Args:
        base: the address of the edition in which the page has this name.
        docname: its name.
        language: that of the edition.
    """
    root = base.removesuffix(FOLDERS[language])
    away = other(language)
    return {
        language: f"{base}{docname}.html",
        away: f"{root}{FOLDERS[away]}{twin(docname, language)}.html",
    }


def _lead(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    language = edition(app)
    if app.builder.name != "html" or not has_twin(Path(app.srcdir), page, language):
        return
    away = other(language)
    up = "../" * (page.count("/") + FOLDERS[language].count("/"))
    context["twin"] = {
        "href": f"{up}{FOLDERS[away]}{twin(page, language)}.html",
        "tag": TAGS[away],
        "name": NAMES[away],
        "hint": HINTS[away],
        "label": LABELS[language],
    }
    if app.config.html_baseurl and tree is not None:
        places = addresses(app.config.html_baseurl, page, language)
        rows = {TAGS[k]: v for k, v in places.items()} | {"x-default": places[DEFAULT]}
        tags = [f'<link rel="alternate" hreflang="{k}" href="{v}">' for k, v in rows.items()]
        context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def _mark_foreign(app: Sphinx, doctree: nodes.document) -> None:
    """Tell the browser, and those who listen to it, which sections are English."""
    if edition(app) != DEFAULT and app.env.docname in FOREIGN:
        title = next(doctree.findall(nodes.title))
        for section in filter(lambda n: isinstance(n, nodes.section), title.parent.children):
            section["classes"].append(f"language-{DEFAULT}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _lead)
    app.connect("doctree-read", _mark_foreign)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
