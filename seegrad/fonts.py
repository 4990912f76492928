"""Gives matplotlib a font with the characters that its own lacks."""

from __future__ import annotations

from importlib.util import find_spec

FONTS = {
    "zh": (
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "PingFang SC",
        "Hiragino Sans GB",
        "Heiti SC",
        "Microsoft YaHei",
        "SimHei",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "Droid Sans Fallback",
        "Noto Sans CJK JP",
        "Arial Unicode MS",
    )
}
"""For each language that needs one, fonts of the usual systems, the best first."""


def use(language: str) -> bool:
    """Let matplotlib, if it is installed, write with a font that has the language's characters.

    It is imported for this, as that is how it tells which fonts there are; English needs none. What
    the font lacks still comes from matplotlib's own, but where a text holds mathematics the first
    font alone counts: so the other one is put before it.

    Returns:
        False if matplotlib is there, but no font that would do.
    """
    if language not in FONTS or find_spec("matplotlib") is None:
        return True
    from matplotlib import rcParams
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    found = next((name for name in FONTS[language] if name in installed), None)
    if found is not None and found not in rcParams["font.family"]:
        rcParams["font.family"] = [found, *rcParams["font.family"]]
    return found is not None
