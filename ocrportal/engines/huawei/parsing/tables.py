"""Tables from lists of cells, which state the rows and columns they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ocrportal.engines.huawei.parsing.text import UNKNOWN_CONFIDENCE, read_line
from ocrportal.engines.huawei.parsing.values import (
    Places,
    around_all,
    confidence_of,
    objects_in,
    text_of,
)
from ocrportal.geometry import Quad
from ocrportal.results import Cell, Line, Table

_MAX_ROWS, _MAX_COLUMNS = 2000, 200
"""Larger indices are errors of the cloud; such a grid would exhaust the memory."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table, the lines printed in it, and the texts without a cell."""

    table: Table
    lines: tuple[Line, ...]
    strays: tuple[str, ...]


def read_table(node: dict[str, Any], places: Places) -> FoundTable | None:
    """A table from ``words_block_list``; None if it has no cells.

    Its box is ``table_location`` or ``location``, else the area of its cells.
    """
    cells: list[Cell] = []
    lines: list[Line] = []
    strays: list[str] = []
    for block in objects_in(node, "words_block_list"):
        segments = objects_in(block, "words_list") or [block]
        printed = [line for line in (read_line(entry, places) for entry in segments) if line]
        cell = _cell(block, segments, printed, places)
        if cell is not None:
            cells.append(cell)
            lines += printed or _line_over(cell)
        elif printed:
            lines += printed
        else:
            strays += [text for text in (text_of(entry.get("words")) for entry in segments) if text]
    if not cells:
        return None
    placed = _without_overlaps(cells)
    box = places.quad(node.get("table_location")) or places.quad(node.get("location"))
    table = Table(
        rows=max(cell.row + cell.row_span for cell in placed),
        columns=max(cell.column + cell.column_span for cell in placed),
        cells=tuple(placed),
        box=box or around_all(cell.box for cell in placed),
    )
    return FoundTable(table, tuple(lines), tuple(strays))


def _cell(
    block: dict[str, Any], segments: list[dict[str, Any]], printed: list[Line], places: Places
) -> Cell | None:
    """A cell; None if its rows or columns are missing."""
    rows = _indices(block.get("rows"), _MAX_ROWS)
    columns = _indices(block.get("columns"), _MAX_COLUMNS)
    if not rows or not columns:
        return None
    confidences = [confidence_of(entry.get("confidence")) for entry in segments]
    known = [confidence for confidence in confidences if confidence is not None]
    return Cell(
        text=_joined(printed) if len(printed) == len(segments) else _joined_unplaced(segments),
        row=rows[0],
        column=columns[0],
        row_span=rows[-1] - rows[0] + 1,
        column_span=columns[-1] - columns[0] + 1,
        confidence=sum(known) / len(known) if known else None,
        box=places.quad(block.get("cell_location")) or around_all(line.box for line in printed),
    )


def _indices(value: Any, end: int) -> list[int]:
    """Row or column numbers from 0, sorted; a single number counts as a list."""
    entries = value if isinstance(value, list) else [value]
    return sorted(
        entry
        for entry in entries
        if isinstance(entry, int) and not isinstance(entry, bool) and 0 <= entry < end
    )


def _joined(lines: Sequence[Line]) -> str:
    """The texts printed in a cell, joined by spaces within a row, else by line breaks."""
    text, bottom = "", 0.0
    for line in lines:
        top = min(y for _, y in line.box)
        height = max(y for _, y in line.box) - top
        if text:
            text += "\n" if top + height / 2 > bottom else " "
        text += line.text
        bottom = top + height
    return text


def _joined_unplaced(segments: list[dict[str, Any]]) -> str:
    return " ".join(text for text in (text_of(entry.get("words")) for entry in segments) if text)


def _line_over(cell: Cell) -> list[Line]:
    """The text of a cell as one line, if only the cell has a position."""
    if cell.box is None or not cell.text:
        return []
    confidence = UNKNOWN_CONFIDENCE if cell.confidence is None else cell.confidence
    return [Line(cell.text.replace("\n", " "), _inner(cell.box), confidence)]


def _inner(box: Quad) -> Quad:
    """The box of a line within a cell: the middle half of its height."""
    a, b, c, d = box
    return (
        ((3 * a[0] + d[0]) / 4, (3 * a[1] + d[1]) / 4),
        ((3 * b[0] + c[0]) / 4, (3 * b[1] + c[1]) / 4),
        ((b[0] + 3 * c[0]) / 4, (b[1] + 3 * c[1]) / 4),
        ((a[0] + 3 * d[0]) / 4, (a[1] + 3 * d[1]) / 4),
    )


def _without_overlaps(cells: list[Cell]) -> list[Cell]:
    """The cells by row and column; each position of the grid belongs to one cell.

    If two cells overlap, the later one is reduced to its first position; if that is taken,
    its text is appended to the other cell.
    """
    owners: dict[tuple[int, int], int] = {}
    placed: list[Cell] = []
    for cell in cells:
        if any(place in owners for place in _grid(cell)):
            cell = replace(cell, row_span=1, column_span=1)
        owner = owners.get((cell.row, cell.column))
        if owner is not None:
            joined = "\n".join(text for text in (placed[owner].text, cell.text) if text)
            placed[owner] = replace(placed[owner], text=joined)
            continue
        owners |= dict.fromkeys(_grid(cell), len(placed))
        placed.append(cell)
    return sorted(placed, key=lambda cell: (cell.row, cell.column))


def _grid(cell: Cell) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
