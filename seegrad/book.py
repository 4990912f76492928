"""Makes the widgets live in a Sphinx book without a kernel.

In `conf.py`: `extensions = ["myst_nb", "seegrad.book"]`. The theme does not matter.

MyST-NB shows one form of an output; a page needs three together: the still picture and the
text for readers without JavaScript or on paper, and the data from which the shared script
`seegrad.js` mounts the widget. So each form is kept as MyST-NB meets it, and they are put
together before it chooses.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from seegrad.widgets import module
from seegrad.widgets.shown import MIME

OURS = re.compile(r'<svg [^>]*class="sg-')
AS_TEXT = {"en": "The same as text", "zh": "同样的内容，文字版"}
"""What a page says itself, by its language; English where there is none."""


class StillForms(MimeRenderPlugin):
    """Keeps the data of a widget, and its picture, in the document; an entry point names it."""

    mime_priority_overrides = (("html", MIME, 1), ("singlehtml", MIME, 1))

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Node] | None:
        """Return what stands for one form of an output, None if it is not a widget's."""
        if data.mime_type == MIME:
            return [LiveWidget(shown=data.content)]
        if data.mime_type == "image/svg+xml" and OURS.match(data.string):
            return [nodes.raw("", data.string, format="html")]
        return None


class LiveWidget(nodes.General, nodes.Element):
    """A widget in a page: `shown` is its data; `picture` and `text` are its still forms."""


class GatherForms(SphinxPostTransform):
    """Gives each widget its still forms and a key, before MyST-NB drops what it did not choose."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        """Visit the outputs in order; a widget that occurs twice gets two keys."""
        seen: dict[str, int] = {}
        for widget in self.document.findall(LiveWidget):
            forms = {c["mime_type"]: c.astext() for c in widget.parent.parent.children}
            data = json.dumps(widget["shown"], sort_keys=True).encode()
            key = f"{self.env.docname}:{hashlib.sha256(data).hexdigest()[:12]}"
            seen[key] = seen.get(key, 0) + 1
            widget["key"] = f"{key}:{seen[key]}"
            widget["text"] = forms.get("text/plain", "")
            widget["picture"] = forms.get("image/svg+xml", "")


def page_html(
    name: str, key: str, state: dict[str, Any], text: str, picture: str, language: str = "en"
) -> str:
    """Return one widget as HTML: the still forms, and the data for the script.

    Args:
        name: the name of its front end, "player" for example.
        key: under which the page remembers what the reader did.
        state: its synced traits.
        text: its text form.
        picture: its SVG, '' if there is none.
        language: of the page, as Sphinx names it.
    """
    still = f"<pre>{html.escape(text)}</pre>"
    if picture:
        # Sphinx marks words that were searched for; it must leave alone what is not drawn.
        picture = re.sub("<(style|title|desc)>", r'<\1 class="nohighlight">', picture)
        said = AS_TEXT.get(language.partition("_")[0], AS_TEXT["en"])
        still = f"{picture}<details><summary>{said}</summary>{still}</details>"
    data = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="sg-mount" data-widget="{html.escape(name)}" data-key="{html.escape(key)}">'
        f'<div class="sg-paper">{still}</div>'
        f'<script type="application/json">{data}</script></div>\n'
    )


def _visit(self: Any, node: LiveWidget) -> None:
    shown = node["shown"]
    parts = (shown["widget"], node["key"], shown["state"], node["text"], node["picture"])
    self.body.append(page_html(*parts, self.config.language))
    raise nodes.SkipNode


def _write_assets(app: Sphinx) -> None:
    """Write the files that all pages share; the browser gets each of them once."""
    if app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        static.mkdir(parents=True, exist_ok=True)
        (static / "seegrad.js").write_text(module.script(), encoding="utf-8")
        (static / "seegrad.css").write_text(module.sheet(), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(LiveWidget, html=(_visit, None))
    app.add_post_transform(GatherForms)
    app.add_js_file("seegrad.js", loading_method="defer")
    app.add_css_file("seegrad.css")
    app.connect("builder-inited", _write_assets)  # before pages name them with a checksum
    return {"parallel_read_safe": True, "parallel_write_safe": True}
