"""The skew of an upright page, measured on its lines, and their order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ocrportal.geometry import Rect, group_rows, quad_height, quad_length, text_slope
from ocrportal.results import Line

MAX_SLOPE = math.radians(20.0)
"""A steeper line is vertical text rather than text of a skewed page."""


def skew_of(lines: Iterable[Line]) -> float:
    """The degrees clockwise by which a rotation deskews the lines; longer ones weigh more."""
    slope = text_slope((line.box for line in lines), max_slope=MAX_SLOPE, weighted=True)
    return 0.0 - math.degrees(slope)


def in_rows(lines: Sequence[Line], skew: float) -> list[Line]:
    """Lines row by row from the top, each row from the left, as on the deskewed page.

    Columns and paragraphs are not taken into account: :mod:`ocrportal.layout` does that, with
    the whole page.
    """
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))

    def deskewed(line: Line) -> Rect:
        (ax, ay), _, (cx, cy), (dx, _) = line.box
        left, middle, y = (ax + dx) / 2, (ax + cx) / 2, (ay + cy) / 2
        center_y, half = middle * sin + y * cos, quad_height(line.box) / 2
        start = left * cos - y * sin
        return Rect(start, center_y - half, start + quad_length(line.box), center_y + half)

    return [line for row in group_rows(lines, deskewed) for line in row]
