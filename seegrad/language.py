"""The language in which seegrad speaks: one catalogue of messages, looked up when a text is made.

A message is its English text with `{placeholders}`; `locale/` holds what stands for it in the
other languages, as gettext keeps it. `make messages` brings the catalogues up to date.

Messages have the spaces that Latin letters need. Where a placeholder turns out to hold Chinese, the
space between it and Chinese words is closed.
"""

from __future__ import annotations

import gettext
import os
import re
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from seegrad import fonts

TAGS = {"en": "en", "zh": "zh-Hans"}
LANGUAGES = tuple(TAGS)
FOLDER = Path(__file__).parent / "locale"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""What names the reader's language, as gettext asks: the first one that is set counts."""

UNKNOWN = "the language {given!r} is not known: give one of {known}"
NO_FONT = (
    "no font with Chinese characters was found, so plots will show boxes in their place: install "
    "one, such as Noto Sans CJK (package fonts-noto-cjk), and restart the kernel"
)

EDGE = "\0"
"""Stands, while a message is filled, where a filled-in text begins and ends."""
CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
CLOSED = re.compile(f"(?<=[{CHINESE}])(?:{EDGE} {EDGE}?| {EDGE})(?=[{CHINESE}])")

_chosen: list[str] = []
"""The language, once one was chosen."""


def set_language(language: str) -> None:
    """Choose the language of all that seegrad says from now on; texts that are made already stay.

    With "zh", plots of matplotlib get an installed font that has Chinese characters.

    Args:
        language: "en" or "zh" (Simplified Chinese).

    Raises:
        ValueError: if it is another one.
    """
    if language not in LANGUAGES:
        known = ", ".join(f'"{name}"' for name in LANGUAGES)
        raise ValueError(say(UNKNOWN, given=language, known=known))
    _chosen[:] = [language]
    if not fonts.use(language):
        warnings.warn(say(NO_FONT), stacklevel=2)


def language() -> str:
    """Return the language in force: the chosen one, else that of the environment, else "en"."""
    return _chosen[0] if _chosen else _of_environment()


def say(message: str, /, **values: Any) -> str:
    """Return a message in the language in force, with its placeholders filled."""
    return _filled(translations(language()).gettext(message), values)


def say_count(one: str, many: str, /, *, count: int, **values: Any) -> str:
    """Return the message that is right for a number of things, with its placeholders filled.

    Args:
        one: the message for one thing; need not name the number.
        many: the message for any other number, with the placeholder `{count}`.
        count: the number.
        values: for the other placeholders.
    """
    text = translations(language()).ngettext(one, many, count)
    return _filled(text, values | {"count": count})


def sentences(parts: Iterable[str]) -> str:
    """Return sentences as one text, empty ones left out: Chinese puts no space between them."""
    return ("" if language() == "zh" else " ").join(filter(None, parts))


def _filled(text: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    if not _is_chinese(text):  # thousands of texts are made in a row
        return text.format(**values)
    marked = _Edges().vformat(text, (), values)
    return CLOSED.sub("", marked).replace(EDGE, "")


@cache
def _is_chinese(text: str) -> bool:
    return re.search(f"[{CHINESE}]", text) is not None


class _Edges(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return f"{EDGE}{super().format_field(value, format_spec)}{EDGE}"


@lru_cache
def translations(of: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; that of English gives every message back."""
    own = of == "en"
    return gettext.NullTranslations() if own else gettext.translation("seegrad", FOLDER, [of])


@lru_cache
def _of_environment() -> str:
    """Return the language of the process, asked once: thousands of texts are made in a row."""
    given = next(filter(None, map(os.environ.get, VARIABLES)), "")
    for name in given.split(":"):
        code = name.split(".")[0].split("_")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"
