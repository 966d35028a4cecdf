"""Tables on an upright page: found by their rules, filled with the lines that stand in them.

sheet.py ── the page, level and not too large
rules.py ── the rules on it
pieces.py ── its text, cut where there is much paper
ruled.py ── tables whose cells are drawn
columnar.py ── tables with rules above and below, and columns of text between
aligned.py ── tables that nothing but their columns show
filling.py ── lines, cut at the sides of the cells
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.tables.aligned import aligned_grids
from ocrportal.engines.local.tables.columnar import columnar_grids
from ocrportal.engines.local.tables.filling import fill
from ocrportal.engines.local.tables.grid import Grid
from ocrportal.engines.local.tables.pieces import Piece, pieces_of
from ocrportal.engines.local.tables.ruled import ruled_grids
from ocrportal.engines.local.tables.rules import find_rules
from ocrportal.engines.local.tables.sheet import Rectangle, Sheet
from ocrportal.results import Line, Table


def find_tables(
    picture: Pixels, lines: Sequence[Line], skew: float
) -> tuple[list[Table], list[Line]]:
    """The tables of an upright page, from the top, and its lines, cut at the cells' sides.

    ``skew`` is the degrees clockwise that level the lines. Boxes are pixels of ``picture``.
    """
    if not lines:
        return [], []
    sheet = Sheet(picture, lines, skew)
    if not sheet.em:
        return [], list(lines)
    rules, rest = find_rules(sheet.ink, sheet.em)
    pieces = pieces_of(sheet, rest, lines)
    grids, loose = ruled_grids(rules, sheet.em, pieces)
    for open_grids in (columnar_grids, aligned_grids):
        found = open_grids(loose, sheet.em, _outside(grids, pieces))
        grids += [grid for grid in found if not any(_overlap(grid.box, g.box) for g in grids)]
    tables, cut = [], list(lines)
    for grid in sorted(grids, key=lambda grid: (grid.box.top, grid.box.left)):
        table, cut = fill(grid, sheet, cut)
        if table is not None:
            tables.append(table)
    return tables, cut


def _overlap(a: Rectangle, b: Rectangle) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _outside(grids: Sequence[Grid], pieces: Sequence[Piece]) -> list[Piece]:
    return [p for p in pieces if not any(g.box.holds(p.box.centre, p.box.middle) for g in grids)]
