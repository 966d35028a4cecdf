"""Tables without rules around them: short pieces of text that stand in columns, row after row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrportal.engines.local.tables.columnar import Row, grid_between, printed_rows
from ocrportal.engines.local.tables.grid import Grid
from ocrportal.engines.local.tables.pieces import Piece
from ocrportal.engines.local.tables.rules import Rule
from ocrportal.engines.local.tables.sheet import Rectangle

LONG = 0.5
"""A piece longer than this share of the text's width is a line of text, and ends a table."""
APART = 3.0
"""Rows further apart than this, in usual distances of rows, are not of one table."""
ROWS, COLUMNS = 4, 3
"""So many rows must have so many pieces. Two columns may be a list or a form as well."""
FILLED = 0.6
"""At least this share of the rows have text in more than half of the columns."""


def aligned_grids(rules: Sequence[Rule], em: float, pieces: Sequence[Piece]) -> list[Grid]:
    """The grids that nothing but their columns show; ``rules`` are level ones, inside or near."""
    grids = []
    for run in _runs(printed_rows(pieces)):
        some = [piece for row in run for piece in row]
        if sum(len(row) >= COLUMNS for row in run) < ROWS:
            continue
        box = Rectangle(
            min(piece.box.left for piece in some) - em / 2,
            min(piece.box.top for piece in some),
            max(piece.box.right for piece in some) + em / 2,
            max(piece.box.bottom for piece in some),
        )
        inside = [r for r in rules if box.top < r.place < box.bottom]
        grid = grid_between(box, inside, em, some, FILLED)
        if grid is not None and grid.columns >= COLUMNS:
            grids.append(grid)
    return grids


def _runs(printed: Sequence[Row]) -> list[list[Row]]:
    """Rows that follow each other closely, without lines of text."""
    if len(printed) < ROWS:
        return []
    left = min(row[0].box.left for row in printed)
    right = max(piece.box.right for row in printed for piece in row)
    pitch = median(b[0].box.middle - a[0].box.middle for a, b in pairwise(printed))
    runs: list[list[Row]] = [[]]
    for row in printed:
        if any(piece.box.width > LONG * (right - left) for piece in row):
            runs.append([])
            continue
        last = runs[-1]
        if last and row[0].box.middle - last[-1][0].box.middle > APART * pitch:
            runs.append([])
        runs[-1].append(row)
    return runs
