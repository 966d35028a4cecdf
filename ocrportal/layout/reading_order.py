"""The order in which people read the fragments of a page.

The page is cut into bands from top to bottom. A band whose fragments leave a gutter of
white, and whose sides look like running text rather than cells, is read column by
column, each of them cut again in the same way; all else is read row by row. So a paper
is read down its columns with full-width headings between them, while tables, forms and
receipts, whose cells stand side by side, are read across.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrportal.layout.fragments import Fragment

Row = tuple[Fragment, ...]
"""Fragments on one printed row, in the order of reading."""
Block = list[Row]
"""The rows of one column, or of one stretch of page without columns."""

_CORE = 0.6
"""Share of a fragment's height that counts when rows are told apart: boxes are drawn
with some air, so that neighbours may touch without standing on the same row."""
_AIR = 0.25
"""Air that a detector leaves before and after a text, in line heights: between columns
set close together it takes up the whole gutter."""
_MIN_GUTTER = 0.1
"""Narrowest gutter between columns once the air is taken off, in line heights."""
_FULL_LINE = 0.65
_FULL_LINE_OF_FEW = 0.85
"""A fragment at least this share of the usual width is a full line of running text; more
is asked of short columns, which long cells resemble."""
_FEW_LINES = 8
_MIN_WIDTH = 6.0
_MIN_WIDTH_ON_ROWS = 8.0
"""Running text is at least this many line heights wide; more is asked where the lines of
both sides stand on common rows, as cells do."""


def read_blocks(fragments: list[Fragment]) -> list[Block]:
    """All fragments as blocks of rows, in the order of reading."""
    blocks: list[Block] = []
    plain: list[Fragment] = []
    atoms = _bands(fragments)
    start = 0
    while start < len(atoms):
        end, columns = _band_at(atoms, start)
        if columns:
            if plain:
                blocks.append(group_rows(plain))
                plain = []
            for column in columns:
                blocks.extend(read_blocks(column))
        else:
            plain.extend(fragment for atom in atoms[start:end] for fragment in atom)
        start = end
    if plain:
        blocks.append(group_rows(plain))
    return blocks


def group_rows(fragments: list[Fragment]) -> Block:
    """Fragments of one column as rows from top to bottom, each from left to right."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda f: f.middle):
        for row in reversed(rows[-4:]):
            if _stands_on(row, fragment):
                row.append(fragment)
                break
        else:
            rows.append([fragment])
    rows.sort(key=lambda row: sum(f.middle for f in row) / len(row))
    return [tuple(sorted(row, key=lambda f: f.left)) for row in rows]


def _stands_on(row: list[Fragment], fragment: Fragment) -> bool:
    """Whether a fragment continues a row, seen from the row's nearest fragment."""
    nearest = min(row, key=lambda f: max(f.left - fragment.right, fragment.left - f.right))
    overlap = min(nearest.right, fragment.right) - max(nearest.left, fragment.left)
    if overlap > 0.3 * min(nearest.width, fragment.width):
        return False
    shared = min(nearest.bottom, fragment.bottom) - max(nearest.top, fragment.top)
    return shared > 0.5 * min(nearest.height, fragment.height)


def _bands(fragments: list[Fragment]) -> list[list[Fragment]]:
    """The page cut at every height where a level line meets no fragment's core."""
    atoms: list[list[Fragment]] = []
    reach = float("-inf")
    for fragment in sorted(fragments, key=_core_top):
        if _core_top(fragment) >= reach:
            atoms.append([])
        atoms[-1].append(fragment)
        reach = max(reach, fragment.middle + fragment.height * _CORE / 2)
    return atoms


def _core_top(fragment: Fragment) -> float:
    return fragment.middle - fragment.height * _CORE / 2


@dataclass(slots=True)
class _Span:
    """A stretch of the level axis that is covered by fragments."""

    left: float
    right: float


def _band_at(atoms: list[list[Fragment]], start: int) -> tuple[int, list[list[Fragment]]]:
    """The longest band from ``start`` that has columns: where it ends, and its columns.

    Without columns its atoms are to be read row by row.
    """
    for end, gutters in reversed(_gutter_runs(atoms, start)):
        columns = _columns(atoms[start:end], gutters)
        if not columns:
            continue
        if _stand_apart(atoms[start], atoms[start + 1]):
            break
        while end - start > 2 and _stand_apart(atoms[end - 2], atoms[end - 1]):
            end -= 1
        return end, _columns(atoms[start:end], gutters)
    return start + 1, []


def _gutter_runs(atoms: list[list[Fragment]], start: int) -> list[tuple[int, list[float]]]:
    """How far down from ``start`` gutters stay open: ends with what is open up to there.

    An end is noted wherever a gutter closes, so that later ones have fewer gutters.
    """
    page = [fragment for atom in atoms for fragment in atom]
    right_end = max(f.right for f in page)
    left_end = min(f.left for f in page)
    min_width = _MIN_GUTTER * median(f.height for f in page)
    spans: list[_Span] = []
    runs: list[tuple[int, list[float]]] = []
    opened: list[float] = []
    for number in range(start, len(atoms)):
        spans = _cover(spans, atoms[number])
        still_open = _gutters(spans, min_width)
        if any(_covered(gutter, spans) for gutter in opened):
            runs.append((number, opened))
        opened = still_open
        if not opened and spans[-1].right - spans[0].left > 0.8 * (right_end - left_end):
            break
    if opened:
        runs.append((len(atoms), opened))
    return [(end, gutters) for end, gutters in runs if end - start > 1]


def _covered(x: float, spans: list[_Span]) -> bool:
    return any(span.left < x < span.right for span in spans)


def _cover(spans: list[_Span], fragments: list[Fragment]) -> list[_Span]:
    merged: list[_Span] = []
    pieces = [(span.left, span.right) for span in spans]
    for fragment in fragments:
        air = min(_AIR * fragment.height, fragment.width / 4)
        pieces.append((fragment.left + air, fragment.right - air))
    for left, right in sorted(pieces):
        if merged and left <= merged[-1].right:
            merged[-1].right = max(merged[-1].right, right)
        else:
            merged.append(_Span(left, right))
    return merged


def _gutters(spans: list[_Span], min_width: float) -> list[float]:
    return [
        (before.right + after.left) / 2
        for before, after in pairwise(spans)
        if after.left - before.right >= min_width
    ]


def _columns(band: list[list[Fragment]], gutters: list[float]) -> list[list[Fragment]]:
    """The band's fragments column by column; empty if they are cells, not columns."""
    edges = [float("-inf"), *gutters, float("inf")]
    fragments = [fragment for atom in band for fragment in atom]
    strips = [
        [f for f in fragments if left < (f.left + f.right) / 2 < right]
        for left, right in pairwise(edges)
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
    """Whether fragments look like lines of running text: wide, full, not mere numbers."""
    usual = sorted(fragment.width for fragment in fragments)[len(fragments) * 4 // 5]
    if usual < min_width * median(fragment.height for fragment in fragments):
        return False
    share = _FULL_LINE if len(fragments) > _FEW_LINES else _FULL_LINE_OF_FEW
    full = sum(fragment.width >= share * usual for fragment in fragments)
    letters = sum(char.isalpha() for fragment in fragments for char in fragment.text)
    signs = sum(len(fragment.text) for fragment in fragments)
    return full >= 0.6 * len(fragments) and letters > 0.5 * signs


def _is_roomy(fragments: list[Fragment]) -> bool:
    """Whether a strip is wide enough for running text, whatever stands in it."""
    width = max(f.right for f in fragments) - min(f.left for f in fragments)
    return width >= 2 * _MIN_WIDTH * median(f.height for f in fragments)


def _share_rows(left: Block, right: Block) -> bool:
    """Whether the rows of both sides stand at the same heights, more than by chance.

    A constant offset between the sides is allowed: photographed pages are bent.
    """
    few, many = sorted((left, right), key=len)
    heights = [row[0].middle for row in many]
    offsets = [min((other - row[0].middle for other in heights), key=abs) for row in few]
    offset = median(offsets)
    tolerance = 0.2 * median(row[0].height for row in few)
    met = sum(abs(other - offset) < tolerance for other in offsets) / len(few)
    pitch = (heights[-1] - heights[0]) / len(heights)
    chance = min(1.0, 2 * tolerance / pitch) if pitch else 1.0
    return met > (1 + chance) / 2


def _stand_apart(above: list[Fragment], below: list[Fragment]) -> bool:
    """Whether white separates two atoms, as it does running heads, footers and numbers."""
    gap = min(f.top for f in below) - max(f.bottom for f in above)
    return gap > 1.5 * median(f.height for f in above + below)
