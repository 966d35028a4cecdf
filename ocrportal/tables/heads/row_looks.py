"""How the rows of a table look: whether they are bold, their background, and rulings below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocrportal.geometry import Rect
from ocrportal.results import Line
from ocrportal.tables.grid import Grid, GridCell
from ocrportal.tables.page_picture.deskewed_page import DeskewedPage
from ocrportal.tables.rulings import Ruling

MIN_BOLD = 0.7
"""Share of the text of a cell that is bold, if the cell is."""
MIN_DRAWN = 0.6
"""Share of the table's width that rulings below a row cover."""
SLACK = 0.3
"""Line heights by which a ruling may be within the boxes of the text above and below it."""


@dataclass(frozen=True, slots=True)
class RowLook:
    """The look of one row, without the cells that continue in the next one."""

    is_bold: bool
    """Whether all its text is bold."""
    shade: float | None
    """The grey of its background, 0 to 255; None without a cell of its own."""
    has_ruling_below: bool
    """Whether a ruling separates it from the next row."""


def row_looks(
    grid: Grid,
    page: DeskewedPage,
    by_cell: Mapping[GridCell, Sequence[Line]],
    rulings: Sequence[Ruling],
) -> list[RowLook]:
    """The look of each row. ``rulings`` are the horizontal ones of the page."""
    cells: list[list[GridCell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        cells[cell.row].append(cell)
    texts = [[page.rect(line.box) for c in row for line in by_cell[c]] for row in cells]
    edges = [max((box.bottom for box in boxes), default=None) for boxes in texts]
    starts = [min((box.top for box in boxes), default=None) for boxes in texts]
    inside = [r for r in rulings if grid.box.top <= r.position <= grid.box.bottom]
    looks = []
    for row, own in enumerate(cells):
        filled = [cell for cell in own if by_cell[cell]]
        below = starts[row + 1] if row + 1 < grid.rows else None
        end = edges[row]
        slack = SLACK * page.line_height
        looks.append(
            RowLook(
                bool(filled) and all(_is_bold(by_cell[cell]) for cell in filled),
                _shade(page, [cell.box for cell in own if cell.row_span == 1]),
                end is not None
                and below is not None
                and _drawn(grid.box, inside, end - slack, below + slack)
                >= MIN_DRAWN * grid.box.width,
            )
        )
    return looks


def _is_bold(lines: Sequence[Line]) -> bool:
    length = bold = 0.0
    for line in lines:
        length += len(line.text)
        bold += len(line.text) * sum(run.end - run.start for run in line.runs if run.type.bold)
    return bold >= MIN_BOLD * length


def _shade(page: DeskewedPage, boxes: Sequence[Rect]) -> float | None:
    """The median grey within the boxes: letters and rulings cover less than half of them."""
    parts = []
    for box in boxes:
        left, top, right, bottom = (max(0, round(side)) for side in box)
        parts.append(page.grey[top:bottom, left:right].ravel())
    pixels = np.concatenate(parts) if parts else np.empty(0, np.uint8)
    return float(np.median(pixels)) if pixels.size else None


def _drawn(box: Rect, rulings: Sequence[Ruling], top: float, bottom: float) -> float:
    """The length of the table's width that rulings between two heights cover."""
    parts = sorted(
        (max(ruling.start, box.left), min(ruling.end, box.right))
        for ruling in rulings
        if top < ruling.position < bottom
    )
    drawn, reach = 0.0, box.left
    for start, end in parts:
        drawn += max(0.0, end - max(start, reach))
        reach = max(reach, end)
    return drawn
