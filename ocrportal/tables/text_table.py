"""A table of text: its columns and rows, the cells of a row, and its grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrportal.geometry import Rect
from ocrportal.results import TableDoubt
from ocrportal.tables.grid import Grid, build_grid
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Column, Row, columns_of, nearest_column

MIN_OVER_EDGE = 0.5
"""Line heights of a text on both sides of the edge between two columns, if it is over both."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """Columns of text in rows, which may be a table."""

    box: Rect
    line_height: float
    printed: list[Row]
    """The rows as printed; a row of the table may have several."""
    columns: list[Column]
    rows: list[Row]
    rulings: Sequence[Ruling]
    """The horizontal ones within the box."""

    def cells(self, row: Row) -> dict[int, list[Segment]]:
        """The segments of a row by the column they are in; those over several are left out."""
        found: dict[int, list[Segment]] = {}
        for segment in row:
            if len(columns_of(segment, self.columns, self.line_height)) < 2:
                found.setdefault(nearest_column(segment, self.columns), []).append(segment)
        return found

    def grid(self, doubts: tuple[TableDoubt, ...] = ()) -> Grid:
        """The grid whose edges are in the middle of the white between texts."""
        xs = [
            self.box.left,
            *((a.right + b.left) / 2 for a, b in pairwise(self.columns)),
            self.box.right,
        ]
        ys = [
            self.box.top,
            *((_bottom(a) + _top(b)) / 2 for a, b in pairwise(self.rows)),
            self.box.bottom,
        ]
        return build_grid(xs, ys, self._spans(ys), doubts)

    def _spans(self, ys: Sequence[float]) -> list[tuple[int, int, int, int]]:
        """Cells over several columns, judged by their width, or by a shorter ruling below."""
        spans: list[tuple[int, int, int, int]] = []
        for number, row in enumerate(self.rows):
            taken: set[int] = set()
            for segment in row:
                covered = set(columns_of(segment, self.columns, self.line_height))
                covered |= self._columns_at_gutter(segment)
                covered |= self._columns_of_ruling(segment, row, ys[number : number + 2])
                if len(covered) > 1 and not covered & taken:
                    first = min(covered)
                    spans.append((number, first, 1, max(covered) - first + 1))
                    taken |= set(range(first, max(covered) + 1))
        return spans

    def _columns_at_gutter(self, segment: Segment) -> set[int]:
        """The columns on both sides of a gutter in the middle of which a text is, as a head."""
        needed = MIN_OVER_EDGE * self.line_height
        return {
            place
            for number, (a, b) in enumerate(pairwise(self.columns))
            if segment.box.left + needed < (a.right + b.left) / 2 < segment.box.right - needed
            for place in (number, number + 1)
        }

    def _columns_of_ruling(self, segment: Segment, row: Row, ends: Sequence[float]) -> set[int]:
        """The columns of a ruling at the edge of a row that belongs to one segment only."""
        for ruling in self.rulings:
            near = ends[0] - segment.box.height <= ruling.position <= ends[1]
            if not near or not _is_over(ruling, segment):
                continue
            below = {
                index
                for index, column in enumerate(self.columns)
                if ruling.start <= sum(column) / 2 <= ruling.end
            }
            alone = all(other is segment or not _is_over(ruling, other) for other in row)
            if alone and len(below) < len(self.columns):
                return below
        return set()


def _top(row: Row) -> float:
    return min(segment.box.top for segment in row)


def _bottom(row: Row) -> float:
    return max(segment.box.bottom for segment in row)


def _is_over(ruling: Ruling, segment: Segment) -> bool:
    return ruling.start <= segment.box.center_x <= ruling.end
