"""`make messages`: collects what seegrad says and brings the catalogues up to date.

A message in Python is the first argument of `say`: a text, or a constant of the module (or of
`words`) that is, or holds, texts. The first two arguments of `say_count`, for one thing and for
many, are one message. In a front-end file it is a text in a table `NAME_WORDS`.
"""

import ast
import io
import re
from pathlib import Path

from babel.messages import jslexer, mofile, pofile
from babel.messages.catalog import Catalog

from seegrad.language import FOLDER, LANGUAGES
from tests.notebooks import ROOT

PACKAGE = ROOT / "seegrad"
COMMENT = "# What seegrad says. Write the msgstr, then `make messages`; it keeps all the rest."
TABLE = re.compile(r"^(?:export )?const [A-Z_]+_WORDS = \{.*?\};$", re.DOTALL | re.MULTILINE)
DATA = {"rule.says": (PACKAGE / "rules.py", "RULES")}
"""Texts that are reached through an object: where the constant stands that holds them."""


def messages():
    """Return each message with the files, from the root of the repository, that hold it.

    A message about a number of things is a pair: for one, for many.
    """
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for text in in_python(file):
            found.setdefault(text, set()).add(file.relative_to(ROOT).as_posix())
    for file in sorted(PACKAGE.rglob("*.js")):
        for text in in_tables(file.read_text(encoding="utf-8")):
            found.setdefault(text, set()).add(file.relative_to(ROOT).as_posix())
    return {text: sorted(files) for text, files in found.items()}


def in_tables(source):
    """Yield the texts in the tables of a front-end file."""
    for table in TABLE.findall(source):
        tokens = [t for t in jslexer.tokenize(table) if t.type != "linecomment"]
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if token.type == "string" and after.value != ":":  # else it is a key
                yield jslexer.unquote_string(token.value)


def in_python(file):
    """Yield the messages of a Python file; what `say` gets must be found, else this fails."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    own = constants(file)
    for scope in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and (given := arguments(node)):
                texts = [list(texts_of(g, own, scope, file)) for g in given]
                assert all(texts), f"{file}, line {node.lineno}: no text is found for this message"
                yield from texts[0] if len(texts) == 1 else zip(*texts, strict=True)


def arguments(call):
    """Return what holds the messages of a call of `say`, `say_count`, or `map(say, messages)`."""
    name = getattr(call.func, "id", "")
    if name in ("say", "say_count"):
        return call.args
    says = name == "map" and getattr(call.args[0], "id", "") == "say"
    return call.args[1:] if says else []


def constants(file):
    """Return the values of a module's constants, as syntax."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Name):
                found[target.id] = node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                names = (t.id for t in target.elts)
                found |= dict(zip(names, node.value.elts, strict=True))
    return found


def texts_of(node, own, scope, file):
    """Yield the texts that an expression may stand for."""
    where = ast.unparse(node)
    if where in DATA:
        source, name = DATA[where]
        value = constants(source)[name]
        yield from (t for t in strings(value) if t.endswith("."))
    elif isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        for side in (node.body, node.orelse):
            yield from texts_of(side, own, scope, file)
    elif isinstance(node, ast.Subscript):
        yield from texts_of(node.value, own, scope, file)
    elif isinstance(node, ast.Tuple | ast.List):
        for part in node.elts:
            yield from texts_of(part, own, scope, file)
    elif isinstance(node, ast.Attribute):  # words.RIGHT
        other = file.with_name(f"{node.value.id}.py")
        yield from texts_of(ast.Name(node.attr), constants(other), scope, other)
    elif isinstance(node, ast.Name) and node.id in own:
        value = own[node.id]
        if isinstance(value, ast.Dict):
            value = ast.Tuple(value.values)
        yield from texts_of(value, own, scope, file)
    elif isinstance(node, ast.Name) and node.id in imported(file):
        other = imported(file)[node.id]
        yield from texts_of(node, constants(other), scope, other)
    elif isinstance(node, ast.Name):
        for value in given_to(node.id, scope):
            for name in (n for n in ast.walk(value) if isinstance(n, ast.Name | ast.Attribute)):
                if ast.unparse(name).split(".")[-1].isupper():
                    yield from texts_of(name, own, scope, file)


def strings(node):
    return (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and type(n.value) is str)


def imported(file):
    """Return the constants that a module takes from others of the package, with their files."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        name.name: ROOT / f"{node.module.replace('.', '/')}.py"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module.startswith("seegrad.")
        for name in node.names
        if name.name.isupper()
    }


def given_to(name, scope):
    """Yield what a function assigns to a name of its own, in statements and loops."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.For | ast.comprehension):
            targets = getattr(node, "targets", None) or [node.target]
            inside = (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
            if name in inside:
                yield node.value if isinstance(node, ast.Assign) else node.iter


def placeholders(text):
    """Return the placeholders of a message, with their formats."""
    return sorted(re.findall(r"\{\w+[^{}]*\}", text))


# ---------------------------------------------------------------- catalogues


class Steady(Catalog):
    """A catalogue whose head tells no date and no version: equal messages give equal files."""

    @property
    def mime_headers(self):
        return [
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def files(language):
    """Return a language's catalogue to be edited, and the compiled one that is read."""
    folder = FOLDER / language / "LC_MESSAGES"
    return folder / "seegrad.po", folder / "seegrad.mo"


def read(language):
    """Return a catalogue as it is kept."""
    path = files(language)[0]
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as source:
        return pofile.read_po(source, locale=language)


def said(message):
    """Return the texts of a translation: one, or as many as the language has plural forms."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def updated(language):
    """Return a catalogue with exactly the messages of today, and what is known of each."""
    known = {m.id: m.string for m in read(language) if m.id}
    made = Steady(language, header_comment=COMMENT, fuzzy=False)
    for text, where in messages().items():
        made.add(text, known.get(text, ""), locations=[(f, None) for f in where])
    return made


def written(catalogue):
    """Return the two files of a catalogue as bytes."""
    po, mo = io.BytesIO(), io.BytesIO()
    pofile.write_po(po, catalogue, width=100, sort_by_file=True, include_lineno=False)
    mofile.write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def main():
    for language in LANGUAGES[1:]:
        catalogue = updated(language)
        for path, content in zip(files(language), written(catalogue), strict=True):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        missing = [m.id for m in catalogue if m.id and not all(said(m))]
        print(f"{language}: {len(catalogue)} messages, {len(missing)} without a translation")
        for text in missing:
            print(f"    {text}")


if __name__ == "__main__":
    main()
