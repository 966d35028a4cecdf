"""The reading order of the fragments of a page: a variant of the recursive XY cut.

The page is cut into bands from top to bottom. A band with a gutter is read column by column,
each cut again in the same way, if both sides look like running text; everything else is read
row by row. An article is thus read down its columns, with full-width headings between them,
while tables, forms and receipts are read across.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrportal.layout.fragments import Fragment, Rows, group_rows

_CORE = 0.6
"""Share of a fragment's height that separates rows: a detector's boxes have margins, so the
boxes of neighbouring rows may touch."""
_BOX_MARGIN = 0.25
"""Margin of a detector's box before and after the text, in line heights. Between columns that
are set close together the margins fill the gutter."""
_MIN_GUTTER = 0.1
"""Width of the narrowest gutter between columns without these margins, in line heights."""
_FULL_LINE = 0.65
_FULL_LINE_OF_FEW = 0.85
"""A fragment of at least this share of the typical width is a full line of running text. The
share is higher for short columns, which resemble long cells."""
_FEW_LINES = 8
_MIN_WIDTH = 6.0
_MIN_WIDTH_ON_ROWS = 8.0
"""Width of running text in line heights, at least. The minimum is higher where the lines of
both sides are on common rows, as cells are."""
_FULL_WIDTH = 0.8
"""A band covers the whole width of the page from this share of it."""


def blocks_in_reading_order(fragments: list[Fragment]) -> list[Rows]:
    """All fragments as blocks of rows: a block per column, and one between sets of columns."""
    if not fragments:
        return []
    bands = _bands(fragments)
    width = max(f.rect.right for f in fragments) - min(f.rect.left for f in fragments)
    min_gutter = _MIN_GUTTER * median(f.rect.height for f in fragments)
    blocks: list[Rows] = []
    plain: list[Fragment] = []
    start = 0
    while start < len(bands):
        end, columns = _columns_from(bands, start, min_gutter, _FULL_WIDTH * width)
        if columns:
            if plain:
                blocks.append(group_rows(plain))
                plain = []
            for column in columns:
                blocks.extend(blocks_in_reading_order(column))
        else:
            plain.extend(fragment for band in bands[start:end] for fragment in band)
        start = end
    if plain:
        blocks.append(group_rows(plain))
    return blocks


def _bands(fragments: list[Fragment]) -> list[list[Fragment]]:
    """The page cut wherever a horizontal line crosses the core of no fragment."""
    cores = sorted(
        ((f.rect.center_y, f.rect.height * _CORE / 2, f) for f in fragments),
        key=lambda core: core[0] - core[1],
    )
    bands: list[list[Fragment]] = []
    bottom = float("-inf")
    for middle, half, fragment in cores:
        if middle - half >= bottom:
            bands.append([])
        bands[-1].append(fragment)
        bottom = max(bottom, middle + half)
    return bands


@dataclass(slots=True)
class _Span:
    """An interval of the horizontal axis that fragments cover."""

    left: float
    right: float


def _columns_from(
    bands: list[list[Fragment]], start: int, min_gutter: float, full_width: float
) -> tuple[int, list[list[Fragment]]]:
    """The columns of the longest section that starts with a band, and the band after it.

    No columns and the next band if the band has to be read row by row.
    """
    for end, gutters in reversed(_gutter_runs(bands, start, min_gutter, full_width)):
        columns = _columns(bands[start:end], gutters)
        if not columns:
            continue
        if _are_apart(bands[start], bands[start + 1]):
            break
        shorter = end
        while shorter - start > 2 and _are_apart(bands[shorter - 2], bands[shorter - 1]):
            shorter -= 1
        if shorter < end:
            columns = _columns(bands[start:shorter], gutters)
        return shorter, columns
    return start + 1, []


def _gutter_runs(
    bands: list[list[Fragment]], start: int, min_gutter: float, full_width: float
) -> list[tuple[int, list[float]]]:
    """Sections from ``start`` with common gutters: the band after each, and the gutters.

    A section ends wherever a gutter is closed, so longer sections have fewer gutters. A band
    of ``full_width`` without gutters ends the search.
    """
    spans: list[_Span] = []
    runs: list[tuple[int, list[float]]] = []
    gutters: list[float] = []
    for number in range(start, len(bands)):
        spans = _cover(spans, bands[number])
        if any(_covered(gutter, spans) for gutter in gutters):
            runs.append((number, gutters))
        gutters = _gutters(spans, min_gutter)
        if not gutters and spans[-1].right - spans[0].left > full_width:
            break
    if gutters:
        runs.append((len(bands), gutters))
    return [(end, found) for end, found in runs if end - start > 1]


def _covered(x: float, spans: list[_Span]) -> bool:
    return any(span.left < x < span.right for span in spans)


def _cover(spans: list[_Span], fragments: list[Fragment]) -> list[_Span]:
    """The union of spans and of fragments without the margins of their boxes."""
    intervals = [(span.left, span.right) for span in spans]
    for fragment in fragments:
        rect = fragment.rect
        margin = min(_BOX_MARGIN * rect.height, rect.width / 4)
        intervals.append((rect.left + margin, rect.right - margin))
    intervals.sort()
    merged: list[_Span] = []
    for left, right in intervals:
        if merged and left <= merged[-1].right:
            merged[-1].right = max(merged[-1].right, right)
        else:
            merged.append(_Span(left, right))
    return merged


def _gutters(spans: list[_Span], min_width: float) -> list[float]:
    """The middle of each gap between spans that is wide enough."""
    return [
        (before.right + after.left) / 2
        for before, after in pairwise(spans)
        if after.left - before.right >= min_width
    ]


def _columns(bands: list[list[Fragment]], gutters: list[float]) -> list[list[Fragment]]:
    """The fragments of a section column by column; empty if they are cells."""
    edges = [float("-inf"), *gutters, float("inf")]
    fragments = [fragment for band in bands for fragment in band]
    strips = [
        [f for f in fragments if left < f.rect.center_x < right] for left, right in pairwise(edges)
    ]
    strips = [strip for strip in strips if strip]
    columns = strips[:1]
    for before, after in pairwise(strips):
        if _are_columns(before, after):
            columns.append(after)
        else:
            columns[-1] = columns[-1] + after
    return columns if len(columns) > 1 else []


def _are_columns(left: list[Fragment], right: list[Fragment]) -> bool:
    """Whether two neighbours are columns of text, rather than cells of the same rows."""
    prose = _is_prose(left, _MIN_WIDTH) and _is_prose(right, _MIN_WIDTH)
    if not prose and not (_is_roomy(left) and _is_roomy(right)):
        return False
    left_rows, right_rows = group_rows(left), group_rows(right)
    fewest = min(len(left_rows), len(right_rows))
    if fewest < 3:
        return False
    if _share_rows(left_rows, right_rows):
        return _is_prose(left, _MIN_WIDTH_ON_ROWS) and _is_prose(right, _MIN_WIDTH_ON_ROWS)
    return prose or fewest > _FEW_LINES


def _is_prose(fragments: list[Fragment], min_width: float) -> bool:
    """Whether fragments look like lines of running text: wide, full, and mostly letters."""
    widths = [fragment.rect.width for fragment in fragments]
    typical = sorted(widths)[len(widths) * 4 // 5]
    if typical < min_width * median(fragment.rect.height for fragment in fragments):
        return False
    share = _FULL_LINE if len(fragments) > _FEW_LINES else _FULL_LINE_OF_FEW
    full = sum(width >= share * typical for width in widths)
    letters = sum(char.isalpha() for fragment in fragments for char in fragment.text)
    length = sum(len(fragment.text) for fragment in fragments)
    return full >= 0.6 * len(fragments) and letters > 0.5 * length


def _is_roomy(fragments: list[Fragment]) -> bool:
    """Whether a strip is wide enough for running text."""
    width = max(f.rect.right for f in fragments) - min(f.rect.left for f in fragments)
    return width >= 2 * _MIN_WIDTH * median(f.rect.height for f in fragments)


def _share_rows(left: Rows, right: Rows) -> bool:
    """Whether more rows of both sides are at the same height than by chance.

    A constant offset between the sides is allowed, as on photographs of bent pages.
    """
    few, many = sorted((left, right), key=len)
    heights = [row[0].rect.center_y for row in many]
    offsets = [
        min((height - middle for height in heights), key=abs)
        for middle in (row[0].rect.center_y for row in few)
    ]
    offset = median(offsets)
    tolerance = 0.2 * median(row[0].rect.height for row in few)
    share = sum(abs(other - offset) < tolerance for other in offsets) / len(few)
    pitch = (heights[-1] - heights[0]) / len(heights)
    chance = min(1.0, 2 * tolerance / pitch) if pitch else 1.0
    return share > (1 + chance) / 2


def _are_apart(above: list[Fragment], below: list[Fragment]) -> bool:
    """Whether space separates two bands, as it does headers, footers and page numbers."""
    gap = min(f.rect.top for f in below) - max(f.rect.bottom for f in above)
    return gap > 1.5 * median(f.rect.height for f in above + below)
