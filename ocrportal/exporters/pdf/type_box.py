"""Lines with the box of their type: as high as the print's size, with its base line within.

A detector's box stands at an unknown distance around the ink, and not evenly. So the ink
itself is looked at (ink.py), and what the text says of it: which letters there are tells
how far the ink reaches above and below the base line, and from word to word there is a
gap. Where there is no picture or no ink, length and letters alone have to do: the sum of
the widths of characters is much the same in all fonts for running text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.exporters.pdf.font import is_wide
from ocrportal.exporters.pdf.ink import Ink, InkedStrip
from ocrportal.geometry import Point, Quad, interpolate, quad_height, quad_length
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


@dataclass(frozen=True, slots=True)
class FittedLine:
    """A line with the box of its type, fitted to the ink."""

    text: str
    box: Quad
    edges: Sequence[tuple[float, float]] = ()
    """Where each character of the text starts and ends, as fractions of the box's length;
    empty if the engine gives no characters."""


def fit_to_ink(lines: Sequence[Line], ink: Ink | None) -> list[FittedLine]:
    """The same lines, each with the box of its type, and its characters' places in that."""
    return [_fitted(line, ink.strip(line.box) if ink else None) for line in lines]


@dataclass(frozen=True, slots=True)
class _Type:
    """Where a line's type lies in its old box: shares of its length, and of its height."""

    left: float
    right: float
    base: float
    """From the upper edge down to the base line."""
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
    measured = quad_length(line.box) / sum(_width(char) for char in line.text)
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


def _placed_edges(
    chars: tuple[Char, ...], place: _Type, strip: InkedStrip | None
) -> list[tuple[float, float]]:
    """The edges in the new box, a space between words as wide as its gap in the ink."""
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
    """The edges by character of the text: an entry of the engine may hold several."""
    if all(len(char.text) == 1 for char in chars):
        return edges
    return [edge for char, edge in zip(chars, edges, strict=True) for _ in char.text]


def _width(char: str) -> float:
    return 1.0 if is_wide(char) else _WIDTHS.get(char, _DEFAULT_WIDTH)
