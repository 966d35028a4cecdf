"""The type of the characters of a PDF page: weight, slant, colour and kind of font."""

from __future__ import annotations

import ctypes
import re

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types

from ocrportal.results import FontKind, Type

_BOLD = re.compile(
    # The fonts of TeX (cmbx, sfbx) and the copies of Times by URW name their weights otherwise.
    r"bold|black|heavy|demi|\b(cm|sf|lm)\w*bx\d|-medi(ital)?$|[-,]bd",
    re.IGNORECASE,
)
_ITALIC = re.compile(r"ital|obli|slanted|\b(cm|sf)(ti|sl|bxti|bxsl)\d|[-,]it\b", re.IGNORECASE)
_KINDS: tuple[tuple[FontKind, re.Pattern[str]], ...] = (
    ("fangsong", re.compile(r"fang\s?song|仿宋", re.IGNORECASE)),
    ("kai", re.compile(r"kai(ti)?\b|kaiti|-kai|simkai|楷", re.IGNORECASE)),
    ("mono", re.compile(r"mono|courier|consol|typewriter|\b(cm|sf)tt\d", re.IGNORECASE)),
    (
        "sans",
        re.compile(
            r"sans|arial|helvetica|gothic|hei\b|simhei|heiti|yahei|calibri|verdana|tahoma|segoe|黑",
            re.IGNORECASE,
        ),
    ),
    (
        "serif",
        re.compile(
            r"serif|times|roman|song|simsun|ming|georgia|garamond|palatino|book|宋|明",
            re.IGNORECASE,
        ),
    ),
)
# Flags of a font descriptor: ISO 32000-2, table 121.
_FIXED_PITCH, _SERIF, _ITALIC_FLAG, _FORCE_BOLD = 1, 1 << 1, 1 << 6, 1 << 18
_MIN_SLANT = 0.12
"""The tangent of the slant of an upright font that is drawn as italic; usually 0.2 to 0.34."""
_MIN_CHROMA = 48
"""Difference between the strongest and the weakest of red, green and blue of a colour, of 255."""
_OUTLINED = (
    pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE,
    pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
)
"""Modes in which programs draw a bold type of a font that has none."""
_NAME_BYTES = 256


def type_of(text: pdfium.PdfTextPage, index: int) -> Type:
    """The type of the text object of the character at ``index``, without its size."""
    owner = pdfium_c.FPDFText_GetTextObject(text, index)
    font = pdfium_c.FPDFTextObj_GetFont(owner)
    name = _name(font)
    flags = pdfium_c.FPDFFont_GetFlags(font) if font else 0
    is_outlined = pdfium_c.FPDFTextObj_GetTextRenderMode(owner) in _OUTLINED
    return Type(
        bold=bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD) or is_outlined,
        italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG) or _is_slanted(text, index),
        colour=_colour(owner),
        font=_kind(name, flags),
    )


def _name(font: pdfium_c.FPDF_FONT) -> str:
    """The name of a font without the prefix of a subset, such as ``ABCDEF+``."""
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    if not font or not pdfium_c.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES) > 0:
        return ""
    return buffer.value.decode("utf-8", "replace").rpartition("+")[2]


def _kind(name: str, flags: int) -> FontKind:
    for kind, pattern in _KINDS:
        if pattern.search(name):
            return kind
    if flags & _FIXED_PITCH:
        return "mono"
    return "serif" if flags & _SERIF else ""


def _is_slanted(text: pdfium.PdfTextPage, index: int) -> bool:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFText_GetMatrix(text, index, matrix):
        return False
    area = matrix.a * matrix.d - matrix.b * matrix.c
    # The upright axis of the letters, measured along their baseline.
    along = matrix.a * matrix.c + matrix.b * matrix.d
    return bool(area > 0 and along > _MIN_SLANT * area)


def _colour(owner: pdfium_c.FPDF_PAGEOBJECT) -> str:
    levels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetFillColor(owner, *levels):
        return ""
    red, green, blue = (level.value for level in levels[:3])
    if max(red, green, blue) - min(red, green, blue) < _MIN_CHROMA:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
