"""Borderless tables: rows with several segments, aligned in columns, best of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Rect
from ocrportal.tables.alignment import ALIGNED
from ocrportal.tables.evidence import (
    filled_share,
    has_few_numbers,
    has_labels,
    has_sentences,
    has_sparse_columns,
    is_answers,
    is_contents,
    is_list,
    is_running_text,
    number_columns,
    spans_too_much,
)
from ocrportal.tables.grid import Grid
from ocrportal.tables.number_rows import number_rows
from ocrportal.tables.numbers import is_number
from ocrportal.tables.page_structure.page_columns import page_columns
from ocrportal.tables.page_structure.text_beside import text_gutter
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segment_table import text_table
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Row, phrases, segment_rows
from ocrportal.tables.text_table import TextTable

MAX_SEGMENT = 0.5
"""A segment longer than this share of the text's width is a line of text …"""
MAX_DENSITY = 0.85
"""… like segments that fill this share of a row as long as that: white is in words spaced out."""
MAX_ROW_DISTANCE = 3.0
"""Rows further apart than this, in median distances of rows, are not in the same table."""
MAX_SINGLE = 3
"""So many rows with a single segment may follow each other: wrapped entries, headings of groups."""
MIN_ROWS = 3
"""Rows of a table with a column of numbers."""
MIN_PAIRS = 4
"""Rows of a table with two columns, the second of numbers."""
MIN_TEXT_ROWS, MIN_TEXT_COLUMNS = 4, 3
"""Rows that have text in so many columns in a table of words. Two may be a list or a form."""
NEAR_ROWS, MIN_ALIKE = 6, 3
"""Rows above and below that show the columns of a row of words, and how many of them must."""
MIN_NUMBERS_FILLED, MIN_TEXT_FILLED = 0.5, 0.6
"""Share of the rows with text in more than half of the columns, with numbers and without."""
MAX_LINES = 2.2
"""Lines that an entry of a table of words has on average; more are text in columns."""


def borderless_grids(
    rulings: Sequence[Ruling], line_height: float, segments: Sequence[Segment]
) -> list[Grid]:
    """The grids that only columns of text indicate.

    ``rulings`` are horizontal ones; those inside a table may separate its rows.
    """
    grids = []
    page = segment_rows(segments)
    for whole, is_beside_text in _runs(page):
        run = number_rows(whole, line_height)
        inside = [segment for row in run for segment in row]
        text = Rect.union(segment.box for segment in inside)
        box = text._replace(left=text.left - line_height / 2, right=text.right + line_height / 2)
        crossing = [r for r in rulings if box.top < r.position < box.bottom]
        table = text_table(box, crossing, line_height, inside)
        if table is None:
            continue
        is_table = _is_table(table, is_beside_text=is_beside_text)
        if not is_table and text_gutter(table) is None:
            continue
        parts = page_columns(table, page)
        if parts:
            return [grid for part in parts for grid in borderless_grids(rulings, line_height, part)]
        if not is_table:
            continue
        is_weak = has_sparse_columns(table) or has_few_numbers(table)
        grids.append(table.grid(("weak-columns",) if is_weak else ()))
    return grids


def _is_table(table: TextTable, *, is_beside_text: bool) -> bool:
    if spans_too_much(table) or is_contents(table) or is_list(table) or is_answers(table):
        return False
    numbers = number_columns(table)
    if numbers:
        filled = sum(len(table.cells(row)) > 1 for row in table.rows)
        if len(table.columns) == 2 and (filled < MIN_PAIRS or has_labels(table)):
            return False
        return filled >= MIN_ROWS and filled_share(table) >= MIN_NUMBERS_FILLED
    several = sum(len(table.cells(row)) >= MIN_TEXT_COLUMNS for row in table.printed)
    return (
        not is_beside_text
        and several >= MIN_TEXT_ROWS
        and len(table.columns) >= MIN_TEXT_COLUMNS
        and filled_share(table) >= MIN_TEXT_FILLED
        and len(table.printed) <= MAX_LINES * len(table.rows)
        and not is_running_text(table)
        and not has_sentences(table)
    )


def _runs(rows: Sequence[Row]) -> list[tuple[list[Row], bool]]:
    """Rows that follow each other closely, without lines of text between them.

    The second value is whether a line of text in several columns is above or below the rows.
    """
    if len(rows) < MIN_ROWS:
        return []
    left = min(row[0].box.left for row in rows)
    right = max(segment.box.right for row in rows for segment in row)
    height = median(row[0].box.height for row in rows)
    # An entry beside two lines is between them, so that rows may be nearer than lines are high.
    pitch = max(height, median(b[0].box.center_y - a[0].box.center_y for a, b in pairwise(rows)))
    boxes = [phrases(row) for row in rows]
    runs: list[list[int]] = [[]]
    in_columns = set[int]()
    single = 0
    for number, row in enumerate(rows):
        last = runs[-1]
        single = single + 1 if len(boxes[number]) == 1 else 0
        far = (
            last and row[0].box.center_y - rows[last[-1]][0].box.center_y > MAX_ROW_DISTANCE * pitch
        )
        is_line = _is_line_of_text(row, boxes[number], right - left)
        if is_line and not (_is_entry(boxes, number) or _is_in_columns(boxes, number)):
            runs.append([])
            if len(boxes[number]) > 1:
                in_columns.add(number)
        elif far or single > MAX_SINGLE:
            runs.append([number])
        else:
            last.append(number)
    return [
        (
            [rows[number] for number in trimmed],
            bool(in_columns & {trimmed[0] - 1, trimmed[-1] + 1}),
        )
        for run in runs
        if len(trimmed := _trimmed(run, boxes)) >= MIN_ROWS
    ]


def _is_line_of_text(row: Row, boxes: Sequence[Rect], width: float) -> bool:
    length = row[-1].box.right - row[0].box.left
    if len(boxes) == 1:
        return length > MAX_SEGMENT * width
    if any(is_number(segment.text) for segment in row[1:]):
        return False
    dated = sum(any(map(str.isdigit, segment.text)) for segment in row)
    if len(boxes) >= MIN_TEXT_COLUMNS and dated * 2 > len(row):
        return False  # the names of columns, such as days
    widths = [box.width for box in boxes]
    return max(widths) > MAX_SEGMENT * width or (
        length > MAX_SEGMENT * width and sum(widths) > MAX_DENSITY * length
    )


def _is_entry(boxes: Sequence[Sequence[Rect]], number: int) -> bool:
    """Whether a row with one phrase is in the first column of the rows above and below it."""
    if len(boxes[number]) != 1:
        return False
    around = [
        next((b for b in boxes[number - 1 : max(0, number - MAX_SINGLE) : -1] if len(b) > 1), None),
        next((b for b in boxes[number + 1 : number + MAX_SINGLE] if len(b) > 1), None),
    ]
    return all(b is not None and boxes[number][0].right < b[1].left for b in around)


def _is_in_columns(boxes: Sequence[Sequence[Rect]], number: int) -> bool:
    """Whether a row has the columns of rows near it: texts that begin where those there do.

    A row with a single text goes on in a column other than the first one.
    """
    texts = boxes[number]
    near = [
        other
        for other in boxes[max(0, number - NEAR_ROWS) : number + NEAR_ROWS + 1]
        if len(other) >= MIN_TEXT_COLUMNS and other is not texts
    ]
    if len(texts) == 1:
        return any(_begin_together(texts[0], box) for other in near for box in other[1:])
    same = [
        other
        for other in near
        if len(other) == len(texts)
        and all(_begin_together(a, b) for a, b in zip(texts, other, strict=True))
    ]
    return len(texts) >= MIN_TEXT_COLUMNS and len(same) >= MIN_ALIKE


def _begin_together(a: Rect, b: Rect) -> bool:
    return abs(a.left - b.left) < ALIGNED * b.height


def _trimmed(run: Sequence[int], boxes: Sequence[Sequence[Rect]]) -> Sequence[int]:
    """A run from its first to its last row with several phrases."""
    several = [place for place, number in enumerate(run) if len(boxes[number]) > 1]
    return run[several[0] : several[-1] + 1] if several else []
