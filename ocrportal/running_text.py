"""Running text within an area, which is then not only a picture with its labels."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from ocrportal.geometry import Rect, group_rows

MIN_ROWS = 3
"""Rows of running text below each other, at least. Labels, a title and a legend have fewer, …"""
MIN_FILLED, MIN_LENGTH = 0.5, 8.0
"""… are shorter: running text fills this share of the width of the area, and is so many times as
long as high, unlike the text in the boxes of a diagram, …"""
MAX_PITCH = 2.5
"""… or are further apart, in heights of the rows."""


class PageText:
    """The characters, words or lines of a page, for a search by their height on it."""

    def __init__(self, text: Iterable[Rect]) -> None:
        self._rects = sorted(text, key=lambda rect: rect.center_y)
        self._heights = [rect.center_y for rect in self._rects]

    def runs_through(self, area: Rect) -> bool:
        """Whether running text is in an area of the page."""
        first = bisect_left(self._heights, area.top)
        return text_runs_through(
            area, self._rects[first : bisect_right(self._heights, area.bottom)]
        )


def text_runs_through(area: Rect, text: Iterable[Rect]) -> bool:
    """Whether running text is in an area, such as paragraphs between two parts of a drawing.

    ``text`` are characters, words or lines of level text, each as high as its type.
    """
    inside = [rect for rect in text if area.contains(rect.center)]
    if len(inside) < MIN_ROWS:
        return False
    count, above = 0, -math.inf
    for row in group_rows(inside, lambda rect: rect):
        height = row[0].height
        length = sum(rect.width for rect in row)
        if length < max(MIN_FILLED * area.width, MIN_LENGTH * height):
            continue
        count = count + 1 if row[0].center_y - above <= MAX_PITCH * height else 1
        above = row[0].center_y
        if count == MIN_ROWS:
            return True
    return False
