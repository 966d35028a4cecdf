"""Generate ocrportal/exporters/pdf/fonts/glyphless.ttf, the font of the text layer of PDFs.

It has two glyphs: number 1 is one em wide, for Han and other full-width characters; number 2 is
half an em wide, for all other characters. The PDF maps characters to glyphs
(ocrportal/exporters/pdf/font.py), so the font needs almost no character map and stays below one
kilobyte. Each outline is a line forth and back: it paints nothing even where a viewer draws it, but
has the extent that PDFium requires of text.

Requires fontTools (MIT), which is not a requirement of the portal: `pip install fonttools`.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

OUT = Path(__file__).parent.parent / "ocrportal/exporters/pdf/fonts/glyphless.ttf"
UNITS_PER_EM = 1000
ASCENT, DESCENT = 860, -200
"""The height of a selected line in viewers."""
HIGHEST, LOWEST = 750, -120
"""The extent of a character: less than a line, so that viewers do not join closely set lines."""
ADVANCES = {".notdef": 1000, "wide": 1000, "narrow": 500}


def main() -> None:
    font = FontBuilder(UNITS_PER_EM, isTTF=True)
    font.setupGlyphOrder(list(ADVANCES))
    font.setupCharacterMap({0x3000: "wide", 0x20: "narrow"})
    font.setupGlyf({name: _stroke(width) for name, width in ADVANCES.items()})
    font.setupHorizontalMetrics({name: (width, 0) for name, width in ADVANCES.items()})
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.setupNameTable(
        {
            "familyName": "OCR Portal Glyphless",
            "styleName": "Regular",
            "psName": "OCRPortalGlyphless",
            "version": "Version 1.000",
        },
        mac=False,
    )
    font.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT
    )
    font.setupPost(keepGlyphNames=False)
    # Reproducible output.
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = 0
    OUT.parent.mkdir(exist_ok=True)
    font.save(OUT)
    print(f"{OUT}: {OUT.stat().st_size} bytes")


def _stroke(width: int) -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, LOWEST))
    pen.lineTo((width, HIGHEST))
    pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    main()
