"""Straightens the boxes of a photographed page, whose lines meet, for its reading order.

The frame of reading is straight, so that rows are level and the edges of columns upright. A
perspective is found by the slopes of lines at different heights and the lean of the edges of
columns from left to right; medians pass over indented and short lines.

tables/page_picture/perspective.py straightens the picture of a page for its rulings, and compares
homographies. Here the reading order is wanted of boxes alone, for results of every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from ocrportal.geometry import Point, Quad, Rect, quad_height

MIN_SAMPLES = 9
"""Lines or edges that show a perspective, at least: three for each part of the page."""
MIN_LENGTH = 5.0
"""Length from which a line shows its slope, in its heights."""
MAX_SLOPE = 0.3
"""A steeper line is vertical text."""
REACH, ASIDE = 5.0, 0.8
"""Distance of two lines one below the other, and of their starts or ends, in line heights."""
MIN_CHANGE = 0.012
"""Change of the slope over the page, from which it is not the noise of boxes."""

MAX_CONVERGENCE = 0.3
"""Change of the slope over the length of the page."""
MIN_SCALE = 0.2
"""Scale of what is beyond the text; the plane of the page ends at 0."""
TOLERANCE, MIN_AGREEING = 0.05, 0.4
"""Share of the slopes that are so near to the common one; the ends of ragged lines are not."""
MIN_SHEAR = 0.008
"""Lean of the columns of a level page."""

Mapping = Callable[[Quad], Quad]
_Sample = tuple[float, float, float]
"""A slope, and the place where it is."""


def straightening(boxes: Sequence[Quad]) -> Mapping | None:
    """The mapping that straightens a page with these lines; None if it is straight.

    It maps the corners of boxes, in pixels, and keeps the scale at the center of the text.
    """
    if len(boxes) < MIN_SAMPLES:
        return None
    bounds = Rect.around_quads(boxes)
    side = max(bounds.width, bounds.height)
    if not side:
        return None
    (x, y) = bounds.center

    def placed(box: Quad) -> list[Point]:
        return [((px - x) / side, (py - y) / side) for px, py in box]

    lines = [placed(box) for box in boxes]
    heights = [quad_height(box) / side for box in boxes]
    level = _slope(list(_slopes(lines, heights)))
    lines = [[_straight(point, *level) for point in line] for line in lines]
    upright = _slope(list(_leans(lines, heights)))
    # Columns are at right angles to the lines of a page that is only turned.
    if not level[1] and not upright[1] and abs(upright[0] + level[0]) < MIN_SHEAR:
        return None

    def straight(point: Point) -> Point:
        at = _straight(((point[0] - x) / side, (point[1] - y) / side), *level)
        at = _swapped(_straight(_swapped(at), *upright))
        return at[0] * side + x, at[1] * side + y

    def mapped(box: Quad) -> Quad:
        a, b, c, d = map(straight, box)
        return a, b, c, d

    return mapped


def _slopes(lines: Sequence[Sequence[Point]], heights: Sequence[float]) -> Iterator[_Sample]:
    for (a, b, c, d), height in zip(lines, heights, strict=True):
        (ax, ay), (bx, by) = _middle(a, d), _middle(b, c)
        if bx - ax > MIN_LENGTH * height and abs(by - ay) <= MAX_SLOPE * (bx - ax):
            yield (by - ay) / (bx - ax), (ax + bx) / 2, (ay + by) / 2


def _leans(lines: Sequence[Sequence[Point]], heights: Sequence[float]) -> Iterator[_Sample]:
    """The leans of edges from one line to another below it, with exchanged axes."""
    for side in (0, 1):
        ends = sorted(
            (
                (*_middle(line[side], line[3 - side]), height)
                for line, height in zip(lines, heights, strict=True)
            ),
            key=lambda end: end[1],
        )
        for number, (x, y, height) in enumerate(ends):
            for following in range(number + 1, len(ends)):
                other, below, _ = ends[following]
                if below - y > REACH * height:
                    break
                if below - y > height and abs(other - x) <= ASIDE * height:
                    yield (other - x) / (below - y), (y + below) / 2, (x + other) / 2


def _slope(samples: Sequence[_Sample]) -> tuple[float, float]:
    """The slope at the center and its change, 0 if it is small; both 0 if slopes disagree.

    Lines that meet in one point have the slope m + z * (slope * along - across).
    """
    if len(samples) < MIN_SAMPLES:
        return 0.0, 0.0
    placed = sorted((slope * along - across, slope) for slope, along, across in samples)
    third = len(placed) // 3
    first, last = placed[:third], placed[-third:]
    span = median(u for u, _ in last) - median(u for u, _ in first)
    change = median(slope for _, slope in last) - median(slope for _, slope in first)
    is_perspective = abs(change) >= MIN_CHANGE and abs(change) <= MAX_CONVERGENCE * span
    z = change / span if is_perspective else 0.0
    m = median(slope - z * u for u, slope in placed)
    agreeing = sum(abs(slope - z * u - m) <= TOLERANCE for u, slope in placed)
    return (m, z) if agreeing >= MIN_AGREEING * len(placed) else (0.0, 0.0)


def _straight(point: Point, slope: float, change: float) -> Point:
    """Where a point is after lines that meet are level."""
    along, across = point
    scale = max(MIN_SCALE, 1 - change * along)
    return along / scale, (across - slope * along) / scale


def _swapped(point: Point) -> Point:
    return point[1], point[0]


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
