"""Where paragraphs begin and end among the rows of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from ocrportal.layout.columns import INDENT, SENTENCE_END, Column, row_height, row_middle
from ocrportal.layout.list_markers import BULLET, NUMBER
from ocrportal.layout.reading_order import Block, Row
from ocrportal.text import is_han_like

_CELL_GAP = 1.5
"""Fragments of a row that stand further apart than this, in line heights, are cells."""
_MARK_WIDTH = 2.5
"""A fragment narrower than this, in line heights, at a row's beginning is a list mark."""


@dataclass(slots=True)
class Group:
    """Rows that make a paragraph, and the columns in which it begins and ends."""

    column: Column
    end_column: Column
    rows: list[Row] = field(default_factory=list)

    @property
    def room(self) -> float:
        """The pixels that are free behind its last row."""
        return self.end_column.right_margin(self.rows[-1]) - self.rows[-1][-1].right


def group_paragraphs(blocks: list[Block]) -> list[Group]:
    """The rows of all blocks as paragraphs, in the order of reading.

    A paragraph may run on from the foot of one column to the head of the next.
    """
    groups: list[Group] = []
    previous: Column | None = None
    for block in blocks:
        column = Column(block)
        for position, row in enumerate(block):
            if position:
                begins = _begins_paragraph(groups[-1].rows, row, column)
            else:
                begins = previous is None or not _runs_on(groups[-1].rows, previous, row, column)
            if begins:
                groups.append(Group(column, column))
            groups[-1].rows.append(row)
            groups[-1].end_column = column
        previous = column
    return groups


def _begins_paragraph(paragraph: list[Row], row: Row, column: Column) -> bool:
    last = paragraph[-1]
    text, text_before = row[0].text, last[-1].text
    pitch = row_middle(row) - row_middle(last)
    return (
        column.is_verse
        or _has_cells(last)
        or _has_cells(row)
        or pitch > max(1.4 * column.pitch, column.pitch + 0.4 * column.height)
        or _differ_in_size(last, row, 1.5)
        or _has_room_for(last, row, column)
        or (bool(BULLET.match(text)) and not text_before.endswith("-"))
        or (bool(NUMBER.match(text)) and text_before.endswith(SENTENCE_END))
        or _indent_begins(paragraph, row, column)
    )


def _indent_begins(paragraph: list[Row], row: Row, column: Column) -> bool:
    """Whether the left edge says that a row begins a paragraph."""
    last = paragraph[-1]
    step = row[0].left - last[0].left
    indent = INDENT * column.height
    ended = last[-1].text.endswith(SENTENCE_END)
    if step > indent:
        hangs = len(paragraph) == 1 and _is_item(last)
        return not hangs or (ended and column.uses_indents and _steps_back_after(row, column))
    if step < -indent:
        # The second row of a paragraph moves out after an indented first one; a later
        # row that moves out leaves a list item with a hanging indent.
        return len(paragraph) > 1
    if not ended or row[0].left - column.left <= indent:
        return False
    # Two first lines of paragraphs, the first of which happens to fill its line; or one
    # under a list item that hangs as deep as it is indented: only it is followed by less.
    return len(paragraph) == 1 or _steps_back_after(row, column)


def _steps_back_after(row: Row, column: Column) -> bool:
    following = column.rows[column.rows.index(row) + 1 :][:1]
    return any(
        row[0].left - below[0].left > INDENT * column.height and not _is_item(below)
        for below in following
    )


def _runs_on(paragraph: list[Row], before: Column, row: Row, after: Column) -> bool:
    """Whether a paragraph continues from the foot of one column to the head of another."""
    last = paragraph[-1]
    return not (
        min(len(before.rows), len(after.rows)) < 3
        or _has_cells(last)
        or _has_cells(row)
        # Where paragraphs begin with an indent, a row without one goes on.
        or (last[-1].text.endswith(SENTENCE_END) and not after.uses_indents)
        or abs(before.height - after.height) > 0.2 * before.height
        or _differ_in_size(last, row, 1.25)
        or row[0].left - after.left > INDENT * after.height
        or _is_item(row)
        or _has_room_for(last, row, before)
    )


def _has_room_for(last: Row, row: Row, column: Column) -> bool:
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
    return _has_mark(row) or bool(BULLET.match(text) or NUMBER.match(text))


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
    return max(row_height(row), row_height(other)) > factor * min(
        row_height(row), row_height(other)
    )
