"""The reading order of the fragments of a page: a variant of the recursive XY cut.

A region is cut at the section whose gutters have the most text beside them: what is above the
section, its strips and what is below it are regions of their own. Strips that are columns are
read one after the other; those that begin again at a common height, such as cards or articles,
are read row by row of such blocks; cells are read across.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain, pairwise
from statistics import median

from ocrportal.layout.fragments import Fragment, Rows, group_rows, row_middle
from ocrportal.layout.reading_order.evidence import Strip, support_for_columns
from ocrportal.layout.reading_order.restarts import rows_of_blocks
from ocrportal.layout.reading_order.whitespace import (
    Band,
    Gap,
    Section,
    bands_of,
    covered_height,
    facing_pages,
    gutters_of,
    sections_of,
)

_MIN_GUTTER = 0.1
"""Width of the narrowest gutter between columns without the margins of boxes, in line heights."""
_MIN_ROOM = 2.0
"""Width of the narrowest column, in line heights."""
_NARROW = 2.5
"""A strip narrower than this, in line heights, has markers of the strip at its right."""
_FAR_APART = 3.5
"""Space around a row that is aligned with a column but not part of it, in line heights."""
_SUPPORT_OF_BLOCKS = 1.0
"""Blocks of rows that begin at common heights are rather cards than rows of a table."""
_SUPPORT_WITHIN_COLUMNS = 1.5
"""Strips within a column are rather cells, such as commands with their descriptions."""
_MIN_EVEN, _MIN_STRIPS = 3, 2
"""Columns at even distances; of two, only the distances of their strips can be compared."""
_LARGER = 1.15
"""Height of a title divided by that of the text below it, at least."""
_NUMERIC = 0.5
"""A strip in which more rows than this share are numbers belongs to the strip at its left."""
_MAX_OUTSIDE = 3
"""Bands at an end of a section that may belong to the text above or below it."""
_APART = 1.5
"""Space around headers, footers and page numbers, in line heights, at least."""


def blocks_in_reading_order(fragments: list[Fragment]) -> list[Rows]:
    """All fragments as blocks of rows: a block per column, and one between sets of columns.

    An area is a block of one row.
    """
    if not fragments:
        return []
    blocks = chain.from_iterable(_ordered(page) for page in facing_pages(fragments))
    return [rows for block in blocks for rows in _split_at_areas(block)]


def _split_at_areas(block: Sequence[Fragment]) -> list[Rows]:
    """The rows of a block above, between and below its areas, and the areas."""
    areas = sorted((f for f in block if f.is_area), key=lambda area: area.rect.center_y)
    rows = group_rows(f for f in block if not f.is_area)
    found: list[Rows] = []
    for area in areas:
        above = [row for row in rows if row_middle(row) < area.rect.center_y]
        found += [above, [(area,)]]
        rows = rows[len(above) :]
    return [part for part in [*found, rows] if part]


def _ordered(fragments: list[Fragment], min_support: float = 0.0) -> list[list[Fragment]]:
    """The fragments of a region as blocks in reading order.

    Its columns need more support than ``min_support``.
    """
    if len(fragments) < 2:
        return [fragments]
    bands = bands_of(fragments)
    height = median([f.rect.height for f in fragments if not f.is_area] or [1.0])
    sections = sections_of(bands, _MIN_GUTTER * height, _MIN_ROOM * height)
    for section in sorted(sections, key=lambda found: -_weight(bands, found)):
        start, end = _trimmed(bands, section)
        inside = bands[start:end]
        gutters = gutters_of(chain.from_iterable(inside), _MIN_GUTTER * height)
        parts = _parts(inside, gutters, min_support)
        if len(parts) > 1:
            above = list(chain.from_iterable(bands[:start]))
            below = list(chain.from_iterable(bands[end:]))
            return [
                *(_ordered(above, min_support) if above else ()),
                *chain.from_iterable(_ordered(part, _SUPPORT_WITHIN_COLUMNS) for part in parts),
                *(_ordered(below, min_support) if below else ()),
            ]
    return [fragments]


def _weight(bands: Sequence[Band], section: Section) -> float:
    """The height of the text on both sides of the gutter with most text beside it, in pixels."""
    fragments = list(chain.from_iterable(bands[section.start : section.end]))
    heights = [covered_height(strip) for strip in _strips(fragments, section.gutters)]
    return max((a * b / (a + b) for a, b in pairwise(heights) if a and b), default=0.0)


def _trimmed(bands: Sequence[Band], section: Section) -> tuple[int, int]:
    """A section without the bands at its ends that belong to the text above or below it."""
    start, end = section.start, section.end
    for index in reversed(range(start, min(start + _MAX_OUTSIDE, end - 1))):
        if _is_margin_row(bands, index, 1, section) or _is_title(bands, index, section):
            start = index + 1
            break
    for index in range(max(end - _MAX_OUTSIDE, start + 1), end):
        if _is_margin_row(bands, index, -1, section):
            end = index
            break
    while end - start > 1 and _is_nearer_outside(bands, start, 1, section):
        start += 1
    while end - start > 1 and _is_nearer_outside(bands, end - 1, -1, section):
        end -= 1
    return start, end


def _is_margin_row(bands: Sequence[Band], index: int, inwards: int, section: Section) -> bool:
    """Whether a band is a row apart that is not aligned with the strips, such as a header."""
    band = bands[index]
    if any(f.is_area for f in band):
        return False
    height = median(f.rect.height for f in band)
    distance = _distance(band, bands[index + inwards])
    if distance < _APART * height or len(group_rows(band)) > 1:
        return False
    return distance > _FAR_APART * height or not _is_aligned(bands, index, section)


def _is_aligned(bands: Sequence[Band], index: int, section: Section) -> bool:
    """Whether all fragments of a band begin at the left edges of strips."""
    rest = [bands[number] for number in range(section.start, section.end) if number != index]
    strips = _strips(list(chain.from_iterable(rest)), section.gutters)
    lefts = [sorted(f.rect.left for f in strip)[len(strip) // 4] for strip in strips]
    return all(min(abs(f.rect.left - left) for left in lefts) < f.rect.height for f in bands[index])


def _is_title(bands: Sequence[Band], index: int, section: Section) -> bool:
    """Whether a band is a title of the strips below: alone, and across a gutter or not aligned."""
    band, below = bands[index], bands[index + 1]
    if len(_strips(band, section.gutters)) > 1:
        return False
    gaps = gutters_of(chain.from_iterable(bands[index + 1 : section.end]), 0.0)
    if any(f.rect.left < gap.start and gap.end < f.rect.right for f in band for gap in gaps):
        return True
    heights = median(f.rect.height for f in band), median(f.rect.height for f in below)
    if any(f.is_area for f in band):
        return False
    return heights[0] > _LARGER * heights[1] and not _is_aligned(bands, index, section)


def _is_nearer_outside(bands: Sequence[Band], index: int, inwards: int, section: Section) -> bool:
    """Whether a band has text in one strip, and is nearer to the text outside the section."""
    outer = index - inwards
    if not 0 <= outer < len(bands) or len(_strips(bands[index], section.gutters)) > 1:
        return False
    distance = _distance(bands[index], bands[index + inwards])
    return _distance(bands[outer], bands[index]) <= distance


def _distance(band: Band, other: Band) -> float:
    """The height of the white space between two bands."""
    return max(
        min(f.rect.top for f in band) - max(f.rect.bottom for f in other),
        min(f.rect.top for f in other) - max(f.rect.bottom for f in band),
    )


def _strips(fragments: Sequence[Fragment], gutters: Sequence[Gap]) -> list[list[Fragment]]:
    middles = [gutter.middle for gutter in gutters]
    strips: list[list[Fragment]] = [[] for _ in range(len(middles) + 1)]
    for fragment in fragments:
        strips[bisect_left(middles, fragment.rect.center_x)].append(fragment)
    return [strip for strip in strips if strip]


def _parts(
    bands: Sequence[Band], gutters: Sequence[Gap], min_support: float
) -> list[list[Fragment]]:
    """The regions of a section in reading order; one if it is read across, row by row."""
    fragments = list(chain.from_iterable(bands))
    strips = _with_markers([Strip(strip) for strip in _strips(fragments, gutters)])
    if all(len(strip.rows_and_areas) == 1 for strip in strips):
        return [fragments]
    are_prose = all(strip.is_prose for strip in strips)
    rows = rows_of_blocks(bands, [strip.rows_and_areas for strip in strips], are_prose=are_prose)
    min_support = -_SUPPORT_OF_BLOCKS if len(rows) > 1 else min_support
    columns = max(_columns(strips, min_support), _even_columns(strips, min_support), key=len)
    if len(rows) == 1:
        return [column.fragments for column in columns]
    return [part for row in rows for column in columns for part in _blocks_in(row, column, strips)]


def _blocks_in(
    row: Sequence[Fragment], column: Strip, strips: Sequence[Strip]
) -> list[list[Fragment]]:
    """The blocks of a column in a row of blocks: its strips if only one has several rows."""
    whole = [fragment for fragment in row if fragment in column.members]
    parts = [
        part
        for strip in strips
        if (part := [fragment for fragment in whole if fragment in strip.members])
    ]
    if sum(len(group_rows(part)) > 1 for part in parts) > 1:
        return [whole]
    return parts


def _with_markers(strips: Sequence[Strip]) -> list[Strip]:
    """Strips of markers or numbers joined with the text that they belong to."""
    joined: list[Strip] = []
    for strip in strips:
        before = joined[-1] if joined else None
        if before is not None and _belong_together(before, strip):
            joined[-1] = Strip(before.fragments + strip.fragments)
        else:
            joined.append(strip)
    return joined


def _belong_together(before: Strip, strip: Strip) -> bool:
    """Whether one of two strips has only the markers or the numbers of the other one's rows."""
    if not before.rows or not strip.rows:
        return False
    is_label = not before.is_prose and strip.numeric > _NUMERIC
    return is_label or before.width < _NARROW * before.height


def _even_columns(strips: Sequence[Strip], min_support: float) -> list[Strip]:
    """Columns that begin at even distances, each of one strip or several; empty if there are none.

    The first strip of such a column, such as commands beside descriptions, may alone not look like
    a column.
    """
    for second in range(1, len(strips)):
        distance = strips[second].left - strips[0].left
        columns: list[Strip] = []
        for strip in strips:
            start = strips[0].left + len(columns) * distance
            if abs(strip.left - start) <= strip.height / 2:
                columns.append(strip)
            elif strip.left < start:
                columns[-1] = Strip(columns[-1].fragments + strip.fragments)
            else:
                break
        else:
            if (len(columns) >= _MIN_EVEN or _are_alike(strips, second)) and all(
                support_for_columns(left, right) > min_support for left, right in pairwise(columns)
            ):
                return columns
    return []


def _are_alike(strips: Sequence[Strip], second: int) -> bool:
    """Whether two columns, the other one from a position on, have strips at the same distances."""
    if second < _MIN_STRIPS or len(strips) != 2 * second:
        return False
    distance = strips[second].left - strips[0].left
    return all(
        abs(strips[second + number].left - strips[number].left - distance)
        <= strips[number].height / 2
        for number in range(second)
    )


def _columns(strips: Sequence[Strip], min_support: float) -> list[Strip]:
    """Strips joined until neighbours are columns."""
    columns: list[Strip] = []
    for strip in strips:
        if columns and support_for_columns(columns[-1], strip) <= min_support:
            columns[-1] = Strip(columns[-1].fragments + strip.fragments)
        else:
            columns.append(strip)
    return columns
