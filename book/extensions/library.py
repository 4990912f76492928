"""Reads pages where they lie: `book/` gives the front of the site, notebooks keep their folders.

Sphinx has one source directory. Here it is the repository, and `book/` is taken out of the
names of its pages, so that `book/index.md` is the site's `index.html` and a chapter is
`notebooks/en/01_computational_graph.html`: no copies, no links, no redirect. The Chinese edition
is a site of its own in the folder `zh/`; its pages lie in `book/zh/`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.directives.other import TocTree
from sphinx.project import Project
from sphinx.util import docname_join
from sphinx.util.matching import patfilter

FOLDER = re.compile("^book/(zh/)?")
FOLDERS = {"en": "", "zh": "zh/"}
"""Where the pages of an edition lie: in `book/`, and on the site."""
SHELVES = ("notebooks", "exercises", "solutions")


class Shelf(Project):
    """The documents of the site, by the names that they have there."""

    def path2doc(self, filename: str | os.PathLike[str]) -> str | None:
        """Return the name of the page that a file becomes, None if it becomes none."""
        name = super().path2doc(filename)
        return FOLDER.sub("", name) if name else name


class ShelfList(TocTree):
    """A `toctree` whose patterns may match nothing: parts of the book that are not written yet."""

    def run(self) -> list:
        """Return the tree of the pages that exist."""
        self.options["glob"] = True
        names = [docname_join(self.env.docname, line) for line in self.content if line]
        self.content = [f"/{n}" for n in names if patfilter(self.env.found_docs, n)]
        return super().run() if self.content else []


def fingerprint(root: Path, *patterns: str) -> str:
    """Return a short hash of the named files: what depends on them is made anew if it changes."""
    digest = hashlib.sha256()
    for file in sorted(f for p in patterns for f in root.glob(p)):
        digest.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def address(book: str, repository: str, language: str) -> str:
    """Return where an edition is published, '' if that is not known.

    Args:
        book: the address of the book, '' for the one that GitHub gives.
        repository: `owner/name` on GitHub, or ''.
        language: that of the edition.
    """
    owner, _, name = repository.partition("/")
    if not book and name:
        own = name.lower() == f"{owner.lower()}.github.io"  # the pages of a person, not a project
        book = f"https://{owner}.github.io/{'' if own else name}"
    return f"{book.rstrip('/')}/{FOLDERS[language]}" if book else ""


def edition(app: Sphinx) -> str:
    """Return the language in which the book is built: "en" or "zh"."""
    return str(app.config.language).partition("_")[0]


def is_notebook(app: Sphinx, docname: str) -> bool:
    """Return whether a page of the site is made from a notebook."""
    return app.env.doc2path(docname, base=False).suffix == ".ipynb"


def _use_shelf(app: Sphinx) -> None:
    shelf = Shelf(app.srcdir, app.project.source_suffix)
    shelf.restore(app.project)
    app.project = app.env.project = shelf


def _offer_downloads(app: Sphinx, error: Exception | None) -> None:
    """Put each notebook beside its page, as it is in the repository."""
    if error is None and app.builder.name == "html":
        for docname in filter(lambda d: is_notebook(app, d), app.env.found_docs):
            shutil.copyfile(app.env.doc2path(docname), Path(app.outdir) / f"{docname}.ipynb")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("made_with", "", "env", str)  # another value: all pages are read again
    app.add_directive("shelf", ShelfList)
    app.connect("builder-inited", _use_shelf)
    app.connect("build-finished", _offer_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
