"""Search for Chinese words: what is written without spaces is cut into pairs of characters.

The index and the query are cut alike, here and in the browser, so any phrase of two characters
or more is found, whether or not a dictionary knows it, and from a disk as well. Sphinx's own way
needs a dictionary of 20 MB, and takes a query for one word, which finds no phrase.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
RUN = re.compile(rf"{HAN}+|(?:(?!{HAN})\w)+")
IN_BROWSER = r"""
var splitQuery = (query) =>
  (query.match(/HAN+|(?:(?!HAN)[\p{L}\p{N}_])+/gu) ?? []).flatMap((run) =>
    /HAN./u.test(run) ? [...run].slice(1).map((next, i) => [...run][i] + next) : [run],
  );
""".replace("HAN", HAN)
"""The same as `pairs`, for what the reader types."""


def pairs(text: str) -> list[str]:
    """Return the words of a text: Latin ones whole, Chinese ones as overlapping pairs."""
    found = []
    for run in RUN.findall(text):
        chinese = re.match(f"{HAN}.", run)
        found += [run[i : i + 2] for i in range(len(run) - 1)] if chinese else [run]
    return found


class ChineseSearch(SearchEnglish):
    """Takes Latin words as an English book does, and cuts the rest."""

    lang = "zh"  # the name stays English: it is that of the stemmer in the browser
    js_splitter_code = IN_BROWSER

    def split(self, text: str) -> list[str]:
        """Return what the index holds of a text."""
        return pairs(text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_search_language(ChineseSearch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
