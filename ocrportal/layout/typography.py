"""Typography of a paragraph: type size, line pitch, alignment and indents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from ocrportal.layout.blocks import Alignment, TextStyle
from ocrportal.layout.columns import RowGroup
from ocrportal.layout.fragments import Rows, row_middle
from ocrportal.layout.list_markers import list_marker
from ocrportal.text import leading_han, text_width

_BOX_TO_TYPE = 1.35
"""Height of a detector's box around a line of text, in type sizes."""
_MIN_BOX, _MAX_BOX = 1.0, 2.0
"""Limits of that height. Widths alone mislead for letter-spaced titles and wrong characters."""
_MIN_MEASURED = 4
"""Characters of the shortest text whose width shows its type size."""
_TOLERANCE = 0.8
"""Edges that differ by less than this, in ems, count as the same."""
_MIN_ROWS = 3
"""Rows of the shortest column that shows its own edges."""


def style_of(group: RowGroup, page_edges: tuple[float, float]) -> TextStyle:
    """The style of a paragraph within its column or, if that has few rows, within the page."""
    em = type_size(group.rows)
    column = group.column
    rows = [row for row in group.rows if row in column.rows]
    left, right = page_edges
    if len(column.rows) >= _MIN_ROWS:
        left, right = column.left, max(column.right, max(row[-1].rect.right for row in rows))
    pitches = [
        row_middle(below) - row_middle(above)
        for above, below in pairwise(rows)
        if below[0].rect.top > above[0].rect.top
    ]
    alignment = _alignment(rows, left, right, em)
    first = max(0.0, rows[0][0].rect.left - left) / em
    rest = max(0.0, min((row[0].rect.left for row in rows[1:]), default=left) - left) / em
    if alignment in ("centre", "right"):
        first = rest = 0.0
    elif len(rows) == 1 and not _TOLERANCE < first < 4 * _TOLERANCE:
        rest = first
    return TextStyle(
        size=em,
        line_pitch=median(pitches) if pitches else 0.0,
        alignment=alignment,
        left_indent=rest if rest > _TOLERANCE else 0.0,
        first_line_indent=first - rest if abs(first - rest) > _TOLERANCE else 0.0,
        room=group.room / em if len(group.end_column.rows) >= _MIN_ROWS else math.inf,
    )


def has_room_for(style: TextStyle, text: str) -> bool:
    """Whether the first word of ``text`` would have fitted into the last line of a paragraph."""
    inseparable = leading_han(text)
    word = text[:inseparable] if inseparable else text.split(maxsplit=1)[0]
    return style.room > (1.0 if inseparable else 0.9) + text_width(word)


def type_size(rows: Rows) -> float:
    """The type size of some rows in pixels.

    Unless it is known, it is measured by the widths of texts, since the margins of a detector's
    boxes vary. Text rotated by 90° beside horizontal text counts as if it were horizontal.
    """
    known = [(fragment.type_size, len(fragment.text)) for row in rows for fragment in row]
    if all(size for size, _ in known):
        return weighted_median(known)
    heights: list[float] = []
    width = ems = 0.0
    for row in rows:
        height = 0.0
        for fragment in row:
            along, across = fragment.rect.width, fragment.rect.height
            if len(fragment.text) >= _MIN_MEASURED:
                along, across = max(along, across), min(along, across)
                width += along
                ems += text_width(fragment.text)
            height = max(height, across)
        heights.append(height)
    box = median(heights)
    if not ems:
        return max(box / _BOX_TO_TYPE, 1.0)
    return max(box / _MAX_BOX, min(width / ems, box / _MIN_BOX), 1.0)


def weighted_median(weighted: Iterable[tuple[float, int]]) -> float:
    """The median of at least one value, each counted as often as given by its weight."""
    values = sorted(weighted)
    half = sum(weight for _, weight in values) / 2
    for value, weight in values:
        half -= weight
        if half <= 0:
            return value
    return values[-1][0]


def _alignment(rows: Rows, left: float, right: float, em: float) -> Alignment:
    tolerance = _TOLERANCE * em
    starts = [row[0].rect.left - left for row in rows]
    ends = [right - row[-1].rect.right for row in rows]
    middles = [abs(start - end) / 2 for start, end in zip(starts, ends, strict=True)]
    is_block = len(rows) > 2 and max(starts) - min(starts) < tolerance  # as of a quotation
    is_centred = all(middle < tolerance for middle in middles) and not is_block
    if is_centred and min(starts) > 2 * em and min(ends) > 2 * em:
        return "left" if list_marker(rows[0][0].text) else "centre"
    if len(rows) == 1:
        return "right" if ends[0] < tolerance and starts[0] > (right - left) / 3 else "left"
    if all(end < tolerance for end in ends) and max(starts) - min(starts) > 6 * em:
        return "right"
    full = ends[:-1]
    if len(full) > 1 or starts[-1] < tolerance:
        meet = sum(abs(end - median(full)) < tolerance / 2 for end in full)
        return "justified" if meet > 0.8 * len(full) and median(full) < tolerance else "left"
    return "left"
