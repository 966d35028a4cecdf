"""The recognised lines as upright rectangles in one common frame of reading.

A detector cuts a printed row into several boxes where gaps are wide, and its boxes lean
where the page does. A :class:`Fragment` is such a box set level. On a page of vertical
columns the frame is turned a quarter counter-clockwise, so that columns, read from right
to left, become rows, read from top to bottom: everything after this only knows rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

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


def fragments_of(result: PageResult) -> list[Fragment]:
    """The lines of a page that have text, upright, levelled, in the frame of reading."""
    upright = result.upright()
    lines = [(index, line) for index, line in enumerate(upright.lines) if line.text.strip()]
    columns = _written_in_columns([line for _, line in lines])
    directions = [_direction(line) - (math.pi / 2 if columns else 0.0) for _, line in lines]
    tilt = _tilt([(line, angle) for (_, line), angle in zip(lines, directions, strict=True)])
    cos, sin = math.cos(-tilt), math.sin(-tilt)
    fragments = []
    for (index, line), direction in zip(lines, directions, strict=True):
        along, across = _extent(line)
        x = sum(point[0] for point in line.box) / 4
        y = sum(point[1] for point in line.box) / 4
        if columns:
            x, y = y, upright.width - x
        x, y = x * cos - y * sin, x * sin + y * cos
        if abs(math.sin(direction)) > math.sin(math.pi / 4):
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
    return fragments


def frame_height(result: PageResult) -> int:
    """Height of the page in the frame of reading, in pixels."""
    upright = result.upright()
    lines = [line for line in upright.lines if line.text.strip()]
    return upright.width if _written_in_columns(lines) else upright.height


def _direction(line: Line) -> float:
    """The angle of reading in radians, clockwise from level."""
    (left, top), (right, bottom) = line.box[0], line.box[1]
    return math.atan2(bottom - top, right - left)


def _extent(line: Line) -> tuple[float, float]:
    """Length along the text and height across it, in pixels."""
    return math.dist(line.box[0], line.box[1]), math.dist(line.box[1], line.box[2])


def _written_in_columns(lines: list[Line]) -> bool:
    """True if more characters stand in vertical lines than in level ones."""
    vertical = sum(
        len(line.text) for line in lines if math.pi / 4 < _direction(line) < 3 * math.pi / 4
    )
    return 2 * vertical > sum(len(line.text) for line in lines)


def _tilt(lines: list[tuple[Line, float]]) -> float:
    """How far the page leans (radians clockwise), judged by its longer lines.

    Measured rather than taken from ``PageResult.skew``: it is needed to a fraction of a
    line height over the full width of the page, and not every engine reports it.
    """
    angles = [
        angle
        for line, angle in lines
        if abs(angle) < math.pi / 8 and _extent(line)[0] > 5 * _extent(line)[1]
    ]
    return median(angles) if angles else 0.0
