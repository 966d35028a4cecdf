"""Lines with the box of their type: as high as the print's size, with its base line within.

A detector's box stands at an unknown distance around the ink, and not evenly. So the ink
itself is looked at (ink.py), and what the text says of it: which letters there are tells
how far the ink reaches above and below the base line, and from word to word there is a
gap. Where there is no picture or no ink, length and letters alone have to do: the sum of
the widths of characters is much the same in all fonts for running text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocrportal.exporters.pdf.font import is_wide
from ocrportal.exporters.pdf.ink import Ink, InkedStrip
from ocrportal.geometry import Point
from ocrportal.results import Char, Line

DESCENT = 0.2
"""Share of a type's box that lies below the base line."""
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|!·", 0.27),
    **dict.fromkeys('ftr()[]{}/\\-"` ', 0.33),
    **dict.fromkeys("mwMW@%—…", 0.83),
    **dict.fromkeys("ABCDEGHKNOPQRSTUVXYZ&", 0.67),
}
"""Widths of narrow and broad characters, in ems."""
_DEFAULT_WIDTH = 0.52
_DESCENDING = frozenset("gjpqy,;()[]{}|/\\@Q_")
_LOW = frozenset("acegmnopqrsuvwxyz.,-:;_~")
"""Characters that rise no higher than an x; all others rise as high as a capital."""
_DESCENT_OF_LETTERS, _X_HEIGHT, _CAPITAL = -0.21, 0.5, 0.72
_HAN_BOTTOM, _HAN_TOP = -0.14, 0.8
_TYPICAL = 0.75
"""Size of print as a share of the height of its box, where its length says little."""
_MIN_SIZE, _MAX_SIZE = 0.45, 1.0
"""The limits of that share."""
_DOUBT = 3
"""Characters that the typical share is worth, against those that are measured."""
_AGREEMENT = 0.7
"""What is measured on ink counts if it is no further from what the length says."""


def fit_to_ink(lines: Sequence[Line], ink: Ink | None) -> list[Line]:
    """The same lines, each with the box of its type, and its characters' places in that."""
    return [_set(line, ink.strip(line.box) if ink else None) for line in lines]


@dataclass(frozen=True, slots=True)
class _Type:
    """Where a line's type lies in its old box: shares of its length, and of its height."""

    left: float
    right: float
    base: float
    """From the upper edge down to the base line."""
    size: float


def _set(line: Line, strip: InkedStrip | None) -> Line:
    if not line.text.strip() or math.dist(line.box[0], line.box[3]) < 1:
        return line
    place = _measured(line, strip)
    top_left, top_right, bottom_right, bottom_left = line.box

    def corner(along: float, down: float) -> Point:
        upper = _between(top_left, top_right, along)
        return _between(upper, _between(bottom_left, bottom_right, along), down)

    top = place.base - (1 - DESCENT) * place.size
    bottom = place.base + DESCENT * place.size
    box = (
        corner(place.left, top),
        corner(place.right, top),
        corner(place.right, bottom),
        corner(place.left, bottom),
    )
    return replace(line, box=box, chars=_placed_chars(line.chars, place, strip))


def _measured(line: Line, strip: InkedStrip | None) -> _Type:
    height = math.dist(line.box[0], line.box[3])
    by_length = _size_by_length(line, height) / height
    bottom, top = _reach(line.text)
    if strip is None:
        middle, size = 0.5, by_length
    else:
        middle, size = (strip.top + strip.bottom) / 2, (strip.bottom - strip.top) / (top - bottom)
        if not _AGREEMENT <= size / by_length <= 1 / _AGREEMENT:
            size = by_length
    base = middle + (top + bottom) / 2 * size
    left, right = (strip.left, strip.right) if strip else (0.0, 1.0)
    return _Type(left, right, base, size)


def _size_by_length(line: Line, height: float) -> float:
    """The size of the print in a line, in pixels, judged by how long its text is."""
    count = len(line.text)
    measured = math.dist(line.box[0], line.box[1]) / sum(_width(char) for char in line.text)
    size = (count * measured + _DOUBT * _TYPICAL * height) / (count + _DOUBT)
    return min(max(size, _MIN_SIZE * height), _MAX_SIZE * height)


def _reach(text: str) -> tuple[float, float]:
    """How far a text's ink reaches below (negative) and above the base line, in sizes."""
    bottom, top = 0.0, _X_HEIGHT
    for char in text:
        if is_wide(char):
            bottom, top = min(bottom, _HAN_BOTTOM), _HAN_TOP
        elif not char.isspace():
            if char in _DESCENDING:
                bottom = _DESCENT_OF_LETTERS
            if char not in _LOW:
                top = max(top, _CAPITAL)
    return bottom, top


def _placed_chars(
    chars: tuple[Char, ...], place: _Type, strip: InkedStrip | None
) -> tuple[Char, ...]:
    """The characters in the new box, a blank between words as wide as its gap in the ink."""
    edges = [(char.start, char.end) for char in chars]
    if strip:
        for index, char in enumerate(chars):
            gap = strip.gap_at((char.start + char.end) / 2) if char.text.isspace() else None
            if gap and 0 < index < len(chars) - 1:
                edges[index] = gap
                edges[index - 1] = min(edges[index - 1][0], gap[0]), gap[0]
                edges[index + 1] = gap[1], max(edges[index + 1][1], gap[1])
    length = (place.right - place.left) or 1.0
    placed = [
        Char(
            char.text,
            min(max((start - place.left) / length, 0.0), 1.0),
            min(max((end - place.left) / length, 0.0), 1.0),
            char.confidence,
        )
        for char, (start, end) in zip(chars, edges, strict=True)
    ]
    if placed:
        placed[0] = replace(placed[0], start=0.0)
        placed[-1] = replace(placed[-1], end=1.0)
    return tuple(placed)


def _width(char: str) -> float:
    return 1.0 if is_wide(char) else _WIDTHS.get(char, _DEFAULT_WIDTH)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
