"""The recognised lines as upright rectangles in one common frame of reading.

A detector cuts a printed row into several boxes where gaps are wide, and its boxes lean
where the page does. A :class:`Fragment` is such a box set level. On a page of vertical
columns the frame is turned a quarter counter-clockwise, so that columns, read from right
to left, become rows, read from top to bottom: everything after this only knows rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.geometry import quad_angle, quad_center, quad_length, text_slope
from ocrportal.results import Line, PageResult


@dataclass(frozen=True, slots=True)
class Fragment:
    """One recognised line as a rectangle; pixels, ``left`` to ``right`` is reading."""

    index: int
    """Its place in ``PageResult.lines``."""
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Frame:
    """Fragments in a common frame of reading, and the height of the page in it, in pixels."""

    fragments: list[Fragment]
    height: int


def frame_of(upright: PageResult, indices: Sequence[int]) -> Frame:
    """The lines of an upright page with these indices that have text, deskewed, in one frame."""
    lines = [(index, line) for index in indices if (line := upright.lines[index]).text.strip()]
    columns = _written_in_columns([line for _, line in lines])
    down = math.pi / 2 if columns else 0.0
    slope = text_slope(
        (line.box for _, line in lines), max_slope=math.pi / 8, min_elongation=5, direction=down
    )
    cos, sin = math.cos(-slope), math.sin(-slope)
    fragments = []
    for index, line in lines:
        along, across = quad_length(line.box), math.dist(line.box[1], line.box[2])
        x, y = quad_center(line.box)
        if columns:
            x, y = y, upright.width - x
        x, y = x * cos - y * sin, x * sin + y * cos
        if abs(math.sin(quad_angle(line.box) - down)) > math.sin(math.pi / 4):
            along, across = across, along
        fragments.append(
            Fragment(
                index=index,
                text=line.text.strip(),
                left=x - along / 2,
                top=y - across / 2,
                right=x + along / 2,
                bottom=y + across / 2,
            )
        )
    return Frame(fragments, upright.width if columns else upright.height)


def _written_in_columns(lines: list[Line]) -> bool:
    """Whether most characters are in vertical lines."""
    vertical = sum(
        len(line.text) for line in lines if math.pi / 4 < quad_angle(line.box) < 3 * math.pi / 4
    )
    return 2 * vertical > sum(len(line.text) for line in lines)
