"""Where strips side by side begin again at a common height, as rows of cards or articles do.

The paragraphs of independent columns end at different heights. So a white line across all
strips divides them if every gap of a strip that is as wide is at such a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from ocrportal.layout.fragments import Fragment, row_height, row_middle
from ocrportal.layout.reading_order.evidence import Strip
from ocrportal.layout.reading_order.whitespace import Band

_RESTART = 1.35
_RESTART_OF_PROSE = 2.0
"""Rows further apart than this, in typical line pitches, are in different blocks. Between
paragraphs of running text there may be as much space, so more is needed there."""
_PROSE = 0.4
"""Strips are running text if more rows than this share are wrapped."""
_LARGER = 1.15
"""Height of a heading divided by that of the text, at least."""
_LEVEL = 0.4
"""Rows whose middles differ by less than this, in line heights, are at the same height."""
_MARGIN_OF_SIZE = 1.1
"""A common gap is wider by this factor than every gap that is not common."""


@dataclass(frozen=True, slots=True)
class _RowGap:
    """The distance of two rows of a strip, from middle to middle."""

    start: float
    end: float
    begins_larger: bool
    """Whether the lower row is in larger type than the strip, as a heading is."""
    size: float
    """The distance as if both rows were of the strip's type size."""


def rows_of_blocks(bands: Sequence[Band], strips: Sequence[Strip]) -> list[list[Fragment]]:
    """The fragments of a section cut where all strips begin again; one piece if they do not."""
    starts = sorted({_band_at(bands, y) for y in _restarts(strips)})
    edges = [0, *starts, len(bands)]
    return [list(chain.from_iterable(bands[a:b])) for a, b in pairwise(edges) if a < b]


def _restarts(strips: Sequence[Strip]) -> list[float]:
    """The heights just above the rows with which all strips begin again, in pixels."""
    pitches = [strip.pitch for strip in strips if len(strip.rows) > 1]
    if not pitches:
        return []
    is_prose = min(strip.wrapped for strip in strips) > _PROSE
    min_size, min_size_of_prose = _RESTART * min(pitches), _RESTART_OF_PROSE * min(pitches)
    gaps = [_gaps_in(strip) for strip in strips]
    height = median(strip.height for strip in strips)
    common: list[tuple[float, float]] = []
    independent = 0.0
    for gap in chain.from_iterable(gaps):
        if gap.size < min_size:
            continue
        y = gap.end - _LEVEL * height
        crossed = [other for some in gaps for other in some if other.start < y < other.end]
        size = min((other.size for other in crossed), default=0.0)
        others = [other for other in crossed if other is not gap]
        if size < min_size:
            independent = max(independent, gap.size)
        elif is_prose and size < min_size_of_prose and not any(o.begins_larger for o in crossed):
            continue
        elif others and (
            any(abs(other.end - gap.end) < _LEVEL * height for other in others)
            or all(other.end - gap.end > height for other in others)
        ):
            common.append((y, size))
    return [y for y, size in common if size > _MARGIN_OF_SIZE * independent]


def _band_at(bands: Sequence[Band], y: float) -> int:
    """The first band whose text is all below ``y``."""
    return sum(min(f.rect.center_y for f in band) < y for band in bands)


def _gaps_in(strip: Strip) -> list[_RowGap]:
    found = []
    for above, below in pairwise(strip.rows):
        excess = (row_height(above) + row_height(below)) / 2 - strip.height
        start, end = row_middle(above), row_middle(below)
        larger = row_height(below) > _LARGER * strip.height
        found.append(_RowGap(start, end, larger, end - start - excess))
    return found
