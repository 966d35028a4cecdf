"""Where paragraphs begin and end among the rows of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrportal.exporters.reading_order import Block, Row
from ocrportal.exporters.spacing import is_han_like

_SENTENCE_END = tuple("。！？!?.…：:；;”」』")
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


@dataclass(frozen=True, slots=True)
class _Column:
    """Measures of the column that a block fills; pixels."""

    left: float
    right: float
    height: float
    pitch: float


def group_paragraphs(blocks: list[Block]) -> list[list[Row]]:
    """The rows of all blocks as paragraphs, in the order of reading.

    A paragraph may run on from the foot of one column to the head of the next.
    """
    paragraphs: list[list[Row]] = []
    previous: _Column | None = None
    for block in blocks:
        column = _measure(block)
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


def _measure(block: Block) -> _Column:
    rights = sorted(row[-1].right for row in block)
    pitches = [_middle(b) - _middle(a) for a, b in pairwise(block)]
    height = median(_height(row) for row in block)
    return _Column(
        left=min(row[0].left for row in block),
        # One row that sticks out, such as a page header, does not make the column wider.
        right=rights[-2] if len(rights) > 3 else rights[-1],
        height=height,
        pitch=min(_usual(pitches), 2 * height) if pitches else height,
    )


def _usual(pitches: list[float]) -> float:
    """The line pitch of running text: the lower half of all pitches has no gaps in it."""
    return median(sorted(pitches)[: len(pitches) // 2 + 1])


def _begins_paragraph(paragraph: list[Row], row: Row, column: _Column) -> bool:
    last = paragraph[-1]
    if _is_split(last) or _is_split(row):
        return True
    if _middle(row) - _middle(last) > max(1.4 * column.pitch, column.pitch + 0.4 * column.height):
        return True
    if max(_height(row), _height(last)) > 1.5 * min(_height(row), _height(last)):
        return True
    if _has_room_for(last, row, column):
        return True
    text = row[0].text
    if _BULLET.match(text) and not last[-1].text.endswith("-"):
        return True
    if _NUMBER.match(text) and last[-1].text.endswith(_SENTENCE_END):
        return True
    return _indent_begins(paragraph, row, column)


def _indent_begins(paragraph: list[Row], row: Row, column: _Column) -> bool:
    """Whether the left edge says that a row begins a paragraph."""
    first, last = paragraph[0], paragraph[-1]
    step = row[0].left - last[0].left
    if step > _INDENT * column.height:
        hangs = len(paragraph) == 1 and _is_item(first[0].text)
        return not hangs
    if step < -_INDENT * column.height:
        # The second row of a paragraph moves out after an indented first one; a later
        # row that moves out leaves a list item with a hanging indent.
        return len(paragraph) > 1
    return False


def _runs_on(paragraph: list[Row], before: _Column, row: Row, after: _Column) -> bool:
    """Whether a paragraph continues from the foot of one column to the head of another."""
    last = paragraph[-1]
    if _is_split(last) or _is_split(row) or last[-1].text.endswith(_SENTENCE_END):
        return False
    if abs(before.height - after.height) > 0.2 * before.height:
        return False
    if max(_height(row), _height(last)) > 1.25 * min(_height(row), _height(last)):
        return False
    indented = row[0].left - after.left > _INDENT * after.height
    return not indented and not _is_item(row[0].text) and not _has_room_for(last, row, before)


def _has_room_for(last: Row, row: Row, column: _Column) -> bool:
    """Whether the next row's first word would have fitted at the end of the last row."""
    text = row[0].text
    fragment = row[0]
    if is_han_like(text[0]):
        needed = 1.5 * column.height
    else:
        word = text.split(maxsplit=1)[0]
        share = min(len(word) + 1, len(text)) / len(text)
        needed = max(share * fragment.width, column.height) + 0.7 * column.height
    return column.right - last[-1].right > needed


def _is_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _is_split(row: Row) -> bool:
    """Whether a row consists of cells: fragments with a wide gap between them."""
    return any(after.left - before.right > 1.5 * before.height for before, after in pairwise(row))


def _middle(row: Row) -> float:
    return sum(fragment.middle for fragment in row) / len(row)


def _height(row: Row) -> float:
    return max(fragment.height for fragment in row)
