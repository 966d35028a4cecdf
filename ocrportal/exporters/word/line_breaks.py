"""Where Word breaks the lines of a paragraph, estimated from the widths of its characters.

The widths are those of Times New Roman, Arial and Courier New, which the metric-compatible fonts
of LibreOffice share. All Han characters are one em wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from reportlab.pdfbase import pdfmetrics

from ocrportal.layout.blocks import TextRun
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
_WIDER = {"Times": 1.28, "Helvetica": 1.15, "Courier": 1.0}
"""The width of letters in DejaVu, which replaces a missing font, as a multiple of their width."""
_STEPS = (0.0, -0.01, -0.02, -0.03, -0.04)
"""Changes of the distance of characters that are tried, in ems."""


@dataclass(frozen=True, slots=True)
class Word:
    """White space, a word, or a Han character; widths are in ems."""

    han: float
    """The width of its Han characters, which is the same in all fonts."""
    other: float
    wider: float
    """The width of its other characters where the font of the file is missing."""
    length: int
    """The number of its characters."""
    is_space: bool


Words = Sequence[Word]


def words_of(text: str, runs: Sequence[TextRun], *, bold: bool = False) -> Words:
    """The words of a text in the type of most of these runs; ``bold`` if there are none."""
    font = _font_of(runs, bold=bold)
    widths, wider = _widths(font), _WIDER[font.partition("-")[0]]
    words = []
    for piece in _PIECE.findall(text):
        han = float(sum(map(is_han_like, piece)))
        other = sum(widths.get(char) or _DEFAULT_EMS for char in piece if not is_han_like(char))
        words.append(Word(han, other, wider * other, len(piece), piece.isspace()))
    return words


def fitting_spacing(words: Words, printed: int, rooms: tuple[float, float], size: float) -> float:
    """The change of the distance of characters in ems.

    A text that is ``printed`` in some lines has no more of them if a change that is hardly
    visible is enough. Its characters are never set wider: where the font is missing, that of
    LibreOffice may be wider by itself. ``rooms`` are the widths of its first and of its further
    lines, and ``size`` is its type size, all in points.
    """
    first, rest = (width / size for width in rooms)
    fitting = (step for step in _STEPS if line_count(words, (first, rest), step) <= printed)
    return next(fitting, _STEPS[-1])


def ems_in_word(words: Words) -> float:
    """The width of a text in one line, in ems."""
    return sum(word.han + word.other for word in words)


def line_count(
    words: Words, rooms: tuple[float, float], spacing: float, *, is_wider: bool = False
) -> int:
    """The lines of a text; ``rooms`` are the widths of its first and of its further lines.

    ``spacing`` is the change of the distance of characters. All widths are in ems. ``is_wider``:
    in the fonts that replace missing ones.
    """
    count, left = 1, rooms[0]
    for word in words:
        width = word.han + (word.wider if is_wider else word.other) + spacing * word.length
        if width > left and not word.is_space:
            count += 1
            left = rooms[1]
            if width > left:  # a word that no line holds is broken anywhere
                count += int(width / left)
                width %= left
        left -= width
    return count


def _font_of(runs: Sequence[TextRun], *, bold: bool) -> str:
    """The font of most of a text, among those that every PDF reader has."""
    run = max(runs, key=lambda run: len(run.text), default=None)
    if run is None:
        return _SERIF[bold]
    return _FONTS.get(run.type.font, _SERIF)[run.type.bold]


@cache
def _widths(font: str) -> dict[str, float]:
    """The widths of Latin characters in ems."""
    return {char: pdfmetrics.stringWidth(char, font, 1.0) for char in _LATIN}
