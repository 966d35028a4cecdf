"""Where the head of a table ends: its rows look different from those below, or name numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrportal.number_kinds import kind_of_column, number_kind
from ocrportal.results import Table
from ocrportal.tables.heads.row_looks import RowLook

MAX_ROWS = 3
"""Rows of a head."""
MAX_SHARE = 0.5
"""Share of a table's rows that are its head, at most."""
MAX_BOLD_BELOW = 0.34
"""Share of the rows below a bold head that may be bold, as sums and headings of groups are."""
MIN_STEP = 8.0
"""Levels of grey, of 255, by which the background of a head differs from the row below."""
MAX_OTHER_STEP = 0.5
"""Share of that by which other rows that follow each other differ at most: not in stripes."""
MAX_RULED = 0.25
"""Share of the rows below the head that may have a ruling below them, as sums have."""


def head_rows(table: Table, looks: Sequence[RowLook]) -> int:
    """The number of rows at the top of a table that name its columns; 0 if that is not certain.

    A head has another background than the rows below, the only ruling below it, bold type, or
    words above numbers. No cell of it continues below, and it has no number above numbers of
    the same kind.
    """
    texts = table.texts()
    counts = (
        _shaded(looks),
        _ruled(looks),
        _bold(texts, looks),
        _worded(table, texts),
    )
    return next((n for n in counts if n and _may_be_head(table, texts, n)), 0)


def _may_be_head(table: Table, texts: Sequence[Sequence[str]], count: int) -> bool:
    if count > MAX_ROWS or count > MAX_SHARE * table.rows:
        return False
    if any(cell.row < count < cell.row + cell.row_span for cell in table.cells):
        return False
    below = texts[count:]
    return sum(map(bool, texts[count - 1])) > 1 and not any(
        _numbers_and_words(row, below)[0] for row in texts[:count]
    )


def _shaded(looks: Sequence[RowLook]) -> int:
    """The rows until the background changes for the only time."""
    shades = [look.shade for look in looks]
    steps = [abs(a - b) if a is not None and b is not None else 0.0 for a, b in pairwise(shades)]
    # The cells of a head may all continue in its second row.
    for row, (before, shade) in enumerate(pairwise(shades)):
        if before is None and shade is not None and row + 1 < len(steps):
            steps[row] = 0.0
    if not steps:
        return 0
    count = max(range(len(steps)), key=steps.__getitem__)
    remaining = [step for row, step in enumerate(steps[:-1]) if row != count]  # the last is a sum
    is_only = max(remaining, default=0.0) <= MAX_OTHER_STEP * steps[count]
    return count + 1 if steps[count] >= MIN_STEP and is_only else 0


def _ruled(looks: Sequence[RowLook]) -> int:
    """The rows above the first ruling, if few other rows have one below."""
    ruled = [row for row, look in enumerate(looks[:-1]) if look.has_ruling_below]
    if not ruled:
        return 0
    count = ruled[0] + 1
    return count if len(ruled) - 1 <= MAX_RULED * (len(looks) - count) else 0


def _bold(texts: Sequence[Sequence[str]], looks: Sequence[RowLook]) -> int:
    """The bold rows at the top, if most of those below are not."""
    count = 0
    while count < len(looks) and looks[count].is_bold:
        if count and sum(map(bool, texts[count])) < 2:
            break  # the heading of a group of rows
        count += 1
    below = looks[count:]
    return count if sum(look.is_bold for look in below) <= MAX_BOLD_BELOW * len(below) else 0


def _worded(table: Table, texts: Sequence[Sequence[str]]) -> int:
    """The rows at the top with words above columns of numbers, and those over several of them."""
    count = 0
    spanning = {cell.row for cell in table.cells if cell.column_span > 1}
    for row, cells in enumerate(texts[:MAX_ROWS]):
        if _numbers_and_words(cells, texts[row + 1 :])[1]:
            count = row + 1
        elif row not in spanning:
            break
    return count


def _numbers_and_words(row: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The texts of a row above columns of numbers: numbers of the same kind, and other texts."""
    numbers = words = 0
    for column, text in enumerate(row):
        kind = kind_of_column(below, column)
        if text and kind is not None:
            numbers += number_kind(text) == kind
            words += number_kind(text) != kind
    return numbers, words
