"""What the theme says, in the language of the book, and the names that it leaves out.

Furo has no catalogues. What its templates pass through gettext is looked up here after Sphinx's
own catalogue; what stands in them as it is, is replaced in the pages.
"""

from __future__ import annotations

import gettext
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from extensions.library import edition

SAID = {  # by gettext
    "en": {},
    "zh": {
        "Skip to content": "跳到正文",
        "Back to top": "回到顶部",
        "On this page": "本页内容",
        "Next": "下一页",
        "Previous": "上一页",
        "Home": "首页",
        "Error": "出错了",
        "Please activate JavaScript to enable the search functionality.": (
            "搜索需要 JavaScript，请先启用它。"
        ),
        "Copyright &#169; %(copyright)s": "版权所有 &#169; %(copyright)s",
        "Made with ": "制作工具：",
        '<a href="https://www.sphinx-doc.org/">Sphinx</a> and ': (
            '<a href="https://www.sphinx-doc.org/">Sphinx</a> 和 '
        ),
    },
}
NAMES = {  # without a name, without a level, or in English
    "en": {
        '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="The book">',
        '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    },
    "zh": {
        '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="全书">',
        '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="本页内容">',
        'aria-label="Toggle site navigation sidebar"': 'aria-label="打开或收起全书目录"',
        'aria-label="Toggle navigation of ': 'aria-label="展开或收起：',
        'aria-label="Toggle table of contents sidebar"': 'aria-label="打开或收起本页目录"',
        'aria-label="Toggle Light / Dark / Auto color theme"': 'aria-label="切换浅色、深色、自动"',
        "@pradyunsg</a>'s": "@pradyunsg</a> 的",
    },
}
LEVEL = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
}


class Added(gettext.NullTranslations):
    """A catalogue that is asked last."""

    def __init__(self, table: dict[str, str]) -> None:
        super().__init__()
        self.table = table

    def gettext(self, message: str) -> str:
        """Return what stands for a message, the message itself if nothing does."""
        return self.table.get(message, message)


def _set_dashes(app: Sphinx, doctree: nodes.document) -> None:
    """Put a dash where Sphinx writes two hyphens, between a parameter and what it is."""
    for field in doctree.findall(nodes.field_body):
        for text in list(field.findall(nodes.Text)):
            if text.astext() == " -- ":
                text.parent.replace(text, nodes.Text(" – "))


def _speak(app: Sphinx) -> None:
    app.translator.add_fallback(Added(SAID[edition(app)]))


def _name_landmarks(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        names = NAMES[edition(app)] | LEVEL
        for docname in [*app.env.found_docs, "search"]:
            page = Path(app.builder.get_output_path(docname))
            text = page.read_text(encoding="utf-8") if page.exists() else ""
            named = text
            for bare, whole in names.items():
                named = named.replace(bare, whole)
            if named != text:
                page.write_text(named, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", _speak, priority=400)  # before templates ask
    app.connect("doctree-read", _set_dashes)
    app.connect("build-finished", _name_landmarks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
