"""What others read of a page: search engines, messengers, screen readers."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from extensions import twins
from extensions.library import edition

PICTURES = {"en": "_static/card.png", "zh": "_static/card.zh.png"}  # `make pictures`
PICTURE_SIZE = (1200, 630)
PICTURE_ALT = {
    "en": "Seeing Gradients: the player on 2xᵀx, two gradients of [0, 2, 4, 6] on their way to x.",
    "zh": "看见梯度：播放器里是 2xᵀx 的计算图，两个梯度 [0, 2, 4, 6] 正传向 x。",
}
LENGTH = {"en": 200, "zh": 100}


def first_words(doctree: nodes.document, language: str) -> str:
    """Return the beginning of the first paragraph, cut between words or, in Chinese, anywhere."""
    text = next((p.astext() for p in doctree.findall(nodes.paragraph)), "")
    text = text.replace("\n", " " if language == "en" else "")
    start = text[: LENGTH[language]]
    if start == text:
        return text
    return start.rsplit(" ", 1)[0] + " …" if language == "en" else start + "……"


def _describe(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    base = app.config.html_baseurl
    if tree is None:
        return
    says = html.escape(first_words(tree, edition(app)))
    tags = [f'<meta name="description" content="{says}">']
    if base:
        words = _open_graph(app, page, tree)
        tags += [f'<meta property="{k}" content="{html.escape(v)}">' for k, v in words.items()]
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def _open_graph(app: Sphinx, page: str, tree: nodes.document) -> dict[str, str]:
    """Return what messengers show beside a link to a page; it needs the page's address."""
    base = app.config.html_baseurl
    return {
        "og:type": "article",
        "og:site_name": app.config.html_title,
        "og:title": app.env.titles[page].astext(),
        "og:description": first_words(tree, edition(app)),
        "og:url": base + app.builder.get_target_uri(page),
        "og:image": base + PICTURES[edition(app)],
        "og:image:type": "image/png",
        "og:image:width": str(PICTURE_SIZE[0]),
        "og:image:height": str(PICTURE_SIZE[1]),
        "og:image:alt": PICTURE_ALT[edition(app)],
        "og:locale": app.config.language,
    }


def sitemap(pages: list[dict[str, str]]) -> str:
    """Return the map of both editions.

    Args:
        pages: for each page, its address in each language in which there is one.
    """
    rows = []
    for places in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{twins.TAGS[k]}" href="{html.escape(v)}"/>'
            for k, v in places.items()
        )
        rows += [f"  <url><loc>{html.escape(v)}</loc>{links}</url>\n" for v in places.values()]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{"".join(rows)}</urlset>\n'
    )


def _write_sitemap(app: Sphinx, error: Exception | None) -> None:
    """Write the map beside the first edition, for both: each page of the other is a twin."""
    base, language = app.config.html_baseurl, edition(app)
    target = Path(app.outdir) / "sitemap.xml"
    target.unlink(missing_ok=True)  # that of an earlier build
    if error is None and base and app.builder.name == "html" and language == twins.DEFAULT:
        pages = []
        for docname in sorted(app.env.found_docs):
            places = twins.addresses(base, docname, language)
            whole = twins.has_twin(Path(app.srcdir), docname, language)
            pages.append(places if whole else {language: places[language]})
        target.write_text(sitemap(pages), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _describe)
    app.connect("build-finished", _write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
