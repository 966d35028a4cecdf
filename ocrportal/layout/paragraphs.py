"""Paragraphs: which rows of a page belong together."""

from __future__ import annotations

from itertools import pairwise

from ocrportal.layout.columns import INDENT, SENTENCE_END, Column, RowGroup
from ocrportal.layout.fragments import Fragment, Row, Rows, row_height, row_middle
from ocrportal.layout.leaders import ends_with_page
from ocrportal.layout.list_markers import (
    BULLET,
    NUMBER,
    PAGE_NUMBER,
    REFERENCE_MARK,
    note_number,
)
from ocrportal.layout.typography import type_size
from ocrportal.text import leading_han

_CELL_GAP = 1.5
"""Fragments of a row with a wider gap between them, in line heights, are cells."""
_MAX_ASIDE = 8
"""Paragraphs among which the text before footnotes and a page number is searched."""
_SMALLER = 0.93
"""Type size of a footnote divided by that of the text before it, at most."""
_MEASURED = 4
"""Rows at the end of a paragraph whose type size is measured."""
_TITLE = 1.5
"""Height of the rows of a title divided by that of the rows of its column, at least."""
_TITLE_PITCH = 1.3
"""Line pitch of a title in the heights of its rows, at most."""
_OTHER_SIZE = 1.1
"""The factor from which two known sizes differ."""
_BY_WIDTH = 0.4
"""Share of the difference in height that the widths of letters, which vary more, must show."""
_MARKER_WIDTH = 2.5
"""A fragment narrower than this, in line heights, at the start of a row is a list marker."""


def group_paragraphs(blocks: list[Rows]) -> list[RowGroup | Fragment]:
    """The rows of all blocks as paragraphs, in reading order, and the areas among them.

    A paragraph may continue from the end of one column at the start of the next, or below an
    area, which then follows the paragraph.
    """
    found: list[RowGroup | Fragment] = []
    group: RowGroup | None = None
    crosses_area = False
    for block in blocks:
        if block[0][0].is_area:
            found.append(block[0][0])
            crosses_area = True
            continue
        column = Column(block)
        for position, row in enumerate(block):
            if group is None:
                begins = True
            elif position:
                begins = _begins_paragraph(group.rows, row, column)
            else:
                group = _text_before(found, group)
                begins = not _continues(group.rows, group.end_column, row, column)
                # A caption that ends where the row above it happens to end is not a full row.
                begins = begins or (crosses_area and _is_short(group))
            if group is None or begins:
                group = RowGroup(column, column)
                found.append(group)
            group.rows.append(row)
            group.end_column = column
        crosses_area = False
    return found


def _text_before(found: list[RowGroup | Fragment], last: RowGroup) -> RowGroup:
    """The last paragraph without the footnotes and page number at the end of its column."""
    aside: list[RowGroup] = []
    for group in reversed(found[-_MAX_ASIDE:]):
        if not isinstance(group, RowGroup):
            break
        text = group.rows[0][0].text
        if (len(group.rows) == 1 and PAGE_NUMBER.fullmatch(text)) or REFERENCE_MARK.match(text):
            aside.append(group)
            continue
        notes = [note for note in aside if not PAGE_NUMBER.fullmatch(note.rows[0][0].text)]
        if not notes:
            return group
        size = _SMALLER * type_size(group.rows[-_MEASURED:])
        return group if all(type_size(note.rows) < size for note in notes) else last
    return last


def _is_short(group: RowGroup) -> bool:
    """Whether the last row of a paragraph ends before the right edge of its column."""
    column = group.end_column
    return column.right - group.rows[-1][-1].rect.right > 2 * column.height


def _begins_paragraph(paragraph: Rows, row: Row, column: Column) -> bool:
    """Whether a row begins a paragraph rather than continues the one above it."""
    last = paragraph[-1]
    text, text_before = row[0].text, last[-1].text
    pitch = row_middle(row) - row_middle(last)
    return (
        column.is_verse
        or column.has_entries
        or row in column.numbered
        or ends_with_page(text_before)
        or _has_cells(last)
        or _has_cells(row)
        or (pitch > _max_pitch(column) and not _are_of_one_title(last, row, column))
        or _differ_in_size(last, row, 1.5)
        or _differ_in_type(last, row)
        or _has_room_for(last, row, column)
        or (bool(BULLET.match(text)) and not text_before.endswith("-"))
        or (bool(NUMBER.match(text)) and text_before.endswith(SENTENCE_END))
        or (_is_next_note(paragraph[0], row) and text_before.endswith(SENTENCE_END))
        or _indent_begins(paragraph, row, column)
    )


def _is_next_note(first: Row, row: Row) -> bool:
    """Whether a row begins with the reference mark that follows the one of a paragraph."""
    marks = [REFERENCE_MARK.match(each[0].text) for each in (first, row)]
    numbers = [note_number(mark["mark"]) for mark in marks if mark]
    return len(numbers) == 2 and 0 < numbers[0] == numbers[1] - 1


def _differ_in_type(last: Row, row: Row) -> bool:
    """Whether two rows are known to be of different types: sizes, or bold and not."""
    if not all(fragment.type_size for fragment in (*last, *row)):
        return False
    above, below = type_size([last]), type_size([row])
    in_bold = [all(fragment.is_bold for fragment in each) for each in (last, row)]
    return max(above, below) > _OTHER_SIZE * min(above, below) or in_bold == [True, False]


def _max_pitch(column: Column) -> float:
    return max(1.4 * column.pitch, column.pitch + 0.4 * column.height)


def _are_of_one_title(last: Row, row: Row, column: Column) -> bool:
    """Whether two rows in much larger type than their column are as close as lines of a title."""
    heights = row_height(last), row_height(row)
    return (
        min(heights) > _TITLE * column.height
        and not _differ_in_size(last, row, 1.25)
        and row_middle(row) - row_middle(last) < _TITLE_PITCH * min(heights)
    )


def _indent_begins(paragraph: Rows, row: Row, column: Column) -> bool:
    """Whether the left edge of a row shows that a paragraph begins."""
    last = paragraph[-1]
    step = row[0].rect.left - last[0].rect.left
    indent = INDENT * column.height
    ended = last[-1].text.endswith(SENTENCE_END)
    if step > indent:
        is_hanging = len(paragraph) == 1 and _is_item(last)
        return not is_hanging or (ended and column.uses_indents and _is_indented_line(row, column))
    if step < -indent:
        # The second row is further left after an indented first one; a later row that is
        # further left ends a list item with a hanging indent.
        return len(paragraph) > 1
    if not ended or row[0].rect.left - column.left <= indent:
        return False
    # Either both are first lines, and the one above happens to be full; or the row follows a
    # list item whose hanging indent equals its own: then the next row is further left.
    return len(paragraph) == 1 or _is_indented_line(row, column)


def _is_indented_line(row: Row, column: Column) -> bool:
    """Whether the next row is further left and not a list item."""
    following = column.rows[column.rows.index(row) + 1 :][:1]
    return any(
        row[0].rect.left - below[0].rect.left > INDENT * column.height and not _is_item(below)
        for below in following
    )


def _continues(paragraph: Rows, before: Column, row: Row, after: Column) -> bool:
    """Whether a paragraph at the end of one column continues at the start of the next."""
    last = paragraph[-1]
    return not (
        min(len(before.rows), len(after.rows)) < 3
        or ends_with_page(last[-1].text)
        or _has_cells(last)
        or _has_cells(row)
        # Where paragraphs begin with an indent, a row without one continues.
        or (last[-1].text.endswith(SENTENCE_END) and not after.uses_indents)
        or abs(before.height - after.height) > 0.2 * before.height
        or _differ_in_size(last, row, 1.25)
        or row[0].rect.left - after.left > INDENT * after.height
        or _is_item(row)
        or _has_room_for(last, row, before)
    )


def _has_room_for(last: Row, row: Row, column: Column) -> bool:
    """Whether the first word of the next row would have fitted into the last row."""
    text = row[0].text
    if inseparable := leading_han(text):
        needed = (0.5 + inseparable) * column.height
    else:
        word = text.split(maxsplit=1)[0]
        share = min(len(word) + 1, len(text)) / len(text)
        needed = max(share * row[0].rect.width, column.height) + 0.7 * column.height
    return column.right_margin(last) - last[-1].rect.right > needed


def _is_item(row: Row) -> bool:
    """Whether a row begins with a list marker, of its own fragment or at the start of the text."""
    text = row[0].text
    return _has_marker(row) or bool(BULLET.match(text) or NUMBER.match(text))


def _has_marker(row: Row) -> bool:
    return len(row) > 1 and row[0].rect.width < _MARKER_WIDTH * row[0].rect.height


def _has_cells(row: Row) -> bool:
    """Whether a row consists of cells: fragments with a wide gap between them."""
    fragments = row[1:] if _has_marker(row) else row
    return any(
        after.rect.left - before.rect.right > _CELL_GAP * before.rect.height
        for before, after in pairwise(fragments)
    )


def _differ_in_size(row: Row, other: Row, factor: float) -> bool:
    """Whether the heights of two rows differ by a factor, and the widths of their letters too.

    The box of a short row may be much higher than its letters.
    """
    low, high = sorted((row_height(row), row_height(other)))
    if high <= factor * low:
        return False
    small, large = sorted((type_size([row]), type_size([other])))
    return large > (1 + (factor - 1) * _BY_WIDTH) * small
