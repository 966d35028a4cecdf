"""Regions: marks and words that together are one figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocrportal.figures.marks import MIN_EMBLEM, Mark, Role
from ocrportal.figures.page_colours import PageColours
from ocrportal.geometry import Rect
from ocrportal.running_text import PageText

# Lengths are in line heights.
_JOIN = 0.8
"""Marks that are closer are one figure: less than the space between a figure and its caption."""
_REACH = {Role.PART: 3.0, Role.RULING: 1.0, Role.BAR: 3.0, Role.BOX: 1.0, Role.LINKED: 1.0}
"""How far other marks may extend beyond the figure that they are close to: a ruling below a
heading or beside a column is longer."""
_LINK = 8.0
_LINK_GAP = 0.5
_MIN_BOX = 2.2
"""Boxes wider than the last are a diagram if an arrow or a line that is shorter than the first
reaches two of them."""
_MIN_BARS = 3
_BASE = 0.35
"""At least so many bars of different lengths that begin at the same line, within the latter, are
a chart."""
_SAME_SIDES = 0.7
_MAX_SPLIT = 6.0
"""Regions whose left and right sides differ by less than the former, with less than the latter
between them, are one picture with a strip in the colour of the paper, such as a sky."""
_LABEL_GAP = 1.2
_LABEL_WIDTH = 5.0
"""Labels of an axis are this close to it and this wide at most …"""
_MIN_LABELS = 2
"""… and there are at least so many: a single line is a caption or text."""
_LABEL_SHARE = 0.8
"""Labels below an axis have space between them, unlike the words of a line."""
_MIN_WIDE, _MIN_HIGH = 3.0, 1.8
"""A smaller figure is a bullet, an icon or a character that was not recognised, unless it is as
solid as an emblem."""
_MAX_TEXT = 0.45
_MIN_INK = 0.6
"""A region with more text than the former and less ink than the latter is text with decorations."""
_MAX_TEXT_OF_TABLE = 0.12
_MIN_OF_TABLE = 0.6
"""Where a table was found, a figure has less text than the former and covers more than the latter
of the table."""
_MAX_PAGE = 0.85
"""A larger region is the page itself or its background."""


def figure_regions(
    marks: Sequence[Mark],
    words: Sequence[Rect],
    tables: Sequence[Rect],
    page: PageColours,
    known: Sequence[Rect] = (),
) -> list[Rect]:
    """The bounds of the figures on a page, from top to bottom, with those that are ``known``.

    A figure at the place of a table is one only if it has fewer words than a table: the grid of
    a chart and the boxes of a diagram look like rulings.
    """
    in_tables = [mark for mark in marks if mark.in_table]
    text = PageText(words)
    # A table may be found in a part of a diagram only.
    diagrams = _joined(_diagrams(marks, page.line_height), text, _JOIN * page.line_height)
    drawn = diagrams + [
        region
        for region in _regions(in_tables, words, text, page)
        if _text_share(region, words) < _MAX_TEXT_OF_TABLE
    ]
    left = [table for table in tables if not any(_share(table, r) > _MIN_OF_TABLE for r in drawn)]
    free = [mark for mark in marks if not any(_share(mark.rect, table) > 0.5 for table in left)]
    found = _with_known(_regions(free, words, text, page), known, text)
    return sorted(found, key=lambda region: (region.top, region.left))


def _with_known(found: Sequence[Rect], known: Sequence[Rect], text: PageText) -> list[Rect]:
    """The regions and the known ones, of which each is part of a region that it overlaps."""
    regions = list(found)
    for place in known:
        over = [
            region
            for region in regions
            if region.overlaps(place) and not _has_text_between((place, region), text)
        ]
        regions = [region for region in regions if region not in over]
        regions.append(Rect.union((place, *over)))
    return regions


def _regions(
    marks: Sequence[Mark], words: Sequence[Rect], text: PageText, page: PageColours
) -> list[Rect]:
    unit = page.line_height
    regions = [mark.rect for mark in marks if mark.role is Role.FIGURE]
    drawn = [*regions, *_diagrams(marks, unit), *_bar_charts(marks, unit)]
    regions = _with_parts(_joined(drawn, text, _JOIN * unit), marks, text, unit)
    regions = _without_strips(regions, words, page)
    regions = _joined([_with_words(region, words, page) for region in regions], text, 0.0)
    return [region for region in regions if _is_figure(region, words, text, page)]


def _diagrams(marks: Sequence[Mark], unit: float) -> list[Rect]:
    """Each line or arrow that links boxes, together with these."""
    boxes = [
        mark.rect
        for mark in marks
        if mark.role in (Role.BOX, Role.LINKED) and mark.rect.width > _MIN_BOX * unit
    ]
    found = []
    for mark in marks:
        link = mark.rect
        is_short = max(link.width, link.height) <= _LINK * unit
        if mark.role is Role.LINKED or (mark.role in (Role.PART, Role.RULING) and is_short):
            linked = [box for box in boxes if box != link and _gap(box, link) < _LINK_GAP * unit]
            if len(linked) > (mark.role is not Role.LINKED):
                found.append(Rect.union((link, *linked)))
    return found


def _bar_charts(marks: Sequence[Mark], unit: float) -> list[Rect]:
    """Filled rectangles that stand side by side on one line, or lie below each other at one."""
    bars = [mark.rect for mark in marks if mark.role is Role.BAR]
    charts = []
    for bar in bars:
        standing = [other for other in bars if abs(other.bottom - bar.bottom) < _BASE * unit]
        lying = [other for other in bars if abs(other.left - bar.left) < _BASE * unit]
        for group, extents in (
            (standing, [other.height for other in standing]),
            (lying, [other.width for other in lying]),
        ):
            # Equal ones are check boxes, swatches or the rows of a table.
            if len(group) >= _MIN_BARS and max(extents) - min(extents) > _BASE * unit:
                charts.append(Rect.union(group))
    return charts


def _without_strips(regions: list[Rect], words: Sequence[Rect], page: PageColours) -> list[Rect]:
    """Photographs that a strip in the colour of the paper divides, as one."""
    unit = page.line_height
    joined: list[Rect] = []
    for region in sorted(regions, key=lambda rect: rect.top):
        for index, above in enumerate(joined):
            sides = max(abs(above.left - region.left), abs(above.right - region.right))
            both = Rect.union((above, region))
            between = Rect(both.left, above.bottom, both.right, region.top)
            if (
                sides < _SAME_SIDES * unit
                and between.height < _MAX_SPLIT * unit
                and not any(between.overlaps(word) for word in words)
                and min(_ink_share(above, page), _ink_share(region, page)) > _MIN_INK
            ):
                joined[index] = both
                break
        else:
            joined.append(region)
    return joined


def _with_parts(
    regions: list[Rect], marks: Sequence[Mark], text: PageText, unit: float
) -> list[Rect]:
    """The regions with all marks near them, and the marks near these."""
    parts = [mark for mark in marks if mark.role in _REACH]
    grown = True
    while grown:
        grown = False
        for mark in list(parts):
            reach = _REACH[mark.role] * unit
            for index, region in enumerate(regions):
                if _gap(mark.rect, region) <= _JOIN * unit and _is_within(mark.rect, region, reach):
                    regions[index] = Rect.union((region, mark.rect))
                    parts.remove(mark)
                    grown = True
                    break
        regions = _joined(regions, text, _JOIN * unit)
    return regions


def _with_words(region: Rect, words: Sequence[Rect], page: PageColours) -> Rect:
    """A region with the words in it and the labels of its axes beside it."""
    unit = page.line_height
    inside = [word for word in words if region.contains(word.center)]
    if _ink_share(region, page) > _MIN_INK:
        return Rect.union((region, *inside))  # a photograph has no axes
    narrow = [
        word
        for word in words
        if word.width < _LABEL_WIDTH * unit
        and region.top - unit <= word.top
        and word.bottom <= region.bottom + unit
    ]
    for labels in (
        _row_below(region, words, unit),
        [word for word in narrow if abs(region.left - word.right) < _LABEL_GAP * unit],
        [word for word in narrow if abs(word.left - region.right) < _LABEL_GAP * unit],
    ):
        if len(labels) >= _MIN_LABELS:
            inside += labels
    return Rect.union((region, *inside))


def _row_below(region: Rect, words: Sequence[Rect], unit: float) -> list[Rect]:
    below = [
        word
        for word in words
        if abs(word.top - region.bottom) < _LABEL_GAP * unit
        and word.left > region.left - 2 * unit
        and word.right < region.right + 2 * unit
    ]
    if not below:
        return []
    first = min(word.center_y for word in below)
    row = [word for word in below if word.center_y - first < unit]
    return row if sum(word.width for word in row) < _LABEL_SHARE * region.width else []


def _is_figure(region: Rect, words: Sequence[Rect], text: PageText, page: PageColours) -> bool:
    unit = page.line_height
    long, short = max(region.width, region.height), min(region.width, region.height)
    if (long < _MIN_WIDE * unit or short < _MIN_HIGH * unit) and (
        short < MIN_EMBLEM * unit or _ink_share(region, page) < _MIN_INK
    ):
        return False
    if region.area > _MAX_PAGE * page.width * page.height:
        return False
    if _ink_share(region, page) > _MIN_INK:
        return True
    return _text_share(region, words) < _MAX_TEXT and not text.runs_through(region)


def _ink_share(region: Rect, page: PageColours) -> float:
    left, top, right, bottom = map(int, region)
    return float(np.mean(page.ink[max(0, top) : bottom, max(0, left) : right]))


def _text_share(region: Rect, words: Sequence[Rect]) -> float:
    return sum(_share(region, word) for word in words)


def _share(rect: Rect, other: Rect) -> float:
    """The share of a rectangle that another one covers."""
    shared = rect.intersection(other)
    return shared.area / rect.area if shared else 0.0


def _joined(rects: list[Rect], text: PageText, distance: float) -> list[Rect]:
    """Rectangles at most this far apart as one, until all are further apart or beside text."""
    found: list[Rect] = []
    for rect in rects:
        while (other := _next_part(rect, found, text, distance)) is not None:
            found.remove(other)
            rect = Rect.union((rect, other))
        found.append(rect)
    return found


def _next_part(rect: Rect, found: Sequence[Rect], text: PageText, distance: float) -> Rect | None:
    return next(
        (
            other
            for other in found
            if _gap(rect, other) <= distance and not _has_text_between((rect, other), text)
        ),
        None,
    )


def _has_text_between(parts: tuple[Rect, Rect], text: PageText) -> bool:
    """Whether the bounds of two parts have running text that none of them has."""
    return text.runs_through(Rect.union(parts)) and not any(map(text.runs_through, parts))


def _gap(rect: Rect, other: Rect) -> float:
    across = max(rect.left, other.left) - min(rect.right, other.right)
    down = max(rect.top, other.top) - min(rect.bottom, other.bottom)
    return max(across, down, 0.0)


def _is_within(rect: Rect, region: Rect, reach: float) -> bool:
    return (
        rect.left >= region.left - reach
        and rect.top >= region.top - reach
        and rect.right <= region.right + reach
        and rect.bottom <= region.bottom + reach
    )
