"""Rows of a table that are broken by a page end: their cells continue on the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocrportal.layout.columns import SENTENCE_END
from ocrportal.results import Cell, Table
from ocrportal.text import join_lines

MIN_LABELLED = 0.8
"""Share of the rows that have text in the first column, if rows begin with a label or number."""

MIN_ROWS = 3
"""Rows with such a label."""


def continues_row(above: Table, part: Table) -> bool:
    """Whether the first row of ``part`` is the rest of the last row of ``above``.

    The first cell of the rest is empty, unlike those of other rows, and its texts continue
    texts: numbers and the names of groups never do.
    """
    rows, rows_below = above.texts(), part.texts()
    last, rest = rows[-1], rows_below[0]
    labels = [row[0] for row in (*rows, *rows_below[1:])]
    filled = [column for column, text in enumerate(rest) if text]
    return (
        not rest[0]
        and bool(last[0])
        and bool(filled)
        and len(filled) < len(rest) - 1
        and sum(map(bool, labels)) >= max(MIN_ROWS, MIN_LABELLED * len(labels))
        and all(_is_continued(last[column], rest[column]) for column in filled)
        and not any(_is_merged(cell) for cell in (*_row(above, above.rows - 1), *_row(part, 0)))
    )


def join_row(above: Table, part: Table) -> tuple[Table, Table]:
    """``above`` with its last row completed, and ``part`` without its first one."""
    rest = {cell.column: cell for cell in _row(part, 0)}
    cells = tuple(
        _joined(cell, rest[cell.column])
        if cell.row == above.rows - 1 and cell.column in rest
        else cell
        for cell in above.cells
    )
    below = tuple(replace(cell, row=cell.row - 1) for cell in part.cells if cell.row)
    edges = part.ruled_edges and tuple(edge - 1 for edge in part.ruled_edges if edge > 0)
    rest_of_part = replace(part, rows=part.rows - 1, cells=below, ruled_edges=edges)
    return replace(above, cells=cells), rest_of_part


def _joined(cell: Cell, rest: Cell) -> Cell:
    if not rest.text:
        return cell
    known = [value for value in (cell.confidence, rest.confidence) if value is not None]
    return replace(
        cell,
        text=join_lines([cell.text, rest.text]),
        confidence=min(known) if known else None,
    )


def _row(table: Table, row: int) -> Sequence[Cell]:
    return [cell for cell in table.cells if cell.row <= row < cell.row + cell.row_span]


def _is_merged(cell: Cell) -> bool:
    return cell.row_span > 1 or cell.column_span > 1


def _is_continued(text: str, rest: str) -> bool:
    letters = sum(map(str.isalpha, rest))
    return (
        bool(text)
        and not text.endswith(SENTENCE_END)
        and letters * 2 > sum(map(str.isalnum, rest))
        and any(map(str.isalpha, text))
    )
