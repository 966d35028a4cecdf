"""Rulings below headings: each underlines a text alone, as the rulings of a table do not."""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Row

MAX_DISTANCE = 0.8
"""Heights of a heading between its box and the ruling below it."""
MAX_WIDTH = 0.8
"""Share of the ruling's length that a heading fills: a line of text may be as long as both."""


def are_below_headings(rulings: Sequence[Ruling], page: Sequence[Row]) -> bool:
    """Whether rulings of the same ends, from the top, each underline a heading.

    ``page`` are the rows of the page. The caption of a table may be above its first ruling only. Of
    three or more rulings one may have another purpose, such as the end of the page.
    """
    headings = sum(_underlines_heading(ruling, page) for ruling in rulings)
    return headings >= max(2, len(rulings) - 1)


def _underlines_heading(ruling: Ruling, page: Sequence[Row]) -> bool:
    """Whether the text above a ruling is alone, and nearer to the ruling than to other text."""
    above: Segment | None = None
    for row in reversed(page):
        # A heading that touches its ruling hides where that begins.
        beside = [
            s for s in row if s.box.left < ruling.end and s.box.right > ruling.start - s.box.height
        ]
        if not beside or beside[0].box.center_y > ruling.position:
            continue
        if above is not None:
            bottom = max(segment.box.bottom for segment in beside)
            return above.box.top - bottom > max(0.0, ruling.position - above.box.bottom)
        if len(beside) > 1 or beside[0].box.width > MAX_WIDTH * ruling.length:
            return False
        above = beside[0]
        if ruling.position - above.box.bottom > MAX_DISTANCE * above.box.height:
            return False
    return above is not None
