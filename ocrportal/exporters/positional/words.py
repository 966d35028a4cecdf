"""Printed lines as words with their boxes, in whole pixels of the upright page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ocrportal.geometry import Quad
from ocrportal.layout.blocks import TextLine
from ocrportal.results import Char, Line, PageResult
from ocrportal.text import is_han_like


@dataclass(frozen=True, slots=True)
class Place:
    """A level rectangle."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Characters without a blank between them; Chinese is not cut into words."""

    text: str
    place: Place
    confidence: float
    """0 to 1."""
    blank: bool
    """Whether a blank belongs behind it, before the next word of the row."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One printed row; it has at least one word."""

    words: tuple[PlacedWord, ...]

    @property
    def place(self) -> Place:
        return around(word.place for word in self.words)


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """Rows that belong together; it has at least one."""

    rows: tuple[PlacedRow, ...]

    @property
    def place(self) -> Place:
        return around(row.place for row in self.rows)


def placed_paragraph(upright: PageResult, lines: tuple[TextLine, ...]) -> PlacedParagraph:
    """Printed lines of the upright page, at least one, as a paragraph."""
    return PlacedParagraph(tuple(_row(upright, row) for row in lines))


def placed_line(upright: PageResult, line: Line) -> PlacedRow:
    """A line of the upright page, which is not blank, as a row of its own."""
    found = list(_words(line))
    return PlacedRow(
        tuple(
            PlacedWord(text, place_of(box, upright), _share(confidence), number < len(found))
            for number, (text, box, confidence) in enumerate(found, 1)
        )
    )


def around(places: Iterable[Place]) -> Place:
    """The rectangle around some; there is at least one."""
    some = list(places)
    return Place(
        min(place.left for place in some),
        min(place.top for place in some),
        max(place.right for place in some),
        max(place.bottom for place in some),
    )


def _row(upright: PageResult, row: TextLine) -> PlacedRow:
    words = []
    for piece, index in zip(row.pieces, row.indices, strict=True):
        found = list(_words(upright.lines[index]))
        for number, (text, box, confidence) in enumerate(found, 1):
            blank = number < len(found) or piece[-1:].isspace()
            words.append(PlacedWord(text, place_of(box, upright), _share(confidence), blank))
    return PlacedRow(tuple(words))


def _words(line: Line) -> Iterator[tuple[str, Quad, float]]:
    """The words of a line that is not blank, with corners and confidence."""
    for is_blank, group in groupby(line.chars or _guessed(line), lambda c: c.text.isspace()):
        if not is_blank:
            chars = list(group)
            first, last = line.char_box(chars[0]), line.char_box(chars[-1])
            confidence = sum(char.confidence for char in chars) / len(chars)
            yield "".join(c.text for c in chars), (first[0], last[1], last[2], first[3]), confidence


def _guessed(line: Line) -> list[Char]:
    """The characters of a line that tells no places: Han as wide as two Latin letters."""
    widths = [2 if is_han_like(char) else 1 for char in line.text]
    whole, start, chars = sum(widths), 0, []
    for char, width in zip(line.text, widths, strict=True):
        end = start + width
        chars.append(Char(char, start / whole, end / whole, line.confidence))
        start = end
    return chars


def place_of(box: Quad, page: PageResult) -> Place:
    """The rectangle around a box within the page, at least a pixel wide and high."""
    across, down = [x for x, _ in box], [y for _, y in box]
    left = min(max(math.floor(min(across)), 0), page.width - 1)
    top = min(max(math.floor(min(down)), 0), page.height - 1)
    return Place(
        left,
        top,
        max(min(math.ceil(max(across)), page.width), left + 1),
        max(min(math.ceil(max(down)), page.height), top + 1),
    )


def _share(confidence: float) -> float:
    return min(max(confidence, 0.0), 1.0)
