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

from ocrportal.exporters.fragments import Fragment

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
"""A fragment at least this share of the usual width is a full line of running text."""
_FEW_LINES = 8
_FULL_LINE_OF_FEW = 0.85
"""Where columns are short their lines must be fuller to be told from long cells."""
_MIN_PROSE_WIDTH = 8.0
"""Running text is at least this many line heights wide; cells are often narrower."""


def read_blocks(fragments: list[Fragment]) -> list[Block]:
    """All fragments as blocks of rows, in the order of reading."""
    blocks: list[Block] = []
    plain: list[Fragment] = []
    atoms = _atoms(fragments)
    start = 0
    while start < len(atoms):
        band, columns = _band_at(atoms, start)
        if columns:
            if plain:
                blocks.append(group_rows(plain))
                plain = []
            for column in columns:
                blocks.extend(read_blocks(column))
        else:
            plain.extend(fragment for atom in atoms[start:band] for fragment in atom)
        start = band
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


def _atoms(fragments: list[Fragment]) -> list[list[Fragment]]:
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
    """The longest band from ``start`` that keeps a gutter: its end, and its columns.

    No columns means that the atoms up to the end are to be read row by row.
    """
    page = [fragment for atom in atoms for fragment in atom]
    page_width = max(f.right for f in page) - min(f.left for f in page)
    height = median(f.height for f in page)
    spans: list[_Span] = []
    end = start
    gutters: list[float] = []
    for number in range(start, len(atoms)):
        spans = _cover(spans, atoms[number])
        found = _gutters(spans, _MIN_GUTTER * height)
        if found:
            end, gutters = number + 1, found
        elif spans[-1].right - spans[0].left > 0.8 * page_width or gutters:
            break
    if not gutters:
        return start + 1, []
    band = atoms[start:end]
    columns = _columns(band, gutters)
    if not columns:
        return end, []
    while _one_sided_and_apart(band, height, columns):
        band = band[:-1]
    columns = _columns(band, gutters)
    return start + len(band), columns


def _cover(spans: list[_Span], fragments: list[Fragment]) -> list[_Span]:
    merged: list[_Span] = []
    pieces = [(span.left, span.right) for span in spans]
    pieces += [(f.left + _AIR * f.height, f.right - _AIR * f.height) for f in fragments]
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
    columns = [strips[0]]
    for before, after in pairwise(strips):
        if _are_columns(before, after):
            columns.append(after)
        else:
            columns[-1] = columns[-1] + after
    return columns if len(columns) > 1 else []


def _are_columns(left: list[Fragment], right: list[Fragment]) -> bool:
    """Whether two neighbours are columns of text, rather than cells of the same rows."""
    return _is_prose(left) and _is_prose(right)


def _is_prose(fragments: list[Fragment]) -> bool:
    """Whether fragments look like lines of running text: wide, and most of them full."""
    if len(fragments) < 3:
        return False
    widths = sorted(fragment.width for fragment in fragments)
    usual = widths[len(widths) * 4 // 5]
    share = _FULL_LINE if len(widths) > _FEW_LINES else _FULL_LINE_OF_FEW
    full = sum(width >= share * usual for width in widths)
    height = median(fragment.height for fragment in fragments)
    return usual >= _MIN_PROSE_WIDTH * height and full >= 0.6 * len(fragments)


def _one_sided_and_apart(
    band: list[list[Fragment]], height: float, columns: list[list[Fragment]]
) -> bool:
    """Whether the last atom stands below the columns, like a page number or footer."""
    if len(band) < 2:
        return False
    last = band[-1]
    sides = sum(any(fragment in column for fragment in last) for column in columns)
    gap = min(f.top for f in last) - max(f.bottom for f in band[-2])
    return sides == 1 and gap > 1.5 * height
