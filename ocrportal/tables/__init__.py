"""Tables on an upright page: their grids are located first, then filled with the page's lines.

:func:`find_tables` takes the lines of a page and its picture. The lines may be recognised, or
taken from the file that was rendered as the picture.

deskewed_page.py ── the page, deskewed and scaled, with its ink
fills.py ── areas with bright text on a dark colour
rulings.py ── the lines drawn around and between cells
segments.py ── its text, split at wide gaps
bordered.py ── tables whose cells are drawn
shared_rows.py ── rows of such tables that no ruling separates
partly_bordered.py ── tables with rulings above and below, and columns of text between
heads/head_rows.py ── rows above the first ruling that are the head of its table
borderless.py ── tables without rulings around them
number_rows.py ── the rows of a table among rows with other columns
page_structure/ ── columns of the page, and headings with rulings below, which look like tables
alignment.py ── whether texts begin, end or are centered at one place
text_columns.py ── the columns that gutters separate
text_rows.py ── printed rows joined to rows of a table
text_table.py ── columns and rows as a grid
evidence.py ── whether they are a table or text in columns
numbers.py ── texts that are numbers
cell_text.py ── lines, split at the sides of the cells
line_ends.py ── the lines of a cell as its text
heads/row_looks.py ── type, background and rulings of the rows
heads/head_end.py ── how many rows are the head
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocrportal.results import Line, Table
from ocrportal.tables.bordered import bordered_grids
from ocrportal.tables.borderless import borderless_grids
from ocrportal.tables.cell_text import fill_grid
from ocrportal.tables.grid import Grid, ruled_edges
from ocrportal.tables.page_picture.deskewed_page import DeskewedPage
from ocrportal.tables.partly_bordered import partly_bordered_grids
from ocrportal.tables.rulings import find_rulings
from ocrportal.tables.segments import Segment, is_vertical, text_segments
from ocrportal.tables.shared_rows import with_shared_rows


def find_tables(
    image: NDArray[np.uint8], lines: Sequence[Line], skew: float = 0.0
) -> tuple[list[Table], list[Line]]:
    """The tables of an upright page, from the top, and its lines, split at the cells' sides.

    ``image`` is the page, height x width x 3, channels red, green, blue. The boxes of ``lines``
    and of what is returned are in pixels of it. A line can be split only if it has characters.
    ``skew`` is the angle, in degrees clockwise, by which a rotation deskews the page.
    """
    if not lines:
        return [], []
    page = DeskewedPage(image, lines, skew)
    if not page.line_height:
        return [], list(lines)
    boxes = [page.rect(line.box) for line in lines]
    rulings, text_ink = find_rulings(page.ink, page.line_height, boxes)
    segments = text_segments(lines, boxes, text_ink)
    bordered, unused = bordered_grids(rulings, page.line_height, segments)
    grids = [with_shared_rows(grid, segments) for grid in bordered]
    rest = [s for s in _outside(grids, segments) if not is_vertical(s.box, page.line_height)]
    partly = partly_bordered_grids(unused, page.line_height, rest)
    borderless = borderless_grids(unused, page.line_height, rest)
    # Rulings above and below numbers only, such as sums, do not show the whole table.
    partly = [
        grid for grid in partly if not any(_is_part(grid, other, partly) for other in borderless)
    ]
    for grid in (*partly, *borderless):
        if not any(grid.box.overlaps(other.box) for other in grids):
            edges = ruled_edges(grid, unused, page.line_height)
            grids.append(replace(grid, ruled_edges=edges))
    tables, split_lines = [], list(lines)
    for grid in sorted(grids, key=lambda grid: (grid.box.top, grid.box.left)):
        table, split_lines = fill_grid(grid, page, split_lines, rulings.horizontal)
        if table is not None:
            tables.append(table)
    return tables, split_lines


def _outside(grids: Sequence[Grid], segments: Sequence[Segment]) -> list[Segment]:
    return [s for s in segments if not any(g.box.contains(s.box.center) for g in grids)]


def _is_part(grid: Grid, other: Grid, partly: Sequence[Grid]) -> bool:
    """Whether a grid between rulings is a part of another one that has the labels on its left.

    If rulings are drawn there too, both are tables beside each other.
    """
    if grid.columns >= other.columns or not other.box.contains(grid.box.center):
        return False
    beside = [g for g in partly if g.box.overlaps_in_y(grid.box) and g.box.overlaps(other.box)]
    return all(abs(g.box.left - other.box.left) > g.box.height / g.rows for g in beside)
