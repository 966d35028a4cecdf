"""How a paragraph is set: the size of its type, its alignment, its indents."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ocrportal.layout.columns import row_height, row_middle
from ocrportal.layout.fragments import Fragment
from ocrportal.layout.list_markers import mark_of
from ocrportal.layout.paragraphs import Group
from ocrportal.layout.reading_order import Row
from ocrportal.layout.style import Alignment, TextStyle
from ocrportal.text import is_han_like

_BOX_TO_TYPE = 1.35
"""Height of a detector's box around a line of text in the size of its type."""
_MIN_BOX, _MAX_BOX = 1.0, 2.0
"""No box is outside these: wide-set titles and read wrongly, widths alone mislead."""
_TELLING_LENGTH = 4
"""A text this long (in characters) tells the size of its type by its width."""
_SLACK = 0.8
"""Edges that differ by less than this, in ems, are meant to be the same."""
_NARROW_ROWS = 3
"""A column of fewer rows than this shows no edges of its own."""


def style_of(group: Group, page_edges: tuple[float, float]) -> TextStyle:
    """The style of a paragraph within its column or, if that has few lines, within the page."""
    em = type_size(group.rows)
    column = group.column
    rows = [row for row in group.rows if row in column.rows]
    left, right = page_edges
    if len(column.rows) >= _NARROW_ROWS:
        left, right = column.left, max(column.right, max(row[-1].right for row in rows))
    pitches = [row_middle(b) - row_middle(a) for a, b in pairwise(rows) if b[0].top > a[0].top]
    alignment = _alignment(rows, left, right, em)
    first = max(0.0, rows[0][0].left - left) / em
    rest = max(0.0, min((row[0].left for row in rows[1:]), default=left) - left) / em
    if alignment in ("centre", "right"):
        first = rest = 0.0
    elif len(rows) == 1 and not _SLACK < first < 4 * _SLACK:
        rest = first
    return TextStyle(
        size=em,
        line_pitch=median(pitches) if pitches else 0.0,
        alignment=alignment,
        left_indent=rest if rest > _SLACK else 0.0,
        first_line_indent=first - rest if abs(first - rest) > _SLACK else 0.0,
        room=group.room / em if len(group.end_column.rows) >= _NARROW_ROWS else math.inf,
    )


def has_room_for(style: TextStyle, text: str) -> bool:
    """Whether the first word of ``text`` would have fitted into the last line of a paragraph."""
    word = text.split(maxsplit=1)[0]
    return style.room > (2.0 if is_han_like(word[0]) else text_width(word) + 0.9)


def type_size(rows: list[Row]) -> float:
    """The size of type in pixels, judged by widths: boxes are drawn with more or less air."""
    rows = [tuple(map(_lying, row)) for row in rows]
    fragments = [fragment for row in rows for fragment in row]
    height = median(row_height(row) for row in rows)
    telling = [f for f in fragments if len(f.text) >= _TELLING_LENGTH]
    if not telling:
        return max(height / _BOX_TO_TYPE, 1.0)
    by_width = sum(f.width for f in telling) / sum(text_width(f.text) for f in telling)
    return max(height / _MAX_BOX, min(by_width, height / _MIN_BOX), 1.0)


def _lying(fragment: Fragment) -> Fragment:
    """A fragment as it is set; one that stands on its end beside level text, laid down."""
    if len(fragment.text) < _TELLING_LENGTH or fragment.height <= fragment.width:
        return fragment
    right, bottom = fragment.left + fragment.height, fragment.top + fragment.width
    return replace(fragment, right=right, bottom=bottom)


def text_width(text: str) -> float:
    """The width of a text in ems, as an average font for print sets it."""
    return sum(map(_width, text))


def _width(char: str) -> float:
    if is_han_like(char):
        return 1.0
    if char.isspace() or char in ".,;:'!|()[]":
        return 0.28
    if char.isupper():
        return 0.68
    return 0.46


def _alignment(rows: list[Row], left: float, right: float, em: float) -> Alignment:
    slack = _SLACK * em
    starts = [row[0].left - left for row in rows]
    ends = [right - row[-1].right for row in rows]
    middles = [abs(start - end) / 2 for start, end in zip(starts, ends, strict=True)]
    is_block = len(rows) > 2 and max(starts) - min(starts) < slack  # as of a quotation
    is_centred = all(middle < slack for middle in middles) and not is_block
    if is_centred and min(starts) > 2 * em and min(ends) > 2 * em:
        return "left" if mark_of(rows[0][0].text) else "centre"
    if len(rows) == 1:
        return "right" if ends[0] < slack and starts[0] > (right - left) / 3 else "left"
    if all(end < slack for end in ends) and max(starts) - min(starts) > 6 * em:
        return "right"
    full = ends[:-1]
    if len(full) > 1 or starts[-1] < slack:
        meet = sum(abs(end - median(full)) < slack / 2 for end in full)
        return "justified" if meet > 0.8 * len(full) and median(full) < slack else "left"
    return "left"
