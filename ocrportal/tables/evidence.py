"""Evidence that columns of text are a table rather than text set in columns."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import mean

from ocrportal.tables.alignment import is_aligned
from ocrportal.tables.numbers import is_number
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import columns_of
from ocrportal.tables.text_table import TextTable

MIN_NUMBERS = 0.6
"""Share of the cells of a column of numbers that are numbers; its head is not."""
MIN_NUMBER_ROWS = 3
"""Rows that such a column has at least."""
MIN_PROSE_WIDTH = 14.0
"""A column at least this wide is running text …"""
FULL_ROW = 0.75
"""… if most of its lines fill this share of it."""
MIN_WORDY_WIDTH, MIN_WORDS = 5.0, 2.2
"""A narrower column, down to this, is running text if its lines average so many words."""
MAX_LETTERS = 0.7
"""Share of segments that may be single letters: more are words with spaced-out letters."""
MAX_SPANNING = 0.3
"""Share of rows that may hold text over several columns."""
SENTENCE_ENDS = ("。", ".", "！", "？", "；", "!", "?")
MAX_SENTENCES = 0.25
"""Share of entries of a table of words that may be sentences."""
MIN_LINE, MAX_LINES_OF_TEXT = 0.7, 0.1
"""A line of text is longer than this share of the table; at most this share of rows may be."""
MIN_ENTRIES = 0.2
"""Share of the rows with an entry in each column, if the columns are certain."""
MIN_NUMBERS_BELOW = 0.5
"""Share of the rows with a number in some column of numbers, if no ruling shows the table."""
_MARKER = re.compile(r"[(（\[【]?\w{1,3}[)）\].、】:：]?|[•·●○■□◆▪▶➢✓☐☑☒*-]")
_ANSWER = re.compile(r"([(（]?[A-Ha-h][)）.．、]|[①-⑧])\s*\S")
_PLACE = re.compile(r"\d{1,4}")


def number_columns(table: TextTable) -> list[int]:
    """The aligned columns of numbers, without the first: numbers there may count items."""
    found = []
    cells = [table.cells(row) for row in table.rows]
    for column in range(1, len(table.columns)):
        texts = [row[column] for row in cells if column in row]
        numbers = [s for entry in texts for s in entry if is_number(s.text)]
        rows = sum(any(is_number(s.text) for s in entry) for entry in texts)
        if rows >= max(MIN_NUMBER_ROWS, MIN_NUMBERS * len(texts)) and is_aligned(
            [segment.box for segment in numbers], table.line_height
        ):
            found.append(column)
    return found


def filled_share(table: TextTable) -> float:
    """The share of rows with text in more than half of the columns."""
    counts = [len(table.cells(row)) for row in table.rows]
    return sum(count * 2 > len(table.columns) for count in counts) / len(counts)


def is_running_text(table: TextTable) -> bool:
    """Whether lines in the columns end only where the width does, or letters are spaced out."""
    segments = [segment for row in table.printed for segment in row]
    letters = sum(len(s.text) == 1 and s.text.isalpha() for s in segments)
    if letters > MAX_LETTERS * len(segments):
        return True
    prose = 0
    rows = [table.cells(row) for row in table.printed]
    for number, (left, right) in enumerate(table.columns):
        lines = [
            (cell[-1].box.right - cell[0].box.left, sum(map(_words, cell)))
            for cell in (row.get(number) for row in rows)
            if cell and not all(is_number(segment.text) for segment in cell)
        ]
        width = right - left
        if len(lines) < 3:
            continue
        full = sum(length > FULL_ROW * width for length, _ in lines)
        wordy = (
            width > MIN_WORDY_WIDTH * table.line_height
            and mean(words for _, words in lines) >= MIN_WORDS
        )
        prose += full > 0.6 * len(lines) and (wordy or width > MIN_PROSE_WIDTH * table.line_height)
    return prose * 2 >= len(table.columns)


def is_contents(table: TextTable) -> bool:
    """Whether the last column holds page numbers: whole numbers that never decrease."""
    last = len(table.columns) - 1
    cells = [cell[last] for row in table.rows if last in (cell := table.cells(row))]
    texts = ["".join(segment.text for segment in cell).strip(" .·…") for cell in cells]
    if not all(_PLACE.fullmatch(text) for text in texts):
        return False
    steps = [int(b) >= int(a) for a, b in pairwise(texts)]
    return len(steps) > 2 and all(steps) and number_columns(table) == [last]


def is_list(table: TextTable) -> bool:
    """Whether the first of two columns holds the numbers or signs of a list."""
    if len(table.columns) != 2:
        return False
    first = [cell[0][0] for row in table.rows if 0 in (cell := table.cells(row))]
    return sum(bool(_MARKER.fullmatch(s.text.strip())) for s in first) > MIN_NUMBERS * len(first)


def is_answers(table: TextTable) -> bool:
    """Whether most entries are answers to choose from, side by side: A. …  B. …"""
    cells = [cell for row in table.rows for cell in table.cells(row).values()]
    texts = ["".join(segment.text for segment in cell).strip() for cell in cells]
    return sum(bool(_ANSWER.match(text)) for text in texts) * 2 > len(texts)


def has_labels(table: TextTable) -> bool:
    """Whether the first column holds labels that end with a colon, as in a form."""
    first = [cell[0][-1] for row in table.rows if 0 in (cell := table.cells(row))]
    return sum(segment.text.rstrip().endswith((":", "：")) for segment in first) * 2 > len(first)


def has_sentences(table: TextTable) -> bool:
    """Whether many entries end like sentences, apart from one column of remarks."""
    rows = [table.cells(row) for row in table.rows]
    ends = [
        [row[column][-1].text.rstrip().endswith(SENTENCE_ENDS) for row in rows if column in row]
        for column in range(len(table.columns))
    ]
    ends = sorted(ends, key=sum)[: max(2, len(ends) - 1)]
    return sum(map(sum, ends)) > MAX_SENTENCES * sum(map(len, ends))


def has_lines_of_text(table: TextTable) -> bool:
    """Whether lines run over all columns more often than headings of groups do."""
    lines = sum(
        len(row) == 1 and row[0].box.width > MIN_LINE * table.box.width for row in table.printed
    )
    return lines > MAX_LINES_OF_TEXT * len(table.printed)


def spans_too_much(table: TextTable) -> bool:
    """Whether more rows hold text over several columns than headings do."""
    spanning = sum(
        any(len(columns_of(s, table.columns, table.line_height)) > 1 for s in row)
        for row in table.printed
    )
    return spanning > MAX_SPANNING * len(table.printed)


def has_sparse_columns(table: TextTable) -> bool:
    """Whether few rows have an entry in some column, which may be a part of the one beside it."""
    cells = [table.cells(row) for row in table.rows]
    return any(
        sum(column in row for row in cells) < MIN_ENTRIES * len(cells)
        for column in range(len(table.columns))
    )


def has_few_numbers(table: TextTable) -> bool:
    """Whether most rows have no number in a column of numbers."""
    columns = number_columns(table)
    cells = [table.cells(row) for row in table.rows]
    rows = sum(
        any(is_number(s.text) for column in columns for s in row.get(column, ())) for row in cells
    )
    return rows < MIN_NUMBERS_BELOW * len(cells)


def _words(segment: Segment) -> float:
    """The number of words; a Chinese word counts as two characters."""
    return max(len(segment.text.split()), sum(char >= "\u2e80" for char in segment.text) / 2)
