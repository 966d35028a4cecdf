"""Printed lines as words with their bounds, in whole pixels of the upright page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ocrportal.geometry import Quad, Rect
from ocrportal.layout.blocks import TextLine
from ocrportal.results import Char, Line, PageResult
from ocrportal.text import is_han_like


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Characters without a space between them; Chinese is not split into words."""

    text: str
    rect: Rect
    confidence: float
    """0 to 1."""
    space_after: bool
    """Whether a space separates it from the next word of the line."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A printed line of at least one word."""

    words: tuple[PlacedWord, ...]

    @property
    def rect(self) -> Rect:
        return Rect.union(word.rect for word in self.words)


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """At least one printed line."""

    lines: tuple[PlacedLine, ...]

    @property
    def rect(self) -> Rect:
        return Rect.union(line.rect for line in self.lines)


def placed_paragraph(upright: PageResult, lines: tuple[TextLine, ...]) -> PlacedParagraph:
    """At least one printed line of the upright page as a paragraph."""
    return PlacedParagraph(tuple(_printed_line(upright, line) for line in lines))


def placed_line(upright: PageResult, line: Line) -> PlacedLine:
    """A recognised line of the upright page, which has text, as a printed line."""
    return PlacedLine(tuple(_words(upright, line, space_after=False)))


def pixel_rect(box: Quad, page: PageResult) -> Rect:
    """The bounds of a box within the page in whole pixels, at least one pixel wide and high."""
    bounds = Rect.around(box)
    left = min(max(math.floor(bounds.left), 0), page.width - 1)
    top = min(max(math.floor(bounds.top), 0), page.height - 1)
    right = max(min(math.ceil(bounds.right), page.width), left + 1)
    bottom = max(min(math.ceil(bounds.bottom), page.height), top + 1)
    return Rect(left, top, right, bottom)


def _printed_line(upright: PageResult, line: TextLine) -> PlacedLine:
    return PlacedLine(
        tuple(
            word
            for piece, index in zip(line.pieces, line.indices, strict=True)
            for word in _words(upright, upright.lines[index], space_after=piece[-1:].isspace())
        )
    )


def _words(upright: PageResult, line: Line, *, space_after: bool) -> Iterator[PlacedWord]:
    """The words of a line that has text; ``space_after`` is that of the last one."""
    groups = groupby(line.chars or _estimated_chars(line), lambda char: char.text.isspace())
    words = [list(chars) for is_space, chars in groups if not is_space]
    for number, chars in enumerate(words, 1):
        first, last = line.char_box(chars[0]), line.char_box(chars[-1])
        confidence = sum(char.confidence for char in chars) / len(chars)
        yield PlacedWord(
            "".join(char.text for char in chars),
            pixel_rect((first[0], last[1], last[2], first[3]), upright),
            min(max(confidence, 0.0), 1.0),
            number < len(words) or space_after,
        )


def _estimated_chars(line: Line) -> list[Char]:
    """Characters of a line without character boxes: Han is as wide as two Latin letters."""
    widths = [2 if is_han_like(char) else 1 for char in line.text]
    total, start, chars = sum(widths), 0, []
    for char, width in zip(line.text, widths, strict=True):
        end = start + width
        chars.append(Char(char, start / total, end / total, line.confidence))
        start = end
    return chars
