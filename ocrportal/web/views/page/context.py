"""A result as the page screen draws it: outlines over the image, and pieces of text.

The keys of outlines are those of :mod:`ocrportal.jobs.result_places`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from ocrportal.geometry import Quad
from ocrportal.jobs.doubts import DOUBTFUL_BELOW
from ocrportal.jobs.models import Page
from ocrportal.jobs.result_places import area_key, cell_key, field_key, line_key
from ocrportal.layout.blocks import Figure, Formula, Paragraph
from ocrportal.layout.blocks import TextLine as PrintedLine
from ocrportal.results import Cell, Char, Line, PageResult
from ocrportal.text import glue

_UPRIGHT = {
    0: "matrix(1 0 0 1 0 0)",
    90: "matrix(0 1 -1 0 {height} 0)",
    180: "matrix(-1 0 0 -1 {width} {height})",
    270: "matrix(0 -1 1 0 0 {width})",
}
"""SVG transforms by degrees clockwise, the same rotations as geometry.turn_point."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a recognised line, field or cell on the image."""

    key: str
    """Identifies the text that belongs to it."""
    points: str
    """The corners as SVG's ``points``, in pixels of the stored image."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The image and its outlines. Sizes in pixels, of the stored image and of the upright one."""

    width: int
    height: int
    upright_width: int
    upright_height: int
    transform: str
    outlines: tuple[Outline, ...]
    unread: tuple[Outline, ...]
    """The areas that were not read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive characters, all of low confidence or none."""

    text: str
    percent: int | None
    """The lowest confidence in percent; None unless it is low."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed row on the screen."""

    indices: tuple[int, ...]
    """Indices of its outlines."""
    pieces: tuple[Piece, ...]
    ends_with: str
    """The text between it and the next row when rows are joined: a space or nothing."""


def picture_of(page: Page, result: PageResult | None) -> Picture:
    """The page's image with the outlines of its result, if any."""
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
        unread=tuple(_unread(result)) if result else (),
    )


def rows_of(result: PageResult, block: Paragraph | Formula | Figure) -> list[TextLine]:
    """The text of a block as its rows; text without a position is one row."""
    rows = () if isinstance(block, Formula) else block.lines
    if block.text and not rows:
        return [TextLine(indices=(), pieces=(Piece(block.text, None),), ends_with="")]
    return list(_text_lines(result, rows))


def cell_pieces(cell: Cell, lines: Sequence[Line]) -> list[Piece]:
    """The text of a cell, divided where low confidence begins and ends.

    ``lines`` are the recognised lines in it, in reading order. A cell whose text is not that of its
    lines is doubtful as a whole or not at all.
    """
    if lines:
        try:
            return list(_pieces(cell.text, lines))
        except ValueError:
            pass
    doubtful = cell.confidence is not None and cell.confidence < DOUBTFUL_BELOW
    return [Piece(cell.text, round(100 * (cell.confidence or 0)) if doubtful else None)]


def _outlines(result: PageResult) -> Iterator[Outline]:
    """Lines first, so that the fields and cells that contain them are drawn over them."""
    for index, line in enumerate(result.lines):
        yield Outline(line_key(index), _points(line.box))
    for number, table in enumerate(result.tables):
        for index, cell in enumerate(table.cells):
            if cell.box:
                yield Outline(cell_key(number, index), _points(cell.box))
    for index, entry in enumerate(result.fields):
        if entry.box:
            yield Outline(field_key(index), _points(entry.box))


def _unread(result: PageResult) -> Iterator[Outline]:
    for index, area in enumerate(result.blocks):
        if area.is_unread and area.box:
            yield Outline(area_key(index), _points(area.box))


def _points(box: Quad) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in box)


def _text_lines(result: PageResult, rows: tuple[PrintedLine, ...]) -> Iterator[TextLine]:
    for row, following in zip_longest(rows, rows[1:]):
        ending = glue(row.text, following.text) if following else ""
        pieces = tuple(_pieces(row.text, [result.lines[index] for index in row.indices]))
        yield TextLine(indices=row.indices, pieces=pieces, ends_with=ending)


def _pieces(text: str, lines: Iterable[Line]) -> Iterator[Piece]:
    """A text that consists of lines, divided where low confidence begins and ends.

    A space that the layout inserted between two lines is only in ``text``. Raises ValueError if
    the text has anything else than the lines one after the other.
    """
    position = 0
    for line in lines:
        start = text.index(line.text.strip(), position)
        yield from _space(text[position:start])
        yield from _line_pieces(line)
        position = start + len(line.text.strip())
    yield from _space(text[position:])


def _space(text: str) -> Iterator[Piece]:
    if text.strip():
        raise ValueError(text)
    if text:
        yield Piece(text, None)


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
    # A space of low confidence is invisible and cannot be corrected.
    return char.confidence < DOUBTFUL_BELOW and not char.text.isspace()
