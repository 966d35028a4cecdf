"""The columns of a table and of a part on the next page that may continue it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Quad, Rect
from ocrportal.results import Cell, Line, PageResult, Table
from ocrportal.text import join_lines

MAX_SHIFT = 0.04
"""Share of the page's width by which the sides of both parts may differ: scans are shifted."""
MAX_EDGE_SHIFT = 0.25
"""Share of the narrower neighbouring column by which an edge between columns may differ."""


def has_same_columns(page: PageResult, table: Table, following: PageResult, part: Table) -> bool:
    """Whether the columns of both have the same places."""
    edges, edges_below = _edges(page, table), _edges(following, part)
    if edges is None or edges_below is None or len(edges) != len(edges_below):
        return False
    return _places(edges, edges_below) is not None


def with_lost_columns(page: PageResult, table: Table, following: PageResult, part: Table) -> Table:
    """The part with all columns of the table, if two of them were found as one.

    A column with text in few rows of a part is often taken for the one beside it. The lines of
    the page show where it is: the part stays as it is if one of them crosses an edge.
    """
    edges, own = _edges(page, table), _edges(following, part)
    if edges is None or own is None or len(own) >= len(edges):
        return part
    places = _places(edges, own)
    if places is None:
        return part
    sides = [edge * following.width for edge in edges]
    lines = part.lines_in_cells(following.lines)
    cells: list[Cell] = []
    for cell, inside in zip(part.cells, lines, strict=True):
        first, end = places[cell.column], places[cell.column + cell.column_span]
        if cell.column_span > 1 or end == first + 1:
            cells.append(replace(cell, column=first, column_span=end - first))
            continue
        if cell.box is None:
            return part
        divided = list(_divided(cell, cell.box, inside, sides[first : end + 1], first))
        if _signs(cell.text) != sorted(s for c in divided for s in _signs(c.text)):
            return part
        cells += divided
    return replace(part, columns=table.columns, cells=tuple(cells))


def _divided(
    cell: Cell, box: Quad, lines: Sequence[Line], sides: Sequence[float], first: int
) -> Iterator[Cell]:
    """The cells between ``sides`` that take the place of one; lines over a side are left out."""
    around = Rect.around(box)
    for column, (left, right) in enumerate(pairwise(sides), first):
        texts = [
            line.text
            for line in lines
            if left <= Rect.around(line.box).left and Rect.around(line.box).right <= right
        ]
        # The lines of a cell with all text keep their ends.
        text = cell.text if len(texts) == len(lines) else join_lines(texts)
        quad = around._replace(left=left, right=right).quad
        yield replace(cell, text=text, column=column, box=quad)


def _signs(text: str) -> list[str]:
    return sorted("".join(text.split()))


def _places(edges: Sequence[float], own: Sequence[float]) -> list[int] | None:
    """For each edge of a part the edge of the table at the same place; None if one has none."""
    if max(abs(edges[0] - own[0]), abs(edges[-1] - own[-1])) > MAX_SHIFT:
        return None
    widths = [b - a for a, b in pairwise(edges)]
    places = [0]
    for edge in own[1:-1]:
        nearest = min(range(1, len(edges) - 1), key=lambda n: abs(edges[n] - edge), default=0)
        room = min(widths[nearest - 1 : nearest + 1])
        if nearest <= places[-1] or abs(edges[nearest] - edge) > MAX_EDGE_SHIFT * room:
            return None
        places.append(nearest)
    return [*places, len(edges) - 1]


def _edges(page: PageResult, table: Table) -> list[float] | None:
    """The left edges of the columns and the right edge of the last, as shares of the page."""
    if table.box is None:
        return None
    lefts: list[list[float]] = [[] for _ in range(table.columns)]
    for cell in table.cells:
        if cell.box is not None:
            lefts[cell.column].append(cell.box[0][0])
    if not all(lefts):
        return None
    edges = [*map(median, lefts), Rect.around(table.box).right]
    return [edge / page.width for edge in edges]
