"""Where Word breaks the lines of a paragraph, estimated from the widths of its characters.

The widths are those of Times New Roman, Arial and Courier New, which the metric-compatible fonts
of LibreOffice share. All Han characters are one em wide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportlab.pdfbase import pdfmetrics

from ocrportal.layout.blocks import Paragraph
from ocrportal.text import is_han_like

_FONTS = {
    "sans": ("Helvetica", "Helvetica-Bold"),
    "mono": ("Courier", "Courier-Bold"),
}
_SERIF = ("Times-Roman", "Times-Bold")
_DEFAULT_EMS = 0.55
"""Width of a character that is neither Latin nor Han."""
_LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) + "–—‘’“”•…"
_PIECE = re.compile(r"\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")
"""White space, a word, or a Han character."""
_STEPS = (0.0, -0.01, -0.02, -0.03, -0.04)
"""Changes of the distance of characters that are tried, in ems."""


def fitting_spacing(
    paragraph: Paragraph, first: float, rest: float, size: float
) -> tuple[float, int]:
    """The change of the distance of characters in ems, and the number of lines with it.

    The paragraph has no more lines than it is printed in if a change that is hardly visible is
    enough. Its characters are never set wider: where the font is missing, that of LibreOffice may
    be wider by itself. ``first`` and ``rest`` are the widths of its first and of its further
    lines, and ``size`` is its type size, all in points.
    """
    printed = len(paragraph.lines)
    pieces = list(_pieces(paragraph))
    room = first / size, rest / size
    step, count = 0.0, printed
    for step in _STEPS:
        count = _line_count(pieces, room, step)
        if count <= printed:
            break
    return step, max(count, printed)


def ems_in_word(paragraph: Paragraph) -> float:
    """The width of the text of a paragraph in one line, in ems."""
    return sum(ems for ems, _length, _is_space in _pieces(paragraph))


def _line_count(pieces: list[tuple[float, int, bool]], room: tuple[float, float], by: float) -> int:
    """The lines of some pieces, given as widths, numbers of characters, and whether white."""
    count, left = 1, room[0]
    for ems, length, is_space in pieces:
        width = ems + by * length
        if width > left and not is_space:
            count += 1
            left = room[1]
        left -= width
    return count


def _pieces(paragraph: Paragraph) -> Iterator[tuple[float, int, bool]]:
    widths = _widths(_font_of(paragraph))
    for piece in _PIECE.findall(paragraph.text):
        ems = sum(widths.get(char) or _other_width(char) for char in piece)
        yield ems, len(piece), piece.isspace()


def _font_of(paragraph: Paragraph) -> str:
    """The font of most of a paragraph, among those that every PDF reader has."""
    run = max(paragraph.runs, key=lambda run: len(run.text), default=None)
    if run is None:
        return _SERIF[paragraph.kind == "heading"]
    return _FONTS.get(run.type.font, _SERIF)[run.type.bold]


@cache
def _widths(font: str) -> dict[str, float]:
    """The widths of Latin characters in ems."""
    return {char: pdfmetrics.stringWidth(char, font, 1.0) for char in _LATIN}


@cache
def _other_width(char: str) -> float:
    return 1.0 if is_han_like(char) else _DEFAULT_EMS
