"""Marks: connected ink of a page that is not text, and what each may be."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.figures.page_colours import PageColours, Pixels
from ocrportal.geometry import Rect
from ocrportal.ink import Mask

# Lengths are in line heights.
_WORD_MARGIN = 0.2
"""Ink this far beside a line still belongs to its characters."""
_TEXT = 0.6
"""Ink with more than this share in lines is text …"""
_MAX_TEXT = 4.0
"""… unless it is wider and higher than this, as a photograph with words is."""
_IN_TABLE = 0.8
"""Ink with more than this share in a table is part of it."""
_THIN = 0.35
"""Rulings and underlines are lower than this."""
_MIN_WIDE, _MIN_HIGH = 2.2, 1.2
"""Connected ink is larger than a character from this length and height …"""
MIN_EMBLEM, _EMBLEM_INK = 1.5, 0.6
"""… as is a solid mark whose sides have the first length: the second is the share of its ink."""
_FRAME = 0.05
"""A frame has at most this share of its ink inside."""
_FLAT = 20
"""The difference of two shades, of 255, up to which both are one flat colour."""
_FLAT_BAR = 50
"""The same for small areas, which print and scanning make uneven as a whole."""
_MIN_FLAT = 0.85
"""A box has at least this share of its pixels in one colour, and fills this much of its bounds."""
_BOX_TEXT = 0.15
_BOX_REST = 0.12
"""A coloured box is for text if lines fill more than the former share of it and other things, such
as an icon, less than the latter."""
_PICTURE = 4.0
_PICTURE_TEXT = 0.1
"""A flat area that is wider and higher than the former, with less text than the latter, is a
picture rather than a bar, a swatch or the background of a heading."""
_STRAIGHT = 0.9
"""Drawings of rulings only have this share of their ink in straight level and upright strokes."""
_ENCLOSED = 0.7
"""The rulings of a table or a form enclose at least this share of their bounds; a chart is open,
and a diagram has space between its boxes."""
_SOLID = 0.7
_MIN_SOLID = 0.3
_SOLID_TEXT = 0.1
"""What has more than the second share of its ink in areas that are wider and higher than the first,
and less text than the last, is not made of rulings: the bars of a chart on its grid."""
_STUB = 0.6
"""A line leads out of a box if it is longer than this: the rulings of forms end at each other."""
_RULED_TEXT = 0.3
"""Rulings between columns and below headings have more than this share of text between them."""
_RED = 40
_MIN_RED = 0.6
_STROKES = 0.6
"""A seal has more than the second share of its ink in red, which exceeds green and blue by the
first, of 255, while these differ by less. It is strokes rather than an area: they fill less than
the last of its bounds."""
_MAX_AXIS = 3.0
"""The upright axis of a chart is at most so many times as long as the part beside its curves."""
_BARS = 3
"""The bars of a red chart are at least so many solid areas; a seal has a star."""
_MIN_SQUARE, _SQUARE = 1.3, 0.8
"""The sides of a square code are longer than the former, and the shorter one has at least the
latter share of the longer one."""
_WHOLE_SIDE = 0.9
_EDGE = 0.12
"""What extends along more than the former share of a side of the image, but is less wide than the
latter, is the desk or the shadow beside a photographed page."""


class Role(Enum):
    """What a mark may be."""

    FIGURE = "figure"
    """Larger than type, and neither a box of text nor the rulings of a table."""
    PART = "part"
    """Too small for a figure of its own: a dot, a bar, a character that was not recognised."""
    RULING = "ruling"
    """A straight line: part of a figure only within its bounds."""
    BOX = "box"
    """A frame or a coloured background of text: not a figure, but part of a diagram if linked."""
    LINKED = "linked"
    """A box with a line or an arrow that leads out of it."""
    BAR = "bar"
    """A filled rectangle without text: several on one line are a chart."""
    NONE = "none"


class Mark(NamedTuple):
    role: Role
    rect: Rect
    in_table: bool
    """Whether it may be part of a table."""

    def is_square(self, unit: float) -> bool:
        """Whether it has the shape of a square code; ``unit`` is the height of a line."""
        sides = sorted((self.rect.width, self.rect.height))
        return sides[0] > _MIN_SQUARE * unit and sides[0] > _SQUARE * sides[1]


def find_marks(page: PageColours, words: Sequence[Rect], tables: Sequence[Rect]) -> list[Mark]:
    """The marks of a page outside its text."""
    unit = page.line_height
    text = _mask(page, words, _WORD_MARGIN * unit)
    areas = _mask(page, tables, _THIN * unit)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(page.ink, connectivity=8)
    in_text = np.bincount(labels[text == 1], minlength=count)
    in_areas = np.bincount(labels[areas == 1], minlength=count)
    size = stats[:, cv2.CC_STAT_AREA]
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    short = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    is_text = (in_text > _TEXT * size) & (short < _MAX_TEXT * unit)
    in_table = in_areas > _IN_TABLE * size
    chosen = (long >= 0.5 * unit) & ~is_text
    marks = []
    for number in np.flatnonzero(chosen[1:]) + 1:
        left, top, width, height = (int(side) for side in stats[number, :4])
        part = np.s_[top : top + height, left : left + width]
        ink = (labels[part] == number).astype(np.uint8)
        role = _role(ink, page.pixels[part], text[part], unit)
        rect = Rect(left, top, left + width, top + height)
        if role is Role.FIGURE:
            if _is_edge(rect, page):
                continue
            rect = _trimmed(ink, rect, unit)
        if role is not Role.NONE:
            marks.append(Mark(role, rect, bool(in_table[number])))
    return marks


def _mask(page: PageColours, rects: Sequence[Rect], margin: float) -> Mask:
    mask = np.zeros_like(page.ink)
    for left, top, right, bottom in rects:
        rows = slice(max(0, int(top)), max(0, int(bottom + 1)))
        mask[rows, max(0, int(left - margin)) : max(0, int(right + margin + 1))] = 1
    return mask


def _role(ink: Mask, pixels: Pixels, text: Mask, unit: float) -> Role:
    height, width = ink.shape
    long, short = max(width, height), min(width, height)
    strokes = ink * (1 - text)  # characters may touch an underline or the side of a frame
    if not strokes.any():
        return Role.NONE
    if short <= max(2.0, _THIN * unit) or _is_slanted_line(strokes, unit):
        return Role.RULING if long > _MIN_WIDE * unit else Role.PART
    if _is_frame(strokes, unit):
        return Role.BOX
    if _is_stamped(strokes, pixels, unit):
        return Role.NONE
    words = float(text.mean())
    colour = np.median(pixels[ink == 1], axis=0)
    is_small = short <= _PICTURE * unit
    difference = np.abs(pixels.astype(np.int16) - colour.astype(np.int16)).max(axis=2)
    differs = difference >= (_FLAT_BAR if is_small else _FLAT)
    filled = float((ink | text).mean())
    if filled > _MIN_FLAT:
        rest = float((differs & (text == 0)).mean())
        if words > _BOX_TEXT and rest < _BOX_REST:
            return Role.BOX
        if (differs & (ink == 1)).sum() < (1 - _MIN_FLAT) * ink.sum():
            if not is_small and words < _PICTURE_TEXT:
                return Role.FIGURE
            return Role.BOX if words > _BOX_TEXT else Role.BAR
    if long < _MIN_WIDE * unit or short < _MIN_HIGH * unit:
        is_emblem = short >= MIN_EMBLEM * unit and float(ink.mean()) > _EMBLEM_INK
        return Role.FIGURE if is_emblem else Role.PART
    return _role_of_strokes(ink, words, unit)


def _role_of_strokes(ink: Mask, words: float, unit: float) -> Role:
    """Tell drawings from the rulings of tables and pages."""
    side = max(3, round(_SOLID * unit))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    if words < _SOLID_TEXT and solid.sum() > _MIN_SOLID * ink.sum():
        return Role.FIGURE
    length = max(6, round(_MIN_HIGH * unit))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    straight = np.maximum(level, upright)
    if straight.sum() < _STRAIGHT * ink.sum() or ink.mean() > 0.5:
        return Role.FIGURE
    outside = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(outside, None, (0, 0), 2)
    enclosed = (outside[1:-1, 1:-1] != 2).astype(np.uint8)
    if enclosed.mean() > _ENCLOSED:
        return Role.LINKED if _sticks_out(enclosed, unit) else Role.RULING
    return Role.RULING if words > _RULED_TEXT else Role.FIGURE


def _sticks_out(enclosed: Mask, unit: float) -> bool:
    """Whether a line leads out of a box, rather than ending at its sides."""
    side = max(3, round(unit))
    body = cv2.morphologyEx(enclosed, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    left, top, width, height = cv2.boundingRect(body)
    beyond = (left, top, enclosed.shape[1] - left - width, enclosed.shape[0] - top - height)
    return width > 0 and max(beyond) > _STUB * unit


def _is_slanted_line(ink: Mask, unit: float) -> bool:
    """Whether a mark is a straight line that perspective or a warped page has tilted."""
    if ink.mean() > _THIN:
        return False
    points = cv2.findNonZero(ink)
    return points is not None and min(cv2.minAreaRect(points)[1]) <= _THIN * unit


def _is_frame(ink: Mask, unit: float) -> bool:
    band = max(2, int(_THIN * unit))
    inside = ink[band:-band, band:-band]
    return inside.size > 0 and int(inside.sum()) < _FRAME * int(ink.sum())


def _is_stamped(ink: Mask, pixels: Pixels, unit: float) -> bool:
    """Whether a mark consists of red strokes, as a seal does: text under it stays text."""
    red, green, blue = (pixels[..., channel][ink == 1].astype(np.int16) for channel in range(3))
    is_red = (red - np.maximum(green, blue) > _RED) & (np.abs(green - blue) < _RED)
    if float(np.mean(is_red)) < _MIN_RED or float(ink.mean()) > _STROKES:
        return False
    side = max(3, round(_SOLID * unit))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    count, _ = cv2.connectedComponents(solid)
    return count - 1 < _BARS


def _is_edge(rect: Rect, page: PageColours) -> bool:
    """Whether a mark is beside a photographed page: the desk, a finger, or a shadow at its edge.

    A picture that is printed to the edge of the page fills a side of it.
    """
    across, down = rect.width / page.width, rect.height / page.height
    sides = (rect.left <= 0, rect.top <= 0, rect.right >= page.width, rect.bottom >= page.height)
    if not any(sides):
        return False
    if max(across, down) > _WHOLE_SIDE:
        return min(across, down) > _WHOLE_SIDE or min(across, down) < _EDGE
    return sum(sides) > 1


def _trimmed(ink: Mask, rect: Rect, unit: float) -> Rect:
    """The bounds without rulings that stick out, such as the one below a heading."""
    left, right = _ends(ink.sum(axis=0), unit, 1.0)
    top, bottom = _ends(ink.sum(axis=1), unit, _MAX_AXIS)
    if min(right - left, bottom - top) < _MIN_HIGH * unit:
        return rect
    return Rect(rect.left + left, rect.top + top, rect.left + right, rect.top + bottom)


def _ends(sums: NDArray[np.integer], unit: float, ratio: float) -> tuple[int, int]:
    """The first and last place that is thicker than a ruling, if the part beyond it is longer.

    ``ratio`` is the length of that part divided by the rest.
    """
    thick = np.flatnonzero(sums > max(2.0, _THIN * unit))
    if not thick.size:
        return 0, len(sums)
    first, last = int(thick[0]), int(thick[-1]) + 1
    beyond = max(_MIN_WIDE * unit, ratio * (last - first))
    return first if first > beyond else 0, last if len(sums) - last > beyond else len(sums)
