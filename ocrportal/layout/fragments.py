"""Recognised lines as axis-aligned rectangles, and the rows they form.

A detector splits a printed row into several boxes where gaps are wide: a
:class:`Fragment` is one such box, a row the fragments side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Rect

_MAX_OPEN_ROWS = 4
"""Rows from the bottom that may still get a fragment: rows of skewed boxes overlap."""


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """One recognised line in the frame of :mod:`ocrportal.layout.frame`; equal only to itself.

    Or an area that text flows around, such as a table or a figure.
    """

    index: int
    """Position in ``PageResult.lines``, or among the areas."""
    text: str
    """Its text without spaces at either end; empty for an area only."""
    rect: Rect
    """In pixels; ``left`` to ``right`` is the direction of reading."""
    type_size: float = 0.0
    """In pixels; 0 if it is not known, but has to be measured."""
    is_bold: bool = False
    """Whether all of it is known to be bold."""

    @property
    def is_area(self) -> bool:
        return not self.text


Row = tuple[Fragment, ...]
"""The fragments of one printed row in reading order; at least one."""
Rows = list[Row]
"""Rows from top to bottom."""


def row_middle(row: Row) -> float:
    """The mean center of a row, in pixels from the top."""
    return sum(fragment.rect.center_y for fragment in row) / len(row)


def row_height(row: Row) -> float:
    """The height of the highest fragment of a row, in pixels."""
    return max(fragment.rect.height for fragment in row)


def typical_pitch(rows: Rows) -> float | None:
    """The line pitch of running text: the median of the lower half, which has no gaps in it.

    None without at least two rows.
    """
    pitches = sorted(row_middle(below) - row_middle(above) for above, below in pairwise(rows))
    return median(pitches[: len(pitches) // 2 + 1]) if pitches else None


def group_rows(fragments: Iterable[Fragment]) -> Rows:
    """The fragments of one column as rows.

    Unlike in :func:`ocrportal.geometry.group_rows`, fragments at the same height join rows in
    the order of the page's lines, which matters where their boxes overlap.
    """
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda found: found.rect.center_y):
        for row in reversed(rows[-_MAX_OPEN_ROWS:]):
            if _continues_row(row, fragment.rect):
                row.append(fragment)
                break
        else:
            rows.append([fragment])
    found = [tuple(sorted(row, key=lambda fragment: fragment.rect.left)) for row in rows]
    return sorted(found, key=row_middle)


def _continues_row(row: Sequence[Fragment], rect: Rect) -> bool:
    """Whether a fragment is level with the nearest fragment of a row and beside it."""
    nearest = row[0].rect
    if len(row) > 1:
        nearest = min(
            (other.rect for other in row),
            key=lambda other: max(other.left - rect.right, rect.left - other.right),
        )
    overlap = min(nearest.right, rect.right) - max(nearest.left, rect.left)
    if overlap > 0.3 * min(nearest.width, rect.width):
        return False
    shared = min(nearest.bottom, rect.bottom) - max(nearest.top, rect.top)
    return shared > 0.5 * min(nearest.height, rect.height)
