"""The style of a printed table: widths of columns, heights of rows, and how cells are aligned."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

from ocrportal.geometry import Quad, Rect, RectIndex, group_rows
from ocrportal.layout.blocks import Alignment, TableBlock, TextLine
from ocrportal.layout.fragments import Fragment, Rows
from ocrportal.layout.type_runs import known_size
from ocrportal.layout.typography import type_size
from ocrportal.results import OWN_TEXT, Cell, PageResult

# Lengths are in ems of the table's type.
_SAME_EDGE = 0.6
"""Texts whose edges differ by less are aligned with each other."""
_MIDDLE = 0.5
"""A text is centered if the white at both sides differs by less than this …"""
_MIDDLE_SHARE = 0.15
"""… or by less than this share of the white."""
_MIN_DIFFERENCE = 0.4
"""Texts whose widths differ by less show nothing about their alignment."""
_FULL = 1.0
"""A text that leaves less white in its cell fills it."""
_SAME_SIZE = 0.6
"""Share by which measured type sizes of a table differ that are the same size."""
_MIN_SIDE = 1.0
"""Pixels of the narrowest column and of the lowest row."""

_Gaps = tuple[float, float]
"""The white at the left and at the right of a printed row of a cell."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How the text of a cell is printed; lengths are in pixels, 0 if they are not known."""

    alignment: Alignment = "left"
    indent: float = 0.0
    """White between the text and the side it is aligned with."""
    vertical: Literal["top", "centre", "bottom"] = "centre"
    size: float = 0.0
    line_pitch: float = 0.0
    lines: tuple[TextLine, ...] = ()
    """The printed lines of the cell from the top."""


@dataclass(frozen=True, slots=True)
class TableStyle:
    """Lengths are in pixels of the upright page."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    """0 for rows without a position, which are on a later page."""
    cells: tuple[CellStyle, ...]
    """In the order of the cells of the table."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """The printed rows of one cell, and the white around them."""

    box: Rect
    rows: list[list[tuple[Rect, int, str]]]
    """The rectangle, the index and the text of each recognised line."""

    @property
    def gaps(self) -> list[_Gaps]:
        return [
            (row[0][0].left - self.box.left, self.box.right - row[-1][0].right) for row in self.rows
        ]


def table_style(block: TableBlock, upright: PageResult) -> TableStyle | None:
    """The style of a table on the page where it begins; None if its cells have no positions."""
    table = block.table
    level = _levelling(upright.skew)
    boxes = [cell.box and level(cell.box) for cell in table.cells]
    placed = [(cell, box) for cell, box in zip(table.cells, boxes, strict=True) if box]
    widths = _sides(
        table.columns,
        ((c.column, c.column_span, box.left, box.right) for c, box in placed),
    )
    if not all(width >= _MIN_SIDE for width in widths):
        return None
    heights = _sides(table.rows, ((c.row, c.row_span, box.top, box.bottom) for c, box in placed))
    printed = _printed_cells(block, boxes, upright, level)
    em, sizes = _sizes(printed, upright)
    heads = table.head_rows
    columns = _columns(table.cells, printed, heads, em)
    cells = tuple(
        _cell_style(cell, found, columns, size, em, is_head=cell.row < heads)
        for cell, found, size in zip(table.cells, printed, sizes, strict=True)
    )
    return TableStyle(tuple(widths), tuple(heights), cells)


def _levelling(skew: float) -> Callable[[Quad], Rect]:
    """The rectangle around a quad after the page has been deskewed."""
    if not skew:
        return Rect.around
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    return lambda quad: Rect.around((x * cos - y * sin, x * sin + y * cos) for x, y in quad)


def _sides(count: int, spans: Iterable[tuple[int, int, float, float]]) -> list[float]:
    """The lengths between the edges of columns or rows; 0 where an edge is not known.

    Each of ``spans`` is a cell: its first column, the number of columns, and both edges.
    """
    found: list[list[float]] = [[] for _edge in range(count + 1)]
    for first, number, start, end in spans:
        found[first].append(start)
        found[first + number].append(end)
    edges = [median(places) if places else math.nan for places in found]
    return [
        max(0.0, after - before) if after == after and before == before else 0.0
        for before, after in pairwise(edges)
    ]


def _printed_cells(
    block: TableBlock,
    boxes: Sequence[Rect | None],
    upright: PageResult,
    level: Callable[[Quad], Rect],
) -> list[_Printed | None]:
    places = [place for place, box in enumerate(boxes) if box]
    index = RectIndex(box for box in boxes if box)
    inside: dict[int, list[tuple[Rect, int, str]]] = {}
    for line in block.lines:
        for piece, number in zip(line.pieces, line.indices, strict=True):
            rect = level(upright.lines[number].box)
            cells = index.at(rect.center)
            if cells:
                inside.setdefault(places[cells[0]], []).append((rect, number, piece))
    return [
        _Printed(box, group_rows(inside[place], lambda found: found[0]))
        if box and place in inside
        else None
        for place, box in enumerate(boxes)
    ]


def _sizes(printed: Sequence[_Printed | None], upright: PageResult) -> tuple[float, list[float]]:
    """The type size of the table, and that of each cell; 0 for cells without printed lines."""
    by_cell: list[Rows] = [
        [
            (Fragment(number, piece.strip(), rect, known_size(upright.lines[number])),)
            for row in cell.rows
            for rect, number, piece in row
            if piece.strip()
        ]
        if cell
        else []
        for cell in printed
    ]
    everything = [row for rows in by_cell for row in rows]
    if not everything:
        return 1.0, [0.0] * len(by_cell)
    em = type_size(everything)
    sizes = []
    for rows in by_cell:
        size = type_size(rows) if rows else 0.0
        if upright.engine != OWN_TEXT and abs(size / em - 1) < _SAME_SIZE and size:
            size = em
        sizes.append(size)
    return em, sizes


@dataclass(frozen=True, slots=True)
class _Column:
    """The alignment of most cells of a column, and the white at their sides."""

    alignment: Alignment
    gaps: _Gaps

    def fits(self, gaps: Iterable[_Gaps], em: float) -> bool:
        return all(
            abs(_offset(self.alignment, row) - _offset(self.alignment, self.gaps)) < _SAME_EDGE * em
            for row in gaps
        )


def _columns(
    cells: Sequence[Cell], printed: Sequence[_Printed | None], heads: int, em: float
) -> dict[int, _Column]:
    """The columns that have printed text below the head."""
    gaps: dict[int, list[_Gaps]] = {}
    for cell, found in zip(cells, printed, strict=True):
        if found and cell.column_span == 1 and cell.row >= heads:
            gaps.setdefault(cell.column, []).extend(found.gaps)
    return {column: _column(rows, em) for column, rows in gaps.items()}


def _column(gaps: Sequence[_Gaps], em: float) -> _Column:
    middle = median(left for left, _ in gaps), median(right for _, right in gaps)
    return _Column(_common_alignment(gaps, em), middle)


def _common_alignment(gaps: Sequence[_Gaps], em: float) -> Alignment:
    """The alignment of rows of text below each other: where their places differ least."""
    totals = [left + right for left, right in gaps]
    if max(totals) - min(totals) < _MIN_DIFFERENCE * em:
        return _own_alignment(
            median(left for left, _ in gaps), median(right for _, right in gaps), em
        )
    alignments: tuple[Alignment, ...] = ("left", "right", "centre")
    return min(alignments, key=lambda alignment: _spread(alignment, gaps))


def _spread(alignment: Alignment, gaps: Sequence[_Gaps]) -> float:
    places = [_offset(alignment, row) for row in gaps]
    middle = median(places)
    return fmean(abs(place - middle) for place in places)


def _offset(alignment: Alignment, gaps: _Gaps) -> float:
    left, right = gaps
    if alignment == "centre":
        return (left - right) / 2
    return right if alignment == "right" else left


def _own_alignment(left: float, right: float, em: float) -> Alignment:
    """The alignment of a text by the white at both of its sides."""
    if left + right < _FULL * em:
        return "left"
    if abs(left - right) < max(_MIDDLE * em, _MIDDLE_SHARE * (left + right)):
        return "centre"
    return "left" if left < right else "right"


def _cell_style(
    cell: Cell,
    printed: _Printed | None,
    columns: dict[int, _Column],
    size: float,
    em: float,
    *,
    is_head: bool,
) -> CellStyle:
    column = columns.get(cell.column) if cell.column_span == 1 else None
    if printed is None:
        if column is None:
            return CellStyle()
        indent = max(0.0, _offset(column.alignment, column.gaps))
        return CellStyle(column.alignment, 0.0 if column.alignment == "centre" else indent, size=em)
    gaps = printed.gaps
    if column and column.fits(gaps, em):
        alignment, place = column.alignment, column.gaps
    else:
        place = min(left for left, _ in gaps), min(right for _, right in gaps)
        alignment = _common_alignment(gaps, em) if len(gaps) > 1 else _own_alignment(*place, em)
        if column and not is_head and alignment == "centre" and column.alignment == "left":
            alignment = "left"  # a long indented text
    middles = [median(rect.center_y for rect, _, _ in row) for row in printed.rows]
    pitches = [below - above for above, below in pairwise(middles)]
    return CellStyle(
        alignment,
        0.0 if alignment == "centre" else max(0.0, _offset(alignment, place)),
        _vertical(printed, em),
        size,
        median(pitches) if pitches else 0.0,
        tuple(
            TextLine(tuple(piece for _, _, piece in row), tuple(number for _, number, _ in row))
            for row in printed.rows
        ),
    )


def _vertical(printed: _Printed, em: float) -> Literal["top", "centre", "bottom"]:
    rects = [rect for row in printed.rows for rect, _, _ in row]
    above = min(rect.top for rect in rects) - printed.box.top
    below = printed.box.bottom - max(rect.bottom for rect in rects)
    if abs(above - below) < max(_MIDDLE * em, _MIDDLE_SHARE * (above + below)):
        return "centre"
    return "top" if above < below else "bottom"
