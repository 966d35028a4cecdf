"""Make ocrportal/exporters/fonts/glyphless.ttf, the font of invisible text in PDF.

It has no outlines, only two advance widths: glyph 1 is one em wide, for Han and other
full-width characters, glyph 2 half an em, for all others. Which character uses which
glyph is said in the PDF (ocrportal/exporters/pdf_font.py), so that the font needs no
character map to speak of and stays below one kilobyte.

Needs fontTools (MIT), which the portal itself does not: `pip install fonttools`.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

OUT = Path(__file__).parent.parent / "ocrportal/exporters/fonts/glyphless.ttf"
UNITS_PER_EM = 1000
ASCENT, DESCENT = 800, -200
ADVANCES = {".notdef": 1000, "wide": 1000, "narrow": 500}


def main() -> None:
    font = FontBuilder(UNITS_PER_EM, isTTF=True)
    font.setupGlyphOrder(list(ADVANCES))
    font.setupCharacterMap({0x3000: "wide", 0x20: "narrow"})
    font.setupGlyf({name: Glyph() for name in ADVANCES})
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
    # The same bytes every time, so that a new run shows as a change only if it is one.
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = 0
    OUT.parent.mkdir(exist_ok=True)
    font.save(OUT)
    print(f"{OUT}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
