"""Writes formulas as MathML when the book is built: no script, and one small font.

Browsers have drawn MathML themselves since 2023, screen readers read it, and docutils, which
Sphinx stands on, translates. MathJax would cost each reader more than all pages together.
The font is for machines that have none for mathematics: letters and signs from the STIX
font that comes with Matplotlib.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import matplotlib
from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util import logging

from extensions import metrics

LOG = logging.getLogger(__name__)
APPLY = "<mo>&ApplyFunction;</mo>"
THIN = "0.17em"
BAR = '<mo stretchy="false">|</mo>'
OPENING = re.compile(r"[(\[“‘（「《]*$")
CLOSING = re.compile(r"[)\],.;:?!”’…\-–）。，；：？！、」》]*")
SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x370, 0x400), *range(0x2010, 0x2070),
    0x210E, *range(0x2190, 0x21A0), 0x21A6, *range(0x2200, 0x2300), *range(0x27E6, 0x27EA),
    *range(0x1D400, 0x1D468), *range(0x1D6FC, 0x1D716),
]  # fmt: skip


def mathml(node: nodes.Element, block: bool) -> str:
    """Return a formula as MathML, with its LaTeX for search engines and for copying."""
    try:
        return spaced(latex2mathml.tex2mathml(braced(node.astext()), as_block=block))
    except MathError as error:
        LOG.warning("formula %r: %s", node.astext(), error, location=node)
        return f"<code>{nodes.Text(node.astext())}</code>"


def braced(tex: str) -> str:
    r"""Return a formula with braces in each fraction: docutils reads \frac12 as 12 over … ."""
    return re.sub(r"\\([td]?)frac\s*(\d)\s*(\d)", r"\\\1frac{\2}{\3}", tex)


def spaced(formula: str) -> str:
    """Return a formula with thin spaces around a function's name, x cos x, and none at a bar."""
    before = rf"(?<=</m[in]>)\s*(?=<mi>\w+</mi>\s*{APPLY})"
    formula = formula.replace(BAR, BAR.replace("<mo ", '<mo lspace="0" rspace="0" '))
    formula = re.sub(before, f'<mspace width="{THIN}"></mspace>', formula)
    return re.sub(rf"{APPLY}(?=\s*<m[in])", APPLY.replace("<mo>", f'<mo rspace="{THIN}">'), formula)


def _write_font(app: Sphinx) -> None:
    """Put the letters and signs of mathematics beside the style sheets, with their licence."""
    target = Path(app.outdir) / "_static" / "mathematics.woff"
    ours = max(Path(f).stat().st_mtime for f in (__file__, metrics.__file__))
    made = target.exists() and target.stat().st_mtime > ours
    if app.builder.format != "html" or made:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    font = TTFont(source / "STIXGeneral.ttf")
    options = subset.Options(hinting=False)
    options.drop_tables += ["FFTM"]  # the font editor's own notes
    cut = subset.Subsetter(options)
    cut.populate(unicodes=SIGNS)
    cut.subset(font)
    metrics.add(font)
    metrics.shrink(font, "√", 0.78)
    font.flavor = "woff"
    font.save(target)
    shutil.copy(source / "LICENSE_STIX", target.with_suffix(".licence.txt"))


def glue(doctree: nodes.document) -> None:
    """Let no line break part a formula from the signs before and behind it, as in (x), or x."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        at = parent.index(formula)
        before, after = (_words(parent, k) for k in (at - 1, at + 1))
        left, right = OPENING.search(before)[0], CLOSING.match(after)[0]
        if not left and not right:
            continue
        if right:
            parent[at + 1] = nodes.Text(after[len(right) :])
        if left:
            parent[at - 1] = nodes.Text(before[: -len(left)])
        kept = [nodes.Text(left), formula, nodes.Text(right)]
        parent[at] = nodes.inline("", "", *(n for n in kept if n.astext()), classes=["glued"])


def _words(parent: nodes.Element, at: int) -> str:
    beside = parent[at] if 0 <= at < len(parent) else None
    return beside.astext() if isinstance(beside, nodes.Text) else ""


def _glue(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    glue(doctree)


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node, block=False))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    self.body.append(f"{mathml(node, block=True)}</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", _write_font)
    app.connect("doctree-resolved", _glue)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
