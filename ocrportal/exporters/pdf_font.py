"""The font of invisible text: every character there is, in four kilobytes.

A PDF viewer that copies text goes from codes to characters through the font's ToUnicode
table. Codes here have two bytes and are the character itself, in Unicode's first 65,536.
Rarer characters get a code of their own as they come, out of the 2,048 that Unicode
keeps free for surrogates. So one and the same small table serves every document.

All codes share two glyphs without ink (fonts/inkless.ttf), one em or half an em wide.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ocrportal.exporters.pdf_file import PdfFile

_NAME = "/OCRPortalInkless"
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
    """The font of one PDF file: codes its texts, and is written after the last page."""

    def __init__(self) -> None:
        self._rare: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """The codes of a text, two bytes each; advances as :func:`advance` says."""
        return b"".join(self._code(char).to_bytes(2) for char in text)

    def write(self, pdf: PdfFile, number: int) -> None:
        """Write the font as object ``number``, with all that belongs to it."""
        program = _resource("inkless.ttf")
        font_file = pdf.write_stream(f"/Length1 {len(program)}", program)
        descriptor = pdf.write(
            f"<< /Type /FontDescriptor /FontName {_NAME} /Flags 4 /FontBBox [0 -200 1000 800]"
            f" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 800 /StemV 80"
            f" /FontFile2 {font_file} 0 R >>"
        )
        wide = " ".join(f"{codes[0]} {codes[-1]} {_WIDE}" for codes in _WIDE_RANGES)
        glyphs = b"".join(
            (_WIDE_GLYPH if _is_wide(code) else _NARROW_GLYPH).to_bytes(2) for code in _BASIC
        )
        glyph_map = pdf.write_stream("", glyphs)
        descendant = pdf.write(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {_NAME}"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            f" /FontDescriptor {descriptor} 0 R /CIDToGIDMap {glyph_map} 0 R"
            f" /DW {_NARROW} /W [{wide}] >>"
        )
        unicode_map = pdf.write_stream("", self._to_unicode())
        pdf.write(
            f"<< /Type /Font /Subtype /Type0 /BaseFont {_NAME} /Encoding /Identity-H"
            f" /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>",
            number,
        )

    def _code(self, char: str) -> int:
        code = ord(char)
        if code in _SURROGATES:
            return 0xFFFD
        if code in _BASIC:
            return code
        if len(self._rare) == len(_SURROGATES) and char not in self._rare:
            return 0xFFFD
        return self._rare.setdefault(char, _SURROGATES.start + len(self._rare))

    def _to_unicode(self) -> bytes:
        # A range may not cross a change of the first byte, and at most 100 make a block.
        rows = [
            f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>"
            for high in range(256)
            if high << 8 not in _SURROGATES
        ]
        rare = [
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
                *_blocks("bfchar", rare),
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        ).encode("ascii")


def _blocks(kind: str, rows: list[str]) -> list[str]:
    return [
        f"{len(rows[start : start + 100])} begin{kind}\n"
        + "\n".join(rows[start : start + 100])
        + f"\nend{kind}"
        for start in range(0, len(rows), 100)
    ]


def _is_wide(code: int) -> bool:
    return code > 0xFFFF or any(code in codes for codes in _WIDE_RANGES)


@cache
def _resource(name: str) -> bytes:
    return files(__package__).joinpath("fonts", name).read_bytes()
