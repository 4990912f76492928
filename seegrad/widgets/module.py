"""Joins front-end files into the one module, and the one style sheet, that a widget is given.

A file names what it takes from its siblings in lines `import { a, b } from "./parts.js";`.
Node.js and a page that serves the folder follow them; anywidget loads a module as text and
cannot, so there the siblings are put in front. No name is declared twice in the folder.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
DEFAULT = re.compile(r"^export default (.*);\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)


@lru_cache
def source(name: str) -> str:
    """Return `name.js` with its siblings in front, as one module that exports what `name` does."""
    siblings, entry = map(_plain, parts(name)[:-1]), IMPORT.sub("", _read(name, ".js"))
    return "\n".join([*siblings, entry])


@lru_cache
def style(name: str) -> str:
    """Return `name.css` with the style sheets of the siblings of `name.js` in front."""
    return "\n".join(_read(p, ".css") for p in parts(name) if (HERE / f"{p}.css").exists())


@lru_cache
def script() -> str:
    """Return all widgets and `page.js`, which mounts them, as one script for a page.

    A page that is opened from a disk cannot load modules, so it is a classic script.
    """
    fronts = {f.stem: DEFAULT.search(_read(f.stem, ".js")) for f in sorted(HERE.glob("*.js"))}
    table = ", ".join(f"{name}: {d[1]}" for name, d in fronts.items() if d)
    needed = dict.fromkeys(p for name in [*fronts, "page"] for p in parts(name))
    text = "\n".join(_plain(p) for p in needed)
    return f'(() => {{\n"use strict";\n{text}\nstartPage({{ {table} }});\n}})();\n'


def sheet() -> str:
    """Return the style sheets of all widgets as one."""
    needed = dict.fromkeys(p for f in sorted(HERE.glob("*.js")) for p in parts(f.stem))
    return "\n".join(_read(p, ".css") for p in needed if (HERE / f"{p}.css").exists())


def parts(name: str) -> list[str]:
    """Return the names of the files that `name.js` needs, each after what it needs, itself last."""
    found: dict[str, None] = {}
    for sibling in IMPORT.findall(_read(name, ".js")):
        found |= dict.fromkeys(parts(sibling))
    return [*found, name]


def _plain(name: str) -> str:
    return EXPORT.sub("", DEFAULT.sub("", IMPORT.sub("", _read(name, ".js"))))


def _read(name: str, suffix: str) -> str:
    return (HERE / f"{name}{suffix}").read_text(encoding="utf-8")
