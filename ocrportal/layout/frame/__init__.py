"""The frame of reading: the lines of a page deskewed, with vertical text turned to rows.

On a page of vertical columns the frame is rotated 90° counter-clockwise, so that columns,
which are read from right to left, become rows, which are read from top to bottom. The other
modules only handle rows. A photographed page is straightened.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocrportal.geometry import (
    Quad,
    Rect,
    RectIndex,
    quad_angle,
    quad_center,
    quad_length,
    text_slope,
)
from ocrportal.layout.fragments import Fragment
from ocrportal.layout.frame.perspective import straightening
from ocrportal.layout.type_runs import is_bold, known_size
from ocrportal.results import Line, PageResult


@dataclass(frozen=True, slots=True)
class Frame:
    """Fragments in a common frame of reading, and the height of the page in it, in pixels."""

    fragments: list[Fragment]
    height: int
    is_vertical: bool
    """Whether it is of vertical text."""


def deskewed_frame(
    upright: PageResult, indices: Sequence[int], areas: Sequence[Quad] = ()
) -> Frame:
    """The lines of an upright page with these indices, and areas that its text flows around.

    Lines without text are left out.
    """
    lines = [(index, line) for index in indices if (line := upright.lines[index]).text.strip()]
    vertical = is_vertical_text([line for _, line in lines])
    direction = math.pi / 2 if vertical else 0.0
    straight = None if vertical else straightening([line.box for _, line in lines])
    boxes = [straight(line.box) if straight else line.box for _, line in lines]
    slope = text_slope(
        boxes,
        max_slope=math.pi / 8,
        min_elongation=5,
        direction=direction,
    )
    cos, sin = math.cos(-slope), math.sin(-slope)
    height = upright.width if vertical else upright.height

    def framed(box: Quad) -> Rect:
        along, across = quad_length(box), math.dist(box[1], box[2])
        x, y = quad_center(box)
        if vertical:
            x, y = y, height - x
        x, y = x * cos - y * sin, x * sin + y * cos
        if abs(math.sin(quad_angle(box) - direction)) > math.sin(math.pi / 4):
            along, across = across, along
        return Rect(x - along / 2, y - across / 2, x + along / 2, y + across / 2)

    fragments = [
        Fragment(index, line.text.strip(), framed(box), known_size(line), is_bold(line))
        for (index, line), box in zip(lines, boxes, strict=True)
    ]
    if vertical:
        fragments = _with_edges_apart(fragments, [_is_column(line) for _, line in lines], height)
    texts = [fragment.rect for fragment in fragments]
    by_place = RectIndex(texts)
    for number, box in enumerate(areas):
        area = framed(straight(box) if straight else box)
        beside = [texts[found] for found in by_place.overlapping(area)]
        fragments.append(Fragment(number, "", _clear_of(beside, area)))
    return Frame(fragments, height, vertical)


def _with_edges_apart(
    fragments: Sequence[Fragment], are_columns: Sequence[bool], height: int
) -> list[Fragment]:
    """The lines of a vertical page, with its header before and its footer after the columns.

    These lie across the columns, above or below all of them, so that in the frame they would be
    in one row with some columns. They become level rows at the edges of the frame.
    """
    columns = [f.rect for f, is_column in zip(fragments, are_columns, strict=True) if is_column]
    top, bottom = min(rect.left for rect in columns), max(rect.right for rect in columns)
    first, last = min(rect.top for rect in columns), max(rect.bottom for rect in columns)
    edge = max((f.rect.right for f in fragments), default=0.0)
    apart = []
    for fragment, is_column in zip(fragments, are_columns, strict=True):
        rect = fragment.rect
        if not is_column and (rect.right <= top or rect.left >= bottom):
            is_header = rect.right <= top
            down = min(0.0, first - top) if is_header else max(height - edge, last - bottom)
            level = Rect(
                height - rect.bottom, rect.left + down, height - rect.top, rect.right + down
            )
            fragment = replace(fragment, rect=level)
        apart.append(fragment)
    return apart


def _clear_of(texts: Sequence[Rect], area: Rect) -> Rect:
    """An area without its margin in which there is text: its bounds may be inexact.

    Text with its middle in the area is part of it, such as a stamp on a table.
    """
    whole = area
    for text in texts:
        if area.overlaps(text) and not whole.contains(text.center):
            sides = (
                area._replace(right=text.left),
                area._replace(left=text.right),
                area._replace(bottom=text.top),
                area._replace(top=text.bottom),
            )
            clear = [side for side in sides if side.width > 0 and side.height > 0]
            area = max(clear, key=lambda side: side.area, default=area)
    return area


def is_vertical_text(lines: Sequence[Line]) -> bool:
    """Whether most characters are in vertical lines."""
    vertical = sum(len(line.text) for line in lines if _is_column(line))
    return 2 * vertical > sum(len(line.text) for line in lines)


def _is_column(line: Line) -> bool:
    return math.pi / 4 < quad_angle(line.box) < 3 * math.pi / 4
