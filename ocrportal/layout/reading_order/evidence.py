"""Whether strips of text side by side are read down, as columns, or across, as cells.

No single sign decides: two columns may share a line grid like the rows of a table, and the
cells of a table may be long. Each sign has a weight; the sum decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise
from statistics import median

from ocrportal.layout.fragments import (
    Fragment,
    Row,
    Rows,
    group_rows,
    row_height,
    row_middle,
    typical_pitch,
)
from ocrportal.layout.list_markers import ListMarker, list_marker
from ocrportal.text import is_han_like

_PAIR = re.compile(r"[^\d\s][:：](?=\s|$|[^\d/])")
_WORD = 4
"""Letters of the shortest word that is not a unit or currency; a Han character counts as two."""
_BY_CHANCE = 1.5
_MAX_BY_CHANCE = 0.8
"""The share of rows that seem to be wrapped although they are cells, in first words of a row
divided by the width of the strip, and at most."""
_MIN_WIDTH = 5.0
"""Columns are rarely narrower than this, in line heights."""
_LEVEL = 0.4
"""Rows whose middles differ by less than this, in line heights, are at the same height."""
_MIN_STARTS = 2
_STARTS_WITHIN = 0.2
"""So many rows begin beside the middle of a paragraph, and this share of them, at least."""
_PROSE = 0.25
"""Strips are running text if more rows than this share are wrapped."""
_RUNS_ON = 0.6
"""Short notes beside text of which more rows than this share are wrapped are a column."""
_MIN_PROSE_WIDTH = 8.0
"""Width of running text in line heights, at least."""
_MISMATCH = 1.2
"""Rows at the same height are not cells of one row if their heights differ by this factor."""


class Strip:
    """The fragments between two gutters, as rows."""

    def __init__(self, fragments: list[Fragment]) -> None:
        self.fragments = fragments
        text = [f for f in fragments if not f.is_area]
        self.rows: Rows = group_rows(text)
        """Its rows of text."""
        self.left = min(f.rect.left for f in fragments)
        self.right = max(f.rect.right for f in fragments)
        self.height = max(1.0, median(f.rect.height for f in text or fragments))

    @property
    def rows_and_areas(self) -> Rows:
        """Its rows, and each area as a row, from top to bottom."""
        return sorted([*self.rows, *((f,) for f in self.fragments if f.is_area)], key=row_middle)

    @cached_property
    def members(self) -> frozenset[Fragment]:
        return frozenset(self.fragments)

    @property
    def width(self) -> float:
        return self.right - self.left

    @cached_property
    def middles(self) -> list[float]:
        """The middle of each row, in pixels from the top."""
        return [row_middle(row) for row in self.rows]

    def rows_near(self, middle: float, distance: float) -> range:
        """The positions of the rows whose middles are at most this far from a height."""
        return range(
            bisect_left(self.middles, middle - distance),
            bisect_right(self.middles, middle + distance),
        )

    @cached_property
    def pitch(self) -> float:
        """The distance of two rows without a gap between them; its type height for one row."""
        pitch = typical_pitch(self.rows)
        return self.height if pitch is None else pitch

    @cached_property
    def continues(self) -> list[bool]:
        """For each row, whether the text of the row above runs on in it.

        Then its first word had no room above: running text is wrapped.
        """
        if not self.rows:
            return []
        edge = sorted(row[-1].rect.right for row in self.rows)[(len(self.rows) - 1) * 9 // 10]
        found = [False]
        for row, following in pairwise(self.rows):
            distance = row_middle(following) - row_middle(row)
            close = distance < min(1.5 * self.pitch, 2.2 * self.height)
            room = edge - row[-1].rect.right
            words = _has_words(row[-1].text)
            found.append(words and close and room < _first_word(following))
        return found

    @cached_property
    def wrapped(self) -> float:
        """The share of rows that continue the row above them, beyond what chance explains.

        The rows of a list end anywhere in its right part, so in a narrow strip many have no room
        for the first word of the next one.
        """
        if len(self.rows) < 2:
            return 0.0
        chance = min(_MAX_BY_CHANCE, _BY_CHANCE * median(map(_first_word, self.rows)) / self.width)
        share = sum(self.continues) / (len(self.rows) + 1)  # few rows show little
        return max(0.0, (share - chance) / (1 - chance))

    @property
    def is_prose(self) -> bool:
        """Whether it is running text: wrapped, words, and wider than entries of a list."""
        wide = self.width > _MIN_PROSE_WIDTH * self.height
        return wide and self.wrapped > _PROSE and self.numeric < _PROSE

    @cached_property
    def numeric(self) -> float:
        """The share of rows without a word: numbers, amounts, dates, codes."""
        return sum(not _has_word(row) for row in self.rows) / len(self.rows)

    @cached_property
    def labels(self) -> float:
        """The share of rows that end with a colon."""
        return sum(row[-1].text.endswith((":", "：")) for row in self.rows) / len(self.rows)

    @cached_property
    def pairs(self) -> float:
        """The share of rows with a label that ends with a colon."""
        return sum(bool(_PAIR.search("\t".join(f.text for f in row))) for row in self.rows) / len(
            self.rows
        )

    @cached_property
    def inner(self) -> float:
        """The share of rows with several fragments."""
        return sum(len(row) > 1 for row in self.rows) / len(self.rows)

    @cached_property
    def digits(self) -> float:
        """The share of digits among letters and digits."""
        chars = [char for row in self.rows for f in row for char in f.text if char.isalnum()]
        return sum(char.isdigit() for char in chars) / len(chars) if chars else 1.0

    @cached_property
    def markers(self) -> list[ListMarker]:
        """The list markers at the start of its rows."""
        found = (list_marker(row[0].text) for row in self.rows)
        return [marker for marker in found if marker]


def _has_words(text: str) -> bool:
    """Whether a text has several words, or as many Han characters."""
    return len(text.split()) > 1 or sum(map(is_han_like, text)) > 4


def _has_word(row: Row) -> bool:
    """Whether a row has more than a number with its unit, or a code."""
    text = "".join(fragment.text for fragment in row)
    letters = sum(2 if is_han_like(char) else 1 for char in text if char.isalpha())
    digits = sum(char.isdigit() for char in text)
    return letters >= _WORD and not (text[0].isdigit() and digits >= letters)


def _first_word(row: Row) -> float:
    """The width that the first word of a row needs, in pixels."""
    text, rect = row[0].text, row[0].rect
    if is_han_like(text[0]):
        return 1.5 * rect.height
    share = min(len(text.split(maxsplit=1)[0]) + 1, len(text)) / len(text)
    return share * rect.width + 0.4 * rect.height


def _share_rows(left: Strip, right: Strip) -> bool:
    """Whether more rows of both sides are at the same height than by chance.

    A constant offset between the sides is allowed, as on photographs of bent pages.
    """
    few, many = sorted((left, right), key=lambda strip: len(strip.rows))
    offsets = [_nearest(many.middles, middle) - middle for middle in few.middles]
    offset = median(offsets)
    tolerance = 0.2 * median(row_height(row) for row in few.rows)
    share = sum(abs(other - offset) < tolerance for other in offsets) / len(offsets)
    pitch = (many.middles[-1] - many.middles[0]) / len(many.middles)
    chance = min(1.0, 2 * tolerance / pitch) if pitch else 1.0
    return share > (1 + chance) / 2


def _nearest(heights: list[float], height: float) -> float:
    """The one of some sorted heights that is nearest to another height."""
    index = bisect_left(heights, height)
    return min(heights[max(0, index - 1) : index + 1], key=lambda other: abs(other - height))


def support_for_columns(left: Strip, right: Strip) -> float:
    """The sum of the weighted signs: positive if two neighbours are read one after the other."""
    few = min(len(left.rows), len(right.rows))
    if not few:
        return 1.0  # a figure beside text
    above, below = sorted((left, right), key=lambda strip: row_middle(strip.rows[0]))
    is_diagonal = row_middle(above.rows[-1]) < row_middle(below.rows[0])
    if is_diagonal and not (left.is_prose and right.is_prose):
        return -1.0
    level = _share_rows(left, right)
    wrapped = min(left.wrapped, right.wrapped)
    support = -1.0
    if not level and few > 2:
        support += 2.0 if few > 5 else 1.0
    if min(left.width / left.height, right.width / right.height) < _MIN_WIDTH:
        support -= 1.0
    if wrapped:
        support += 5.0 * wrapped
    elif level:
        loose = min(left.pitch / left.height, right.pitch / right.height)
        support -= min(1.5, max(0.0, 3 * (loose - 1.15)))
    runs_on = wrapped or max(left.wrapped, right.wrapped) > _RUNS_ON
    if runs_on and max(left.inner, right.inner) < 0.3:
        support += _support_of_starts(left, right)
    support += _support_of_markers(left, right)
    if few >= 2 and min(left.width, right.width) > 0.6 * max(left.width, right.width):
        support += 1.0
        if abs(left.digits - right.digits) < 0.2:
            support += 0.5
    if min(left.inner, right.inner) > 0.5:
        support += 1.0
    elif max(left.inner, right.inner) > 0.5:
        support -= 1.5
    if min(left.pairs, right.pairs) > 0.5:
        support -= 1.5
    if level and _mismatched(left, right):
        support += 1.5
    if few >= 8:
        support += 0.5
    if max(left.numeric, right.numeric) > 0.5 and (level or not (left.is_prose or right.is_prose)):
        support -= 4.0
    if left.labels > 0.4:
        support -= 3.0
    return support


def _support_of_markers(left: Strip, right: Strip) -> float:
    """What list markers show: numbers count down the columns, or across the rows."""
    few = min(len(left.markers), len(right.markers))
    if not few or few < 0.3 * min(len(left.rows), len(right.rows)):
        return 0.0
    first, second = left.markers[0], right.markers[0]
    if first.style == second.style and first.number and second.number == first.number + 1:
        return -3.0
    return 2.0 if few > 1 else 0.0


def _support_of_starts(left: Strip, right: Strip) -> float:
    """What the first rows of paragraphs show: cells begin at the height of other cells.

    A row that begins beside the middle of a paragraph is in another column.
    """
    beside = within = 0
    for strip, neighbour in ((left, right), (right, left)):
        highest = max(map(row_height, neighbour.rows))
        for middle, runs_on in zip(strip.middles, strip.continues, strict=True):
            if runs_on:
                continue
            for index in neighbour.rows_near(middle, _LEVEL * highest):
                height = row_height(neighbour.rows[index])
                if abs(middle - neighbour.middles[index]) < _LEVEL * height:
                    beside += 1
                    within += neighbour.continues[index]
    return 2.5 if within >= _MIN_STARTS and within > _STARTS_WITHIN * beside else 0.0


def _mismatched(left: Strip, right: Strip) -> bool:
    """Whether a row in larger type than its strip is beside one that is not: a heading beside text.

    A row without tall letters is lower than most rows of the same type, so low rows show nothing.
    """
    for strip, neighbour in ((left, right), (right, left)):
        for row, middle in zip(strip.rows, strip.middles, strict=True):
            height = row_height(row)
            if height < _MISMATCH * max(strip.height, neighbour.height):
                continue
            for index in neighbour.rows_near(middle, 0.3 * height):
                other = row_height(neighbour.rows[index])
                level = abs(middle - neighbour.middles[index]) < 0.3 * other
                if level and height > _MISMATCH * other:
                    return True
    return False
