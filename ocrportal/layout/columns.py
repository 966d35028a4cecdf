"""The measures of a column of rows: its edges, its type, its line pitch."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from ocrportal.layout.reading_order import Block, Row

SENTENCE_END = tuple("。！？!?.…：:；;”」』")
_PAUSE = (*SENTENCE_END, "，", ",", "、")
INDENT = 0.6
"""A left edge moved by more than this, in line heights, is meant to be seen."""
_WIDE_ENOUGH = 12.0
"""Narrowest stretch, in line heights, that can have a right margin of its own within its
column, as framed text has; verses and addresses are narrower."""
_VERSE_WIDTH = 20.0
"""Verse is narrower than this, in line heights; and nearly all its lines end in a pause."""


class Column:
    """Measures of the column that a block of rows fills; pixels."""

    def __init__(self, block: Block) -> None:
        rights = sorted(row[-1].right for row in block)
        pitches = [row_middle(b) - row_middle(a) for a, b in pairwise(block)]
        self.rows = block
        self.left = min(row[0].left for row in block)
        # One row that sticks out, such as a page header, does not make the column wider.
        self.right = rights[-2] if len(rights) > 3 else rights[-1]
        self.height = median(row_height(row) for row in block)
        self.pitch = min(_usual(pitches), 2 * self.height) if pitches else self.height
        ended = sum(row[-1].text.endswith(_PAUSE) for row in block)
        self.is_verse = (
            len(block) >= 3
            and ended >= 0.7 * len(block)
            and self.right - self.left < _VERSE_WIDTH * self.height
        )
        self.uses_indents = self._steps_back() >= 2
        """Whether paragraphs begin with an indent here."""

    def right_margin(self, row: Row) -> float:
        """How far this row could have reached: the column's edge, or that of a frame.

        Rows in a frame, or beside a picture, show its edge by ending alike: two of them
        if they follow each other, three if they begin alike.
        """
        end, indent = row[-1].right, INDENT * self.height
        if end - row[-1].left < _WIDE_ENOUGH * self.height:
            return self.right
        place = self.rows.index(row)
        beside = self.rows[max(place - 1, 0) : place + 2]
        begin_alike = [other for other in self.rows if abs(other[-1].left - row[-1].left) < indent]
        for rows, enough in ((beside, 2), (begin_alike, 3)):
            if sum(abs(other[-1].right - end) < indent for other in rows) >= enough:
                return end
        return self.right

    def _steps_back(self) -> int:
        """How often the row after an indented one stands at the column's edge again."""
        least, most = 1.2 * self.height, 4 * self.height
        return sum(
            least < above[0].left - below[0].left < most
            and below[0].left - self.left < INDENT * self.height
            for above, below in pairwise(self.rows)
        )


def _usual(pitches: list[float]) -> float:
    """The line pitch of running text: the lower half of all pitches has no gaps in it."""
    return median(sorted(pitches)[: len(pitches) // 2 + 1])


def row_middle(row: Row) -> float:
    return sum(fragment.middle for fragment in row) / len(row)


def row_height(row: Row) -> float:
    return max(fragment.height for fragment in row)
