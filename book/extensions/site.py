"""What others read of a page: search engines, messengers, screen readers."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

PICTURE = "_static/player.png"
PICTURE_ALT = "The player: a graph of boxes, with values going down and gradients coming back."
LENGTH = 200
NAMES = {  # what the theme leaves without a name or a level
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="The book">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
}


def first_words(doctree: nodes.document) -> str:
    """Return the beginning of the first paragraph."""
    text = next((p.astext() for p in doctree.findall(nodes.paragraph)), "").replace("\n", " ")
    return text if len(text) <= LENGTH else text[:LENGTH].rsplit(" ", 1)[0] + " …"


def _describe(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    base = app.config.html_baseurl
    if tree is None or not base:
        return
    words = {
        "og:type": "article",
        "og:site_name": app.config.html_title,
        "og:title": app.env.titles[page].astext(),
        "og:description": first_words(tree),
        "og:url": base + app.builder.get_target_uri(page),
        "og:image": base + PICTURE,
        "og:image:alt": PICTURE_ALT,
    }
    tags = [f'<meta property="{k}" content="{html.escape(v)}">' for k, v in words.items()]
    tags.append(f'<meta name="description" content="{html.escape(words["og:description"])}">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def _write_sitemap(app: Sphinx, error: Exception | None) -> None:
    base = app.config.html_baseurl
    if error is None and base and app.builder.name == "html":
        rows = "".join(
            f"  <url><loc>{html.escape(base + app.builder.get_target_uri(d))}</loc></url>\n"
            for d in sorted(app.env.found_docs)
        )
        (Path(app.outdir) / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n',
            encoding="utf-8",
        )


def _name_landmarks(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for page in Path(app.outdir).rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            named = text
            for bare, whole in NAMES.items():
                named = named.replace(bare, whole)
            if named != text:
                page.write_text(named, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _describe)
    app.connect("build-finished", _write_sitemap)
    app.connect("build-finished", _name_landmarks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
