"""The font of invisible text: every character there is, in four kilobytes.

A PDF viewer that copies text goes from codes to characters through the font's ToUnicode
table. Codes here have two bytes and are the character itself, in Unicode's first 65,536.
Rarer characters get a code of their own as they come, out of the 2,048 that Unicode
keeps free for surrogates. So one and the same small table serves every document.

All codes share two glyphs without ink (fonts/inkless.ttf), one em or half an em wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream

FONT_NAME = "OCRPortalInkless"
"""Under this name reportlab knows the font."""
_WIDE_GLYPH, _NARROW_GLYPH = 1, 2
_WIDE, _NARROW = 1000, 500
_BASIC = range(0x10000)
_SURROGATES = range(0xD800, 0xE000)
_WIDE_RANGES = (
    range(0x1100, 0x1160),  # Hangul jamo
    range(0x2E80, 0xA4D0),  # Han, kana and what belongs to them
    range(0xAC00, 0xE000),  # Hangul; codes of rare characters, most of them Han
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE70),
    range(0xFF00, 0xFF61),  # full-width forms
    range(0xFFE0, 0xFFE7),
)
"""Codes that are one em wide."""


def advance(text: str) -> float:
    """The width of a text in ems."""
    return sum(_WIDE if _is_wide(ord(char)) else _NARROW for char in text) / 1000


class InvisibleFont:
    """The font as reportlab wants one whose codes it need not know (a "dynamic" font).

    reportlab keeps one object for all documents, also those written at the same time by
    other threads, so what a document has used is kept with that document.
    """

    # The names by which reportlab asks; see TTFont in reportlab.pdfbase.ttfonts.
    fontName = FONT_NAME
    _dynamicFont = 1
    _multiByte = 1
    face = pdfmetrics.TypeFace(FONT_NAME)
    shapable = False

    def __init__(self) -> None:
        self._rare: WeakKeyDictionary[PDFDocument, dict[str, int]] = WeakKeyDictionary()

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:
        """The width of a text set in ``size``, in the unit of ``size``."""
        return advance(text) * size

    def splitString(
        self, text: str, doc: PDFDocument, encoding: str = "utf-8"
    ) -> list[tuple[int, bytes]]:
        """The codes of a text, two bytes each, all of them of the one subset there is."""
        rare = self._rare.setdefault(doc, {})
        return [(0, b"".join(_code(char, rare).to_bytes(2) for char in text))]

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:
        """The name of the font in page contents; from its first use on, it is written."""
        if FONT_NAME not in doc.fontMapping:
            doc.fontMapping[FONT_NAME] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        name: str = doc.fontMapping[FONT_NAME]
        return name

    def addObjects(self, doc: PDFDocument) -> None:
        """Add the font with all that belongs to it, after the last page."""
        program = _resource("inkless.ttf")
        descriptor = PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": PDFName(FONT_NAME),
                "Flags": 4,
                "FontBBox": PDFArray([0, -200, 1000, 800]),
                "ItalicAngle": 0,
                "Ascent": 800,
                "Descent": -200,
                "CapHeight": 800,
                "StemV": 80,
                "FontFile2": doc.Reference(_stream(program, {"Length1": len(program)})),
            }
        )
        glyphs = b"".join(
            (_WIDE_GLYPH if _is_wide(code) else _NARROW_GLYPH).to_bytes(2) for code in _BASIC
        )
        wide = [bound for codes in _WIDE_RANGES for bound in (codes[0], codes[-1], _WIDE)]
        system = {
            "Registry": pdfdoc.PDFString("Adobe"),
            "Ordering": pdfdoc.PDFString("Identity"),
            "Supplement": 0,
        }
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(FONT_NAME),
                "CIDSystemInfo": PDFDictionary(system),
                "FontDescriptor": doc.Reference(descriptor),
                "CIDToGIDMap": doc.Reference(_stream(glyphs)),
                "DW": _NARROW,
                "W": PDFArray(wide),
            }
        )
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(FONT_NAME),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(descendant)]),
                "ToUnicode": doc.Reference(_stream(_to_unicode(self._rare.get(doc, {})))),
            }
        )
        internal_name = self.getSubsetInternalName(0, doc)[1:]
        doc.idToObject["BasicFonts"].dict[internal_name] = doc.Reference(font)


def _stream(data: bytes, entries: dict[str, int] | None = None) -> PDFStream:
    return PDFStream(PDFDictionary(entries or {}), data, [pdfdoc.PDFZCompress])


def _code(char: str, rare: dict[str, int]) -> int:
    code = ord(char)
    if code in _SURROGATES:
        return 0xFFFD
    if code in _BASIC:
        return code
    if len(rare) == len(_SURROGATES) and char not in rare:
        return 0xFFFD
    return rare.setdefault(char, _SURROGATES.start + len(rare))


def _to_unicode(rare: dict[str, int]) -> bytes:
    # A range may not cross a change of the first byte, and at most 100 make a block.
    rows = [
        f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>"
        for high in range(256)
        if high << 8 not in _SURROGATES
    ]
    singles = [
        f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in rare.items()
    ]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *_blocks("bfrange", rows),
            *_blocks("bfchar", singles),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode("ascii")


def _blocks(kind: str, rows: list[str]) -> Iterator[str]:
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        yield "\n".join([f"{len(block)} begin{kind}", *block, f"end{kind}"])


def _is_wide(code: int) -> bool:
    return code > 0xFFFF or any(code in codes for codes in _WIDE_RANGES)


@cache
def _resource(name: str) -> bytes:
    return files(__package__).joinpath("fonts", name).read_bytes()


pdfmetrics.registerFont(InvisibleFont())
