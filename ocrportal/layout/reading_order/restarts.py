"""Where strips side by side begin again at a common height, as rows of cards or articles do.

The paragraphs of independent columns end at different heights. So a white line across all
strips divides them if every gap of a strip that is as wide is at such a line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from ocrportal.layout.fragments import (
    Fragment,
    Rows,
    row_height,
    row_middle,
    typical_pitch,
)
from ocrportal.layout.list_markers import PAGE_NUMBER

_RESTART = 1.35
_RESTART_OF_PROSE = 2.0
"""Rows further apart than this, in typical line pitches, are in different blocks. Between
paragraphs of running text there may be as much space, so more is needed there."""
_LARGER = 1.15
"""Height of a heading divided by that of the text, at least."""
_NEARER = 1.15
"""A heading is further from the text above it than from the text below it, by this factor."""
_LEVEL = 0.4
"""Rows whose middles differ by less than this, in line heights, are at the same height."""
_MARGIN_OF_SIZE = 1.1
"""A common gap is wider by this factor than every gap that is not common."""


@dataclass(frozen=True, slots=True)
class _RowGap:
    """The distance of two rows of a strip, from middle to middle."""

    start: float
    end: float
    follows_heading: bool
    """Whether the upper row is a single one that is nearer to the lower row than to the text
    above it."""
    begins_larger: bool
    """Whether the lower row is in larger type than the strip, as a heading is."""
    size: float
    """The distance as if both rows were of the strip's type size."""


def rows_of_blocks(
    bands: Sequence[Sequence[Fragment]], strips: Sequence[Rows], *, are_prose: bool
) -> list[list[Fragment]]:
    """The fragments of a section cut where all strips begin again; one piece if they do not.

    ``strips`` are the rows and areas of each strip, ``are_prose`` states that all are running
    text.
    """
    tops = sorted(min(f.rect.center_y for f in band) for band in bands)
    texts = [_without_page_number(rows) for rows in strips]
    starts = sorted({bisect_left(tops, y) for y in _restarts(texts, are_prose)})
    edges = [0, *starts, len(bands)]
    return [list(chain.from_iterable(bands[a:b])) for a, b in pairwise(edges) if a < b]


def _without_page_number(rows: Rows) -> Rows:
    """The rows of a strip; nothing begins again with a page number below it."""
    *above, last = rows
    return above if above and PAGE_NUMBER.fullmatch("".join(f.text for f in last)) else rows


def _restarts(strips: Sequence[Rows], are_prose: bool) -> list[float]:
    """The heights just above the rows with which all strips begin again, in pixels."""
    pitches = [pitch for rows in strips if (pitch := typical_pitch(_text(rows))) is not None]
    if not pitches:
        return []
    min_size, min_size_of_prose = _RESTART * min(pitches), _RESTART_OF_PROSE * min(pitches)
    gaps = [_gaps_in(rows) for rows in strips]
    height = median(_height(rows) for rows in strips)
    common: list[tuple[float, float]] = []
    independent = 0.0
    for gap in chain.from_iterable(gaps):
        if gap.size < min_size:
            continue
        y = gap.end - _LEVEL * height
        crossed = [other for some in gaps for other in _gap_at(some, y)]
        size = min((other.size for other in crossed), default=0.0)
        rest = [other for other in crossed if other is not gap]
        if all(other.follows_heading for other in crossed):
            continue
        if size < min_size:
            independent = max(independent, gap.size)
        elif are_prose and size < min_size_of_prose and not any(o.begins_larger for o in crossed):
            continue
        elif rest and (
            any(abs(other.end - gap.end) < _LEVEL * height for other in rest)
            or all(other.end - gap.end > height for other in rest)
        ):
            common.append((y, size))
    return [y for y, size in common if size > _MARGIN_OF_SIZE * independent]


def _gap_at(gaps: Sequence[_RowGap], y: float) -> Iterator[_RowGap]:
    """The gap of a strip that a height is in, if any."""
    index = bisect_left(gaps, y, key=lambda gap: gap.start) - 1
    if index >= 0 and y < gaps[index].end:
        yield gaps[index]


def _gaps_in(rows: Rows) -> list[_RowGap]:
    found: list[_RowGap] = []
    height = _height(rows)
    before = float("inf")
    for above, below in pairwise(rows):
        excess = (row_height(above) + row_height(below)) / 2 - height
        start, end = row_middle(above), row_middle(below)
        size = end - start - excess
        heading = before > _NEARER * size and not above[0].is_area
        larger = not below[0].is_area and row_height(below) > _LARGER * height
        found.append(_RowGap(start, end, heading, larger, size))
        before = size
    return found


def _height(rows: Rows) -> float:
    return median(row_height(row) for row in _text(rows) or rows)


def _text(rows: Rows) -> Rows:
    return [row for row in rows if not row[0].is_area]
