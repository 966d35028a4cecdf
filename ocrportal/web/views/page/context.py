"""A result as the page screen draws it: outlines over the picture, pieces of text.

The outline of a line has the line's place in ``PageResult.lines`` as its key; those of
fields and cells are made by :func:`field_key` and :func:`cell_key`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest

from ocrportal.geometry import Quad
from ocrportal.jobs.models import Page
from ocrportal.layout.blocks import Formula, Paragraph
from ocrportal.layout.blocks import TextLine as PrintedLine
from ocrportal.results import Char, Line, PageResult
from ocrportal.text import glue

DOUBTFUL_BELOW = 0.8
"""Characters the engine is less sure of than this (0 to 1) are marked."""

_UPRIGHT = {
    0: "matrix(1 0 0 1 0 0)",
    90: "matrix(0 1 -1 0 {height} 0)",
    180: "matrix(-1 0 0 -1 {width} {height})",
    270: "matrix(0 -1 1 0 0 {width})",
}
"""SVG transforms by degrees clockwise, the same turns as geometry.turn_point."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The place of something recognised on the picture."""

    key: str
    """By which the text that belongs to it is found."""
    points: str
    """The corners as SVG's ``points``, in pixels of the stored picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the SVG needs: sizes in pixels, of the stored picture and as seen upright."""

    width: int
    height: int
    upright_width: int
    upright_height: int
    transform: str
    outlines: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters in a row that are all doubtful, or all not."""

    text: str
    percent: int | None
    """How sure the engine is of the least sure of them; None unless doubtful."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed row on the screen."""

    indices: tuple[int, ...]
    """The outlines that belong to it."""
    pieces: tuple[Piece, ...]
    ends_with: str
    """What follows it where rows are joined: a blank or nothing."""


def picture_of(page: Page) -> Picture:
    """The page's picture with the outlines of what was read on it so far."""
    result = page.result.page_result if page.result else None
    rotation = result.rotation if result else 0
    width, height = page.width, page.height
    upright = (height, width) if rotation in (90, 270) else (width, height)
    return Picture(
        width=width,
        height=height,
        upright_width=upright[0],
        upright_height=upright[1],
        transform=_UPRIGHT[rotation].format(width=width, height=height),
        outlines=tuple(_outlines(result)) if result else (),
    )


def text_of(result: PageResult, paragraphs: Iterable[Paragraph | Formula]) -> list[list[TextLine]]:
    """Paragraphs of a page, each as its rows; one of which no place is known is one row."""
    return [
        list(_text_lines(result, paragraph.lines if isinstance(paragraph, Paragraph) else ()))
        or [TextLine(indices=(), pieces=(Piece(paragraph.text, None),), ends_with="")]
        for paragraph in paragraphs
    ]


def field_key(place: int) -> str:
    """The outline of the field in this place of ``PageResult.fields``."""
    return f"field-{place}"


def cell_key(table: int, cell: int) -> str:
    """The outline of a cell, by the places of its table and of itself in that."""
    return f"cell-{table}-{cell}"


def _outlines(result: PageResult) -> Iterator[Outline]:
    """Lines first: over them lie the fields and cells in which they stand."""
    for index, line in enumerate(result.lines):
        yield Outline(str(index), _points(line.box))
    for number, table in enumerate(result.tables):
        for index, cell in enumerate(table.cells):
            if cell.box:
                yield Outline(cell_key(number, index), _points(cell.box))
    for index, entry in enumerate(result.fields):
        if entry.box:
            yield Outline(field_key(index), _points(entry.box))


def _points(box: Quad) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in box)


def _text_lines(result: PageResult, rows: tuple[PrintedLine, ...]) -> Iterator[TextLine]:
    for row, following in zip_longest(rows, rows[1:]):
        ending = glue(row.text, following.text) if following else ""
        yield TextLine(indices=row.indices, pieces=tuple(_pieces(result, row)), ends_with=ending)


def _pieces(result: PageResult, row: PrintedLine) -> Iterator[Piece]:
    """The row's text, cut where doubt begins and ends.

    Where the layout put a blank between two fragments it is in ``row.text`` alone.
    """
    position = 0
    for index in row.indices:
        line = result.lines[index]
        start = row.text.index(line.text.strip(), position)
        if start > position:
            yield Piece(row.text[position:start], None)
        yield from _line_pieces(line)
        position = start + len(line.text.strip())


def _line_pieces(line: Line) -> Iterator[Piece]:
    if not line.chars:
        doubtful = line.confidence < DOUBTFUL_BELOW
        yield Piece(line.text.strip(), round(line.confidence * 100) if doubtful else None)
        return
    for doubtful, group in groupby(line.chars, key=_is_doubtful):
        chars = list(group)
        least = min(char.confidence for char in chars)
        text = "".join(char.text for char in chars)
        yield Piece(text, round(least * 100) if doubtful else None)


def _is_doubtful(char: Char) -> bool:
    # A doubtful blank is nothing that one could see and correct.
    return char.confidence < DOUBTFUL_BELOW and not char.text.isspace()
