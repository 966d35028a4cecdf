"""The type box of each line: its height is the type size, and the baseline is at a fixed share.

The margins of a detector's box around the ink are unknown and uneven. So the ink is measured
(ink.py) and compared with the text: the letters determine how far the ink extends above and below
the baseline, and words are separated by gaps. Without an image or without ink, the type size
follows from the length and the letters, since the sum of the character widths is similar in all
fonts for running text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.exporters.pdf.ink import Ink, InkedStrip
from ocrportal.geometry import Point, Quad, interpolate, quad_height, quad_length
from ocrportal.results import Char, Line
from ocrportal.text import ems_of, is_wide

DESCENT = 0.2
"""Share of a type box that is below the baseline."""
_DESCENDING = frozenset("gjpqy,;()[]{}|/\\@Q_")
_LOW = frozenset("acegmnopqrsuvwxyz.,-:;_~")
"""Characters of x-height at most; all other characters have cap height."""
_DESCENT_OF_LETTERS, _X_HEIGHT, _CAPITAL = -0.21, 0.5, 0.72
_HAN_BOTTOM, _HAN_TOP = -0.14, 0.8
_TYPICAL = 0.75
"""Type size as a share of the height of the box, for texts that are too short to measure."""
_MIN_SIZE, _MAX_SIZE = 0.45, 1.0
"""The limits of that share."""
_TYPICAL_WEIGHT = 3
"""Weight of the typical share, in measured characters."""
_AGREEMENT = 0.7
"""Minimum ratio between the sizes measured on the ink and by the length for the former to count."""


@dataclass(frozen=True, slots=True)
class FittedLine:
    """A line with its type box, fitted to the ink."""

    text: str
    box: Quad
    edges: Sequence[tuple[float, float]] = ()
    """Start and end of each character of the text, as fractions of the length of the box; empty
    if the engine gives no characters."""


def fit_to_ink(lines: Sequence[Line], ink: Ink | None) -> list[FittedLine]:
    """The lines with their type boxes, and the positions of the characters in them."""
    return [_fitted(line, ink.strip(line.box) if ink else None) for line in lines]


@dataclass(frozen=True, slots=True)
class _Type:
    """The extent of the type in the detected box, as fractions of its length and height."""

    left: float
    right: float
    base: float
    """Distance of the baseline from the upper edge."""
    size: float


def _fitted(line: Line, strip: InkedStrip | None) -> FittedLine:
    if not line.text.strip() or quad_height(line.box) < 1:
        return FittedLine(line.text, line.box, _spread(line.chars, _edges(line.chars)))
    place = _measured(line, strip)
    top_left, top_right, bottom_right, bottom_left = line.box

    def corner(along: float, down: float) -> Point:
        upper = interpolate(top_left, top_right, along)
        return interpolate(upper, interpolate(bottom_left, bottom_right, along), down)

    top = place.base - (1 - DESCENT) * place.size
    bottom = place.base + DESCENT * place.size
    box = (
        corner(place.left, top),
        corner(place.right, top),
        corner(place.right, bottom),
        corner(place.left, bottom),
    )
    return FittedLine(line.text, box, _spread(line.chars, _placed_edges(line.chars, place, strip)))


def _measured(line: Line, strip: InkedStrip | None) -> _Type:
    height = quad_height(line.box)
    by_length = _size_by_length(line, height) / height
    bottom, top = _ink_extent(line.text)
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
    """The type size of a line in pixels, estimated by the length of its text."""
    count = len(line.text)
    measured = quad_length(line.box) / ems_of(line.text)
    size = (count * measured + _TYPICAL_WEIGHT * _TYPICAL * height) / (count + _TYPICAL_WEIGHT)
    return min(max(size, _MIN_SIZE * height), _MAX_SIZE * height)


def _ink_extent(text: str) -> tuple[float, float]:
    """The extent of the ink below (negative) and above the baseline, in type sizes."""
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


def _placed_edges(
    chars: tuple[Char, ...], place: _Type, strip: InkedStrip | None
) -> list[tuple[float, float]]:
    """The edges in the type box; a space between words is as wide as the gap in the ink."""
    edges = _edges(chars)
    if not edges:
        return edges
    if strip:
        last = len(chars) - 1
        for index, char in enumerate(chars):
            if not (0 < index < last and char.text.isspace()):
                continue
            if gap := strip.gap_at((char.start + char.end) / 2):
                edges[index] = gap
                edges[index - 1] = min(edges[index - 1][0], gap[0]), gap[0]
                edges[index + 1] = gap[1], max(edges[index + 1][1], gap[1])
    left, length = place.left, (place.right - place.left) or 1.0
    if left or length != 1.0:
        edges = [
            (min(max((start - left) / length, 0.0), 1.0), min(max((end - left) / length, 0.0), 1.0))
            for start, end in edges
        ]
    edges[0] = 0.0, edges[0][1]
    edges[-1] = edges[-1][0], 1.0
    return edges


def _edges(chars: tuple[Char, ...]) -> list[tuple[float, float]]:
    return [(char.start, char.end) for char in chars]


def _spread(chars: tuple[Char, ...], edges: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The edges per character of the text, since an entry of the engine may have several."""
    if all(len(char.text) == 1 for char in chars):
        return edges
    return [edge for char, edge in zip(chars, edges, strict=True) for _ in char.text]
