"""Reads back the words of a PDF that Chromium wrote: enough for a test, no general reader."""

import re
import zlib


def pages(data):
    """Return the text of each page, without the spaces: what is shown letter by letter."""
    objects = {int(n): b for n, b in re.findall(rb"(?s)(\d+) 0 obj\n(.*?)\nendobj", data)}
    fonts = {}
    for number, body in objects.items():
        table = re.search(rb"/ToUnicode (\d+) 0 R", body)
        if table:
            fonts[number] = letters(stream(objects[int(table[1])]))
    found = [b for b in objects.values() if re.search(rb"/Type\s*/Page\b", b)]
    held = (re.search(rb"/Contents (\d+) 0 R", page) for page in found)
    return [shown(stream(objects[int(m[1])]), fonts) for m in held if m]


def stream(body):
    """Return what an object holds, unpacked."""
    head, _, raw = body.partition(b"stream\n")
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in head else raw


def letters(table):
    """Return which text each glyph of a font stands for."""
    found = {}
    for block in re.findall(rb"(?s)beginbfchar(.*?)endbfchar", table):
        for glyph, text in re.findall(rb"<(\w+)> <(\w+)>", block):
            found[int(glyph, 16)] = _text(text)
    for block in re.findall(rb"(?s)beginbfrange(.*?)endbfrange", table):
        for first, last, start in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            text = _text(start)
            for k, glyph in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[glyph] = text[:-1] + chr(ord(text[-1]) + k)
    return found


def _text(digits):
    return bytes.fromhex(digits.decode()).decode("utf-16-be", errors="replace")


def shown(content, fonts):
    """Return the text that a page shows, in the order in which it is drawn."""
    said, font = [], {}
    for name, digits in re.findall(rb"/F(\d+) [\d.]+ Tf|<(\w+)> Tj", content):
        if name:
            font = fonts.get(int(name), {})
        else:
            glyphs = (int(digits[k : k + 4], 16) for k in range(0, len(digits), 4))
            said += [font.get(g, "") for g in glyphs]
    return re.sub(r"\s", "", "".join(said))
