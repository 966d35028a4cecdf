"""The glyphless font of invisible text: all Unicode characters, in two to four kilobytes.

PDF viewers map codes to characters by the ToUnicode table of the font. Codes have two bytes. For
the first 65,536 characters the code is the code point; rarer characters get one of the 2,048
surrogate codes when they first occur. The table therefore consists of ranges of 256 codes, and
is small for every document.

All codes share two empty glyphs (fonts/glyphless.ttf), which are one em or half an em wide.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from ocrportal.exporters.pdf.writer import Name, PdfFile, Ref, Value

FONT_NAME = "OCRPortalGlyphless"
"""The name of the font, also in the resources of pages."""
_WIDE_GLYPH, _NARROW_GLYPH = 1, 2
_WIDE, _NARROW = 1000, 500
_BASIC = range(0x10000)
_SURROGATES = range(0xD800, 0xE000)
_UNKNOWN = 0xFFFD
_NO_CHARACTERS = frozenset({0x0000, 0xFEFF, 0xFFFE, 0xFFFF})
"""Codes that PDF/A does not allow as characters."""
_WIDE_RANGES = (
    range(0x1100, 0x1160),  # Hangul jamo
    range(0x2E80, 0xA4D0),  # Han, kana and their punctuation
    range(0xAC00, 0xE000),  # Hangul; codes of rare characters, most of them Han
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE70),
    range(0xFF00, 0xFF61),  # full-width forms
    range(0xFFE0, 0xFFE7),
)
"""Codes of characters that are one em wide."""
_SPECIAL = re.compile(rb"[\\()\r]")
_ESCAPES = {b"\\": rb"\\", b"(": rb"\(", b")": rb"\)", b"\r": rb"\r"}


@cache
def is_wide(char: str) -> bool:
    """Whether a character is one em wide: Han, and characters set among it."""
    code = ord(char)
    return code > 0xFFFF or any(code in codes for codes in _WIDE_RANGES)


def advance(text: str) -> float:
    """The width of a text in ems."""
    return sum(_WIDE if is_wide(char) else _NARROW for char in text) / 1000


class Codes:
    """The character codes of one document, collected from its text."""

    def __init__(self) -> None:
        self._rare: dict[str, int] = {}
        self._first_bytes: set[int] = set()

    def string(self, text: str) -> bytes:
        """A text as a string operand of a content stream, with its parentheses."""
        if text.isascii():
            codes = text.encode("utf-16-be")
        else:
            codes = b"".join(self._code(char).to_bytes(2) for char in text)
        self._first_bytes.update(codes[::2])
        return b"(%b)" % _SPECIAL.sub(lambda found: _ESCAPES[found[0]], codes)

    def _code(self, char: str) -> int:
        code = ord(char)
        if code in _SURROGATES or code in _NO_CHARACTERS:
            return _UNKNOWN
        if code in _BASIC:
            return code
        if len(self._rare) == len(_SURROGATES) and char not in self._rare:
            return _UNKNOWN
        return self._rare.setdefault(char, _SURROGATES.start + len(self._rare))

    def add_font(self, file: PdfFile, ref: Ref) -> None:
        """Write the font as the reserved object ``ref``, after the text of the last page."""
        program = _program()
        descriptor: dict[str, Value] = {
            "Type": Name("FontDescriptor"),
            "FontName": Name(FONT_NAME),
            "Flags": 4,
            "FontBBox": [0, -200, 1000, 800],
            "ItalicAngle": 0,
            "Ascent": 860,
            "Descent": -200,
            "CapHeight": 800,
            "StemV": 80,
            "FontFile2": file.add_stream(program, {"Length1": len(program)}),
        }
        descendant: dict[str, Value] = {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": Name(FONT_NAME),
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": file.add(descriptor),
            "CIDToGIDMap": file.add_stream(_glyphs()),
            "DW": _NARROW,
            "W": [bound for codes in _WIDE_RANGES for bound in (codes[0], codes[-1], _WIDE)],
        }
        font: dict[str, Value] = {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": Name(FONT_NAME),
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [file.add(descendant)],
            "ToUnicode": file.add_stream(self._to_unicode()),
        }
        file.add(font, ref)

    def font_file(self) -> bytes:
        """A PDF with the font only, as ``/Font`` of its catalog, to be copied to another PDF."""
        out = io.BytesIO()
        file = PdfFile(out)
        ref = file.reserve()
        self.add_font(file, ref)
        pages = file.add({"Type": Name("Pages"), "Kids": [], "Count": 0})
        file.finish({"Type": Name("Catalog"), "Pages": pages, "Font": ref}, {})
        return out.getvalue()

    def _to_unicode(self) -> bytes:
        # A range must not cross a change of the first byte, and a block has at most 100 ranges.
        # Ranges for first bytes that do not occur would double the size of the font.
        rows = [
            f"<{high:02X}{first:02X}> <{high:02X}{last:02X}> <{high:02X}{first:02X}>"
            for high in sorted(self._first_bytes)
            if high << 8 not in _SURROGATES
            for first, last in _low_bytes(high)
        ]
        singles = [
            f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>"
            for char, code in self._rare.items()
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


def _low_bytes(high: int) -> list[tuple[int, int]]:
    """The ranges of second bytes that are characters after a first byte."""
    match high:
        case 0x00:
            return [(0x01, 0xFF)]
        case 0xFE:
            return [(0x00, 0xFE)]
        case 0xFF:
            return [(0x00, 0xFD)]
        case _:
            return [(0x00, 0xFF)]


def _blocks(kind: str, rows: list[str]) -> Iterator[str]:
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        yield "\n".join([f"{len(block)} begin{kind}", *block, f"end{kind}"])


@cache
def _glyphs() -> bytes:
    """The glyph of each code, in two bytes."""
    return b"".join(
        (_WIDE_GLYPH if is_wide(chr(code)) else _NARROW_GLYPH).to_bytes(2) for code in _BASIC
    )


@cache
def _program() -> bytes:
    return files(__package__).joinpath("fonts", "glyphless.ttf").read_bytes()
