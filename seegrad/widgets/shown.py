"""What all widgets share: how they show themselves where there is no kernel, or no browser."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import anywidget
import traitlets

from seegrad.language import TAGS, language, translations
from seegrad.widgets import module

MIME = "application/vnd.seegrad.widget+json"
"""Under this MIME type the display data holds what a page without a kernel needs."""

WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"')
"""A text in a front-end file; `json` reads it."""

_FRAME = {*anywidget.AnyWidget.class_trait_names(), "_esm", "_css", "_anywidget_id"}


class Shown(anywidget.AnyWidget):
    """Base of the widgets: `class Player(Shown, front="player")` is drawn by `player.js`."""

    front: str
    _sentences = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, front: str | None = None, **kwargs: Any) -> None:
        if front is not None:  # anywidget makes subclasses of its own
            cls.front, cls._esm, cls._css = front, module.source(front), module.style(front)
        super().__init_subclass__(**kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, _sentences=_sentences(self.front, language()), **kwargs)

    def text(self) -> str:
        """Return the widget as text, the same for equal runs."""
        raise NotImplementedError

    def svg(self) -> str | None:
        """Return a standalone picture, None if there is none."""
        return None

    def state(self) -> dict[str, Any]:
        """Return the synced traits of the widget's own, from which a page mounts its front end."""
        return {k: getattr(self, k) for k in self.keys if k not in _FRAME}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        still = {"text/plain": self.text(), "image/svg+xml": self.svg()}
        still[MIME] = {"widget": self.front, "state": self.state()}
        data = dict(data or {}) | {k: v for k, v in still.items() if v is not None}
        return data, dict(metadata)


@lru_cache
def _sentences(front: str, language: str) -> dict[str, str]:
    """Return what stands for the English sentences of a front end, where it is another text."""
    own = translations(language).gettext
    found = map(json.loads, WORD.findall(module.source(front)))
    told = {english: own(english) for english in found if english and own(english) != english}
    return told | {"": TAGS[language]} if told else {}
