"""Rows of a table: printed rows, with those that only continue the cells above joined to them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrportal.number_kinds import number_kind
from ocrportal.tables.line_ends import first_word
from ocrportal.tables.numbers import is_number
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Column, Row, nearest_column
from ocrportal.text import ems_of

MAX_OVERLAP = 0.8
"""Printed rows nearer than this share of a box's height are beside each other: entries of one
line, centered beside entries of two."""
LOOSE = 1.18
"""Rows of a table are further apart than lines of a cell by this factor, if they differ."""
SAME_PITCH = 1.12
"""Distances up to this factor are the same distance."""
MIN_TIGHT, MIN_LOOSE = 0.05, 0.2
"""Shares of the distances that are between lines of a cell and between rows, if both differ."""
HYPHENS = ("-", "–", "/")
"""A number that wraps, such as that of a telephone, ends with one of these."""
MIN_WRAPPED = 3.0
"""Heights of a box that a column is wide, at least, in which words wrap."""
TIGHT = 0.8
"""A line nearer to the row above than this share of the usual distance may belong to a cell."""
MIN_TEXTS = 3
"""A printed row with so many texts, from the first column on, does not continue the row above."""
FULL_LINE = 0.92
"""Share of a column's width that a line and the next word exceed if the word had to wrap."""

MIN_LABEL = 6.0
"""Heights of a box that a column of labels of several lines is wide, at least."""
MAX_INDENT = 0.5
"""Heights of a box by which lines of one label may begin beside each other."""
OPEN_ENDS = (",", "，", "、", "-", "–", "(", "（", "&")
"""After these a text goes on, with a capital letter too."""


def table_rows(
    printed: Sequence[Row], columns: Sequence[Column], rulings: Sequence[float]
) -> list[Row]:
    """The rows of a table with the given columns.

    ``rulings`` are the positions of the horizontal ones across the table. Numbers below each
    other are in different rows. Otherwise the distance decides, if lines of a cell are nearer to
    each other than rows are; if not, whether the first words of a row would have fitted into the
    row above.
    """
    bands = _between_rulings(printed, rulings)
    if len(bands) > 3 and not any(_has_numbers_below_numbers(band, columns) for band in bands):
        return [[segment for row in band for segment in row] for band in bands]
    rows: list[Row] = []
    tight = _tight_pitch(printed, columns)
    usual = median(_distance(above, row) for above, row in pairwise(printed))
    for band in bands:
        rows.append(list(band[0]))
        so_far = [band[0]]
        for above, row in pairwise(band):
            if _is_new(so_far, above, row, columns, tight, usual):
                rows.append(list(row))
                so_far = [row]
            else:
                rows[-1] += row
                so_far.append(row)
    return rows


def _between_rulings(printed: Sequence[Row], rulings: Sequence[float]) -> list[list[Row]]:
    bands: list[list[Row]] = [[printed[0]]]
    for above, row in pairwise(printed):
        start, end = above[0].box.center_y, row[0].box.center_y
        if any(start < ruling < end for ruling in rulings):
            bands.append([])
        bands[-1].append(row)
    return bands


def _has_numbers_below_numbers(band: Sequence[Row], columns: Sequence[Column]) -> bool:
    seen = set[int]()
    for row in band:
        numbers = _numbers(row, columns)
        if seen & numbers:
            return True
        seen |= _whole_numbers(row, columns)
    return False


def _numbers(row: Row, columns: Sequence[Column]) -> set[int]:
    return {nearest_column(segment, columns) for segment in row if is_number(segment.text)}


def _whole_numbers(row: Row, columns: Sequence[Column]) -> set[int]:
    """The columns with a number that does not go on in the next line."""
    whole = [
        segment for segment in row if not segment.text.endswith(HYPHENS) or len(segment.text) < 2
    ]
    return _numbers(whole, columns)


def _tight_pitch(printed: Sequence[Row], columns: Sequence[Column]) -> float | None:
    """The distance of the lines of a cell, if it differs from that of rows; None if not."""
    last: dict[int, float] = {}
    distances = []
    for row in printed:
        for segment in row:
            column = nearest_column(segment, columns)
            if column in last:
                distances.append(segment.box.center_y - last[column])
            last[column] = segment.box.center_y
    distances = sorted(distance for distance in distances if distance > 0)
    if len(distances) < 3:
        return None
    smallest = distances[int(MIN_TIGHT * len(distances))]
    near = [pitch for pitch in _row_pitches(printed, columns) if pitch <= LOOSE * smallest]
    if len(near) > max(1, MIN_LOOSE * len(printed)):
        return None  # headings or empty cells between rows make some distances larger
    loose = [distance for distance in distances if distance > LOOSE * smallest]
    return smallest if len(loose) > max(1, MIN_LOOSE * len(distances)) else None


def _row_pitches(printed: Sequence[Row], columns: Sequence[Column]) -> list[float]:
    """The distances of printed rows that follow each other with numbers below numbers."""
    return [
        row[0].box.center_y - above[0].box.center_y
        for above, row in pairwise(printed)
        if _whole_numbers(above, columns) & _numbers(row, columns)
    ]


def _is_new(
    so_far: Sequence[Row],
    above: Row,
    row: Row,
    columns: Sequence[Column],
    tight: float | None,
    usual: float,
) -> bool:
    """Whether a printed row begins a new row of the table.

    ``tight`` is the distance of the lines of a cell, if many rows show it; ``usual`` is that of
    printed rows.
    """
    filled = {nearest_column(s, columns) for printed in so_far for s in printed}
    here = {nearest_column(segment, columns) for segment in row}
    if _continues_head(so_far, row, columns) and _distance(above, row) <= TIGHT * usual:
        return False
    if filled == {0} and _continues_label(above, row, columns, tight):
        return False
    whole = set[int]().union(*(_whole_numbers(printed, columns) for printed in so_far))
    words = filled.difference(*(_numbers(printed, columns) for printed in so_far))
    numbers = _numbers(row, columns)
    if whole & numbers or (len(here) > 1 and len(numbers & words) * 2 >= len(here)):
        return True  # a number below a number, or below the head of its column
    distance = _distance(above, row)
    height = median(segment.box.height for segment in (*above, *row))
    beside = {nearest_column(segment, columns) for segment in above}
    if distance < MAX_OVERLAP * height and not beside & here:
        return False
    if tight is not None:
        if distance > SAME_PITCH * tight:
            return True
        return len(here) * 2 > len(filled) and not _wraps(so_far, row, columns)
    if len(here) >= MIN_TEXTS and 0 in here:
        return True
    if distance < TIGHT * usual and here < filled and 0 not in here:
        return False
    return not (len(filled) > 1 and here < filled and _wraps(so_far, row, columns))


def _continues_head(so_far: Sequence[Row], row: Row, columns: Sequence[Column]) -> bool:
    """Whether a row may name columns that the rows above it name: words, or years below words."""
    before = [segment for printed in so_far for segment in printed]
    named = {nearest_column(segment, columns) for segment in before}
    return (
        len(before) >= MIN_TEXTS
        and all(
            not is_number(segment.text) or number_kind(segment.text) == "period"
            for segment in (*before, *row)
        )
        and {nearest_column(segment, columns) for segment in row} <= named
    )


def _continues_label(above: Row, row: Row, columns: Sequence[Column], tight: float | None) -> bool:
    """Whether a label of several lines goes on, with its entries beside its last line."""
    label, rest = above[-1], row[0]
    if nearest_column(rest, columns) != 0 or (
        tight is not None and _distance(above, row) > SAME_PITCH * tight
    ):
        return False
    height = rest.box.height
    if abs(above[0].box.left - rest.box.left) > MAX_INDENT * height:
        return False  # the first entry below a heading is further to the right
    needed = ems_of(first_word(rest.text)) * label.box.width / (ems_of(label.text) or 1.0)
    width = columns[0].right - columns[0].left
    if width < MIN_LABEL * height:
        return False
    return (
        _goes_on(label.text, rest.text)
        and label.box.right + needed > columns[0].right - (1 - FULL_LINE) * width
    )


def _goes_on(text: str, following: str) -> bool:
    """Whether one entry may consist of both: most begin with a capital, the rest seldom does."""
    return not following[:1].isupper() or text.rstrip().endswith(OPEN_ENDS)


def _distance(above: Row, row: Row) -> float:
    return row[0].box.center_y - above[0].box.center_y


def _wraps(so_far: Sequence[Row], row: Row, columns: Sequence[Column]) -> bool:
    """Whether the first word of most segments would not have fitted into the line above."""
    wrapped = 0
    for segment in row:
        number = nearest_column(segment, columns)
        before: Segment | None = None
        for printed in so_far:
            before = next((s for s in printed if nearest_column(s, columns) == number), before)
        width = columns[number].right - columns[number].left
        if before is None or width < MIN_WRAPPED * segment.box.height:
            continue
        em = segment.box.width / (ems_of(segment.text) or 1.0)
        needed = before.box.width + em * ems_of(first_word(segment.text))
        wrapped += needed > FULL_LINE * width and _goes_on(before.text, segment.text)
    return wrapped * 2 >= len(row)
