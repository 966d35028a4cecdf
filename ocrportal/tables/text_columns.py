"""The grid that columns of text form.

Columns are separated by white that runs down all rows except headings over several columns.
Rows are separated by rulings, and by whether a row of text only continues the cells above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median

from ocrportal.geometry import Rect, group_rows
from ocrportal.tables.grid import Grid, build_grid
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import Segment

# Lengths are in line heights.
MIN_GUTTER = 0.45
"""White that separates two columns."""
MIN_PROSE_WIDTH = 14.0
"""A column at least this wide is running text …"""
FULL_ROW = 0.75
"""… if most of its rows fill this share of it."""
MIN_WORDY_WIDTH, MIN_WORDS = 5.0, 2.2
"""A narrower column, down to this, is running text if its rows average so many words."""
MAX_LETTERS = 0.7
"""Share of segments that may be single letters: more are words with spaced-out letters."""
MAX_SPANNING = 0.25
"""Share of rows that may hold text over several columns."""
MIN_FILLED = 0.4
"""At least this share of the table's rows have text in more than half of the columns."""

Row = list[Segment]
Column = tuple[float, float]
"""The left and right edge of the text of a column."""


def columns_grid(
    box: Rect,
    rulings: Sequence[Ruling],
    line_height: float,
    segments: Sequence[Segment],
    min_filled: float = MIN_FILLED,
) -> Grid | None:
    """The grid of the text in a box; None if the text is not a table.

    ``rulings`` are the horizontal ones in the box. At least the share ``min_filled`` of the
    rows must have text in more than half of the columns.
    """
    printed = segment_rows([s for s in segments if box.contains(s.box.center)])
    columns = _columns(printed, line_height)
    spanning = sum(any(sum(_meets(s, c) for c in columns) > 1 for s in row) for row in printed)
    if len(printed) < 2 or len(columns) < 2 or spanning > MAX_SPANNING * len(printed):
        return None
    if _is_running_text(printed, columns, line_height):
        return None
    whole = [r.position for r in rulings if r.length > 0.8 * (box.width - 2 * line_height)]
    rows = _table_rows(printed, columns, whole)
    counts = [len({_column(segment, columns) for segment in row}) for row in rows]
    full = sum(count * 2 > len(columns) for count in counts)
    if full < max(2, min_filled * len(rows)) or sum(count > 1 for count in counts) < 2:
        return None
    xs = [box.left, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), box.right]
    ys = [box.top, *((_bottom(a) + _top(b)) / 2 for a, b in pairwise(rows)), box.bottom]
    return build_grid(xs, ys, _spans(rows, ys, columns, rulings))


def segment_rows(segments: Sequence[Segment]) -> list[Row]:
    """Segments in rows from the top, each row from the left."""
    return group_rows(segments, lambda segment: segment.box, _is_level)


def _is_level(row: Sequence[Rect], box: Rect) -> bool:
    # Judged by the box itself: the row may begin with the larger type of a heading beside it.
    return box.center_y - row[0].center_y < 0.45 * box.height


def _columns(printed: Sequence[Row], line_height: float) -> list[Column]:
    """The columns of text, judged without the segments that span several of them."""
    segments = [segment for row in printed for segment in row]
    most = max((len(row) for row in printed), default=0)
    # A segment over white that most rows leave free is a heading over several columns.
    full = [segment for row in printed if len(row) * 4 > most * 3 for segment in row]
    found = _merged(full if most > 2 else segments, line_height)
    spanning = [s for s in segments if sum(_meets(s, column) for column in found) > 1]
    return _merged([segment for segment in segments if segment not in spanning], line_height)


def _merged(segments: Sequence[Segment], line_height: float) -> list[Column]:
    """The horizontal extents of segments, joined where no gutter separates them."""
    columns: list[Column] = []
    for left, right in sorted((segment.box.left, segment.box.right) for segment in segments):
        if columns and left - columns[-1][1] < MIN_GUTTER * line_height:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _meets(segment: Segment, column: Column) -> bool:
    return segment.box.left < column[1] and column[0] < segment.box.right


def _column(segment: Segment, columns: Sequence[Column]) -> int:
    """The index of the column nearest to the segment's center."""
    x = segment.box.center_x
    return min(range(len(columns)), key=lambda k: max(columns[k][0] - x, x - columns[k][1]))


def _is_running_text(printed: Sequence[Row], columns: Sequence[Column], line_height: float) -> bool:
    """Whether lines in the columns end only where the width does, or letters are spaced out."""
    letters = sum(len(s.text) == 1 and s.text.isalpha() for row in printed for s in row)
    if letters > MAX_LETTERS * sum(map(len, printed)):
        return True
    prose = 0
    for number, (left, right) in enumerate(columns):
        cells = [[s for s in row if _column(s, columns) == number] for row in printed]
        lines = [(c[-1].box.right - c[0].box.left, sum(map(_words, c))) for c in cells if c]
        width = right - left
        full = sum(length > FULL_ROW * width for length, _ in lines)
        wordy = (
            width > MIN_WORDY_WIDTH * line_height and mean(words for _, words in lines) >= MIN_WORDS
        )
        prose += (
            len(lines) > 2
            and full > 0.6 * len(lines)
            and (wordy or width > MIN_PROSE_WIDTH * line_height)
        )
    return prose * 2 >= len(columns)


def _words(segment: Segment) -> float:
    """The number of words; a Chinese word counts as two characters."""
    return max(len(segment.text.split()), sum(char >= "\u2e80" for char in segment.text) / 2)


def _top(row: Row) -> float:
    return min(segment.box.top for segment in row)


def _bottom(row: Row) -> float:
    return max(segment.box.bottom for segment in row)


def _table_rows(
    printed: Sequence[Row], columns: Sequence[Column], rulings: Sequence[float]
) -> list[Row]:
    """Rows of text joined to rows of the table: one that continues cells is not a new row."""
    pitch = median(b[0].box.center_y - a[0].box.center_y for a, b in pairwise(printed))
    rows: list[Row] = [list(printed[0])]
    for above, row in pairwise(printed):
        start, end = above[0].box.center_y, row[0].box.center_y
        separated = any(start < ruling < end for ruling in rulings)
        near = end - start < 1.15 * pitch
        if near and not separated and _continues(rows[-1], above, row, columns):
            rows[-1] += row
        else:
            rows.append(list(row))
    return rows


def _continues(so_far: Row, above: Row, row: Row, columns: Sequence[Column]) -> bool:
    """Whether the first word of each segment would not have fitted into the row above."""
    filled = {_column(segment, columns) for segment in so_far}
    if len(filled) < 2 or not {_column(segment, columns) for segment in row} < filled:
        return False
    for segment in row:
        number = _column(segment, columns)
        before = [other for other in above if _column(other, columns) == number]
        left, right = columns[number]
        word = segment.text.split(" ")[0]
        width = segment.box.width * len(word) / max(len(segment.text), 1)
        if not before or before[-1].box.width + width < 0.9 * (right - left):
            return False
    return True


def _spans(
    rows: Sequence[Row],
    ys: Sequence[float],
    columns: Sequence[Column],
    rulings: Sequence[Ruling],
) -> list[tuple[int, int, int, int]]:
    """Cells over several columns, judged by their width, or by a shorter ruling at their edge."""
    spans: list[tuple[int, int, int, int]] = []
    for number, row in enumerate(rows):
        taken: set[int] = set()
        for segment in row:
            covered = {k for k in range(len(columns)) if _meets(segment, columns[k])}
            for ruling in rulings:
                near = ys[number] - segment.box.height <= ruling.position <= ys[number + 1]
                if near and _is_over(ruling, segment):
                    below = {
                        k
                        for k, column in enumerate(columns)
                        if ruling.start <= sum(column) / 2 <= ruling.end
                    }
                    alone = all(o is segment or not _is_over(ruling, o) for o in row)
                    if alone and len(below) < len(columns):
                        covered |= below
            if len(covered) > 1 and not covered & taken:
                first = min(covered)
                spans.append((number, first, 1, max(covered) - first + 1))
                taken |= set(range(first, max(covered) + 1))
    return spans


def _is_over(ruling: Ruling, segment: Segment) -> bool:
    return ruling.start <= segment.box.center_x <= ruling.end
