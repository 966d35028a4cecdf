"""Running text beside a table: its lines go on in every row, as no entries of a table do."""

from __future__ import annotations

from itertools import pairwise

from ocrportal.tables.text_table import TextTable

MIN_WIDTH = 12.0
"""Line heights of a column of running text."""
FULL_LINE = 0.85
"""Share of its width that a line fills if the text goes on in the next one."""
SENTENCE_ENDS = ("。", ".", "！", "？", "；", "!", "?", ":", "：")
MIN_LINES, MIN_SHARE = 4, 0.6
"""Such lines, and their share of the lines that have text beside them and are followed by one."""


def text_gutter(table: TextTable) -> tuple[float, float] | None:
    """The white between a column of running text and the rest; None without such a column.

    A cell of several lines has its entries in the other columns beside one of its lines only.
    """
    rows = [table.cells(row) for row in table.printed]
    for number, (left, right) in enumerate(table.columns):
        if right - left < MIN_WIDTH * table.line_height:
            continue
        lines = [
            row[number]
            for row, below in pairwise(rows)
            if number in row and number in below and min(len(row), len(below)) > 1
        ]
        going_on = sum(
            line[-1].box.right - line[0].box.left >= FULL_LINE * (right - left)
            and not line[-1].text.rstrip().endswith(SENTENCE_ENDS)
            for line in lines
        )
        if going_on >= max(MIN_LINES, MIN_SHARE * len(lines)):
            if number + 1 < len(table.columns):
                return right, table.columns[number + 1].left
            return table.columns[number - 1].right, left
    return None
