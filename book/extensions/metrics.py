"""What a font of mathematics says about its formulas: how high a script stands, how thick a bar is.

The STIX letters of Matplotlib are older than that part of the format. Browsers then guess, and
guess a root that hangs below its line. The figures are the usual ones of typesetting.
"""

from __future__ import annotations

from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables.otData import otData

FIELDS = {name: kind for kind, name, *_ in dict(otData)["MathConstants"]}
PER_CENT = {
    "ScriptPercentScaleDown": 72, "ScriptScriptPercentScaleDown": 55,
    "RadicalDegreeBottomRaisePercent": 60,
}  # fmt: skip
PER_MILLE = {  # of the size of a letter; what is not named is 0
    "DelimitedSubFormulaMinHeight": 1300, "DisplayOperatorMinHeight": 1300, "AxisHeight": 250,
    "AccentBaseHeight": 450, "FlattenedAccentBaseHeight": 660,
    "SubscriptShiftDown": 200, "SubscriptTopMax": 360, "SubscriptBaselineDropMin": 160,
    "SuperscriptShiftUp": 370, "SuperscriptShiftUpCramped": 300, "SuperscriptBottomMin": 120,
    "SuperscriptBaselineDropMax": 230, "SuperscriptBottomMaxWithSubscript": 380,
    "SubSuperscriptGapMin": 160, "SpaceAfterScript": 40,
    "UpperLimitGapMin": 110, "UpperLimitBaselineRiseMin": 220,
    "LowerLimitGapMin": 160, "LowerLimitBaselineDropMin": 600,
    "StackTopShiftUp": 450, "StackTopDisplayStyleShiftUp": 680, "StackBottomShiftDown": 345,
    "StackBottomDisplayStyleShiftDown": 690, "StackGapMin": 120, "StackDisplayStyleGapMin": 280,
    "FractionNumeratorShiftUp": 400, "FractionNumeratorDisplayStyleShiftUp": 680,
    "FractionDenominatorShiftDown": 345, "FractionDenominatorDisplayStyleShiftDown": 690,
    "FractionNumeratorGapMin": 50, "FractionNumDisplayStyleGapMin": 120,
    "FractionDenominatorGapMin": 50, "FractionDenomDisplayStyleGapMin": 120,
    "FractionRuleThickness": 50,
    "OverbarVerticalGap": 120, "OverbarRuleThickness": 50, "OverbarExtraAscender": 50,
    "UnderbarVerticalGap": 120, "UnderbarRuleThickness": 50, "UnderbarExtraDescender": 50,
    "RadicalVerticalGap": 60, "RadicalDisplayStyleVerticalGap": 120, "RadicalRuleThickness": 50,
    "RadicalExtraAscender": 50, "RadicalKernBeforeDegree": 270, "RadicalKernAfterDegree": -500,
}  # fmt: skip


def add(font: TTFont) -> None:
    """Give a font the table MATH: its constants, and no glyphs of other sizes."""
    em = font["head"].unitsPerEm
    constants = otTables.MathConstants()
    for name, kind in FIELDS.items():
        value = PER_CENT.get(name, PER_MILLE.get(name, 0) * em // 1000)
        if kind == "MathValueRecord":
            record = otTables.MathValueRecord()
            record.Value, record.DeviceTable = value, None
            setattr(constants, name, record)
        else:
            setattr(constants, name, value)
    info, variants = otTables.MathGlyphInfo(), otTables.MathVariants()
    for name in ("MathItalicsCorrectionInfo", "MathTopAccentAttachment", "ExtendedShapeCoverage",
                 "MathKernInfo"):  # fmt: skip
        setattr(info, name, None)
    variants.MinConnectorOverlap = variants.VertGlyphCount = variants.HorizGlyphCount = 0
    variants.VertGlyphCoverage = variants.HorizGlyphCoverage = None
    variants.VertGlyphConstruction, variants.HorizGlyphConstruction = [], []
    table = font["MATH"] = newTable("MATH")
    table.table = otTables.MATH()
    table.table.Version = 0x00010000
    table.table.MathConstants = constants
    table.table.MathGlyphInfo, table.table.MathVariants = info, variants


def shrink(font: TTFont, letter: str, share: float) -> None:
    """Make a glyph smaller: the sign of a root is drawn for tall formulas, and ours are low."""
    name = font.getBestCmap()[ord(letter)]
    glyph = font["glyf"][name]
    glyph.coordinates.scale((share, share))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    width, side = font["hmtx"][name]
    font["hmtx"][name] = (round(width * share), round(side * share))
