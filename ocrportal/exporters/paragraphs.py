"""Where paragraphs begin and end among the rows of a page."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from ocrportal.exporters.reading_order import Block, Row
from ocrportal.exporters.spacing import is_han_like

_SENTENCE_END = tuple("。！？!?.…：:；;”」』")
_PAUSE = (*_SENTENCE_END, "，", ",", "、")
_BULLET = re.compile(r"\s*[•·●○◦▪■□◆◇►▶※★☆✓*\-–—]\s?\S")
_NUMBER = re.compile(
    r"""\s*(
        [(（]?\d{1,3}[)）.．、]\s?\D            # 1.  (1)  1、
      | \d{1,3}(\.\d{1,3}){1,3}\.?\s?[^\d\s]    # 1.2  1.2.3
      | [(（]?[一二三四五六七八九十百]{1,4}[)）、.．]  # 一、 （二）
      | [(（]?[A-Za-z][)）.．、]\s?\S             # a) A.
      | 第[一二三四五六七八九十百零〇\d]{1,5}[章节節条條款项項部篇]
      | [①-⑳]
    )""",
    re.VERBOSE,
)


_INDENT = 0.6
"""A left edge moved by more than this, in line heights, is meant to be seen."""
_WIDE_ENOUGH = 12.0
"""Narrowest stretch, in line heights, that can have a right margin of its own within its
column, as framed text has; verses and addresses are narrower."""
_VERSE_WIDTH = 20.0
"""Verse is narrower than this, in line heights; and nearly all its lines end in a pause."""
_CELL_GAP = 1.5
"""Fragments of a row that stand further apart than this, in line heights, are cells."""
_MARK_WIDTH = 2.5
"""A fragment narrower than this, in line heights, at a row's beginning is a list mark."""


class _Column:
    """Measures of the column that a block of rows fills; pixels."""

    def __init__(self, block: Block) -> None:
        rights = sorted(row[-1].right for row in block)
        pitches = [_middle(b) - _middle(a) for a, b in pairwise(block)]
        self.rows = block
        self.left = min(row[0].left for row in block)
        # One row that sticks out, such as a page header, does not make the column wider.
        self.right = rights[-2] if len(rights) > 3 else rights[-1]
        self.height = median(_height(row) for row in block)
        self.pitch = min(_usual(pitches), 2 * self.height) if pitches else self.height
        ended = sum(row[-1].text.endswith(_PAUSE) for row in block)
        self.is_verse = (
            len(block) >= 3
            and ended >= 0.7 * len(block)
            and self.right - self.left < _VERSE_WIDTH * self.height
        )

    def right_margin(self, row: Row) -> float:
        """How far this row could have reached: the column's edge, or that of a frame.

        Rows in a frame, or beside a picture, show its edge by ending alike: two of them
        if they follow each other, three if they begin alike.
        """
        end, indent = row[-1].right, _INDENT * self.height
        if end - row[-1].left < _WIDE_ENOUGH * self.height:
            return self.right
        place = self.rows.index(row)
        beside = self.rows[max(place - 1, 0) : place + 2]
        begin_alike = [other for other in self.rows if abs(other[-1].left - row[-1].left) < indent]
        for rows, enough in ((beside, 2), (begin_alike, 3)):
            if sum(abs(other[-1].right - end) < indent for other in rows) >= enough:
                return end
        return self.right


def group_paragraphs(blocks: list[Block]) -> list[list[Row]]:
    """The rows of all blocks as paragraphs, in the order of reading.

    A paragraph may run on from the foot of one column to the head of the next.
    """
    paragraphs: list[list[Row]] = []
    previous: _Column | None = None
    for block in blocks:
        column = _Column(block)
        for position, row in enumerate(block):
            if position:
                begins = _begins_paragraph(paragraphs[-1], row, column)
            else:
                begins = previous is None or not _runs_on(paragraphs[-1], previous, row, column)
            if begins:
                paragraphs.append([])
            paragraphs[-1].append(row)
        previous = column
    return paragraphs


def _usual(pitches: list[float]) -> float:
    """The line pitch of running text: the lower half of all pitches has no gaps in it."""
    return median(sorted(pitches)[: len(pitches) // 2 + 1])


def _begins_paragraph(paragraph: list[Row], row: Row, column: _Column) -> bool:
    last = paragraph[-1]
    text, text_before = row[0].text, last[-1].text
    pitch = _middle(row) - _middle(last)
    return (
        column.is_verse
        or _has_cells(last)
        or _has_cells(row)
        or pitch > max(1.4 * column.pitch, column.pitch + 0.4 * column.height)
        or _differ_in_size(last, row, 1.5)
        or _has_room_for(last, row, column)
        or (bool(_BULLET.match(text)) and not text_before.endswith("-"))
        or (bool(_NUMBER.match(text)) and text_before.endswith(_SENTENCE_END))
        or _indent_begins(paragraph, row, column)
    )


def _indent_begins(paragraph: list[Row], row: Row, column: _Column) -> bool:
    """Whether the left edge says that a row begins a paragraph."""
    last = paragraph[-1]
    step = row[0].left - last[0].left
    indent = _INDENT * column.height
    if step > indent:
        hangs = len(paragraph) == 1 and _is_item(last)
        return not hangs
    if step < -indent:
        # The second row of a paragraph moves out after an indented first one; a later
        # row that moves out leaves a list item with a hanging indent.
        return len(paragraph) > 1
    # Two first lines of paragraphs, the first of which happens to fill its line.
    both_indented = len(paragraph) == 1 and row[0].left - column.left > indent
    return both_indented and last[-1].text.endswith(_SENTENCE_END)


def _runs_on(paragraph: list[Row], before: _Column, row: Row, after: _Column) -> bool:
    """Whether a paragraph continues from the foot of one column to the head of another."""
    last = paragraph[-1]
    return not (
        min(len(before.rows), len(after.rows)) < 3
        or _has_cells(last)
        or _has_cells(row)
        or last[-1].text.endswith(_SENTENCE_END)
        or abs(before.height - after.height) > 0.2 * before.height
        or _differ_in_size(last, row, 1.25)
        or row[0].left - after.left > _INDENT * after.height
        or _is_item(row)
        or _has_room_for(last, row, before)
    )


def _has_room_for(last: Row, row: Row, column: _Column) -> bool:
    """Whether the next row's first word would have fitted at the end of the last row."""
    text = row[0].text
    if is_han_like(text[0]):
        needed = 1.5 * column.height
    else:
        word = text.split(maxsplit=1)[0]
        share = min(len(word) + 1, len(text)) / len(text)
        needed = max(share * row[0].width, column.height) + 0.7 * column.height
    return column.right_margin(last) - last[-1].right > needed


def _is_item(row: Row) -> bool:
    text = row[0].text
    return _has_mark(row) or bool(_BULLET.match(text) or _NUMBER.match(text))


def _has_mark(row: Row) -> bool:
    return len(row) > 1 and row[0].width < _MARK_WIDTH * row[0].height


def _has_cells(row: Row) -> bool:
    """Whether a row consists of cells: fragments with a wide gap between them."""
    fragments = row[1:] if _has_mark(row) else row
    return any(
        after.left - before.right > _CELL_GAP * before.height
        for before, after in pairwise(fragments)
    )


def _differ_in_size(row: Row, other: Row, factor: float) -> bool:
    return max(_height(row), _height(other)) > factor * min(_height(row), _height(other))


def _middle(row: Row) -> float:
    return sum(fragment.middle for fragment in row) / len(row)


def _height(row: Row) -> float:
    return max(fragment.height for fragment in row)
