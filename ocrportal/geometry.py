"""Points, quads and rectangles in pixels, with x to the right and y down.

A *quad* is the box of a text: four corners in the order of reading. A :class:`Rect` is
aligned with the axes. Angles grow clockwise, since y grows downwards.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners, clockwise as the reader of the text sees them, from its top-left:
the first to the second corner is the direction of reading."""


class Rect(NamedTuple):
    """A rectangle whose sides are parallel to the axes."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Rect:
        """The smallest rectangle that contains all points; raises ValueError without any."""
        across, down = zip(*points, strict=True)
        return cls(min(across), min(down), max(across), max(down))

    @classmethod
    def around_quads(cls, quads: Iterable[Quad]) -> Rect:
        """The smallest rectangle that contains all quads; raises ValueError without any."""
        return cls.around(point for quad in quads for point in quad)

    @classmethod
    def union(cls, rects: Iterable[Rect]) -> Rect:
        """The smallest rectangle that contains all rectangles; raises ValueError without any."""
        lefts, tops, rights, bottoms = zip(*rects, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def center_y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> Point:
        return self.center_x, self.center_y

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def quad(self) -> Quad:
        """The four corners, clockwise from the top left."""
        left, top, right, bottom = self
        return (left, top), (right, top), (right, bottom), (left, bottom)

    def contains(self, point: Point) -> bool:
        """Whether a point is inside or on the edge."""
        x, y = point
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether both have an area in common; a shared edge is not enough."""
        return self.overlaps_in_x(other) and self.overlaps_in_y(other)

    def overlaps_in_x(self, other: Rect) -> bool:
        """Whether some vertical line crosses both."""
        return self.left < other.right and other.left < self.right

    def overlaps_in_y(self, other: Rect) -> bool:
        """Whether some horizontal line crosses both."""
        return self.top < other.bottom and other.top < self.bottom

    def intersection(self, other: Rect) -> Rect | None:
        """The area in common; None if the rectangles do not overlap."""
        if not self.overlaps(other):
            return None
        return Rect(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def scaled(self, factor: float) -> Rect:
        """The rectangle in other units: every coordinate times ``factor``."""
        return Rect(*(edge * factor for edge in self))


class RectIndex:
    """Finds the rectangles at a place without a look at all of them."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        self._rects = list(rects)
        # In stripes of their mean height, all of them together are in few stripes.
        self._step = sum(rect.height for rect in self._rects) / max(1, len(self._rects)) or 1.0
        self._stripes: dict[int, list[int]] = {}
        for index, rect in enumerate(self._rects):
            for stripe in range(self._stripe(rect.top), self._stripe(rect.bottom) + 1):
                self._stripes.setdefault(stripe, []).append(index)

    def at(self, point: Point) -> list[int]:
        """The positions of the rectangles with a point inside or on the edge, in their order."""
        stripe = self._stripes.get(self._stripe(point[1]), [])
        return [index for index in stripe if self._rects[index].contains(point)]

    def overlapping(self, rect: Rect) -> list[int]:
        """The positions of the rectangles that overlap another one, in their order."""
        stripes = range(self._stripe(rect.top), self._stripe(rect.bottom) + 1)
        near = {index for stripe in stripes for index in self._stripes.get(stripe, [])}
        return [index for index in sorted(near) if self._rects[index].overlaps(rect)]

    def _stripe(self, y: float) -> int:
        return math.floor(y / self._step)


def interpolate(start: Point, end: Point, fraction: float) -> Point:
    """The point at ``fraction`` (0 to 1) of the way from ``start`` to ``end``."""
    return (
        start[0] + (end[0] - start[0]) * fraction,
        start[1] + (end[1] - start[1]) * fraction,
    )


def quad_center(quad: Quad) -> Point:
    """The mean of the four corners."""
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def quad_length(quad: Quad) -> float:
    """Length along the direction of reading, measured on the upper edge."""
    return math.dist(quad[0], quad[1])


def quad_height(quad: Quad) -> float:
    """Height across the direction of reading, measured on the edge where reading starts."""
    return math.dist(quad[0], quad[3])


def quad_angle(quad: Quad) -> float:
    """The direction of reading in radians: 0 runs to the right, π/2 down the page."""
    (left, top), (right, bottom) = quad[0], quad[1]
    return math.atan2(bottom - top, right - left)


def quad_part(quad: Quad, start: float, end: float) -> Quad:
    """The part of a quad between two fractions (0 to 1) of its length."""
    top_left, top_right, bottom_right, bottom_left = quad
    return (
        interpolate(top_left, top_right, start),
        interpolate(top_left, top_right, end),
        interpolate(bottom_left, bottom_right, end),
        interpolate(bottom_left, bottom_right, start),
    )


def quad_contains(quad: Quad, point: Point) -> bool:
    """Whether a point is inside a convex quad, or outside it by at most a pixel.

    The corners may run clockwise or counter-clockwise.
    """
    bounds = Rect.around(quad)
    if not bounds.contains(point):
        return False
    x, y = point
    sides = [
        (right - left) * (y - top) - (bottom - top) * (x - left)
        for (left, top), (right, bottom) in pairwise((*quad, quad[0]))
    ]
    tolerance = max(bounds.width, bounds.height)  # one pixel, times the length of the side
    return min(sides) >= -tolerance or max(sides) <= tolerance


def turn_point(point: Point, rotation: int, width: int, height: int) -> Point:
    """Where a point of a ``width`` x ``height`` image is after the image is rotated.

    ``rotation`` is in degrees clockwise: 0, 90, 180 or 270. Raises ValueError for any other.
    """
    x, y = point
    if rotation == 0:
        return x, y
    if rotation == 90:
        return height - y, x
    if rotation == 180:
        return width - x, height - y
    if rotation == 270:
        return y, width - x
    raise ValueError(f"rotation must be 0, 90, 180 or 270, not {rotation}")


def turn_quad(quad: Quad, rotation: int, width: int, height: int) -> Quad:
    """:func:`turn_point` for four corners; their order stays, since it follows the text."""
    a, b, c, d = (turn_point(point, rotation, width, height) for point in quad)
    return a, b, c, d


def text_slope(
    quads: Iterable[Quad],
    *,
    max_slope: float,
    min_elongation: float = 0.0,
    weighted: bool = False,
    direction: float = 0.0,
) -> float:
    """The median slope of lines of text, in radians clockwise; 0.0 if no line counts.

    A slope is measured from ``direction``, the angle at which the text would not be skewed.
    Lines with a slope of ``max_slope`` or more, and those at most ``min_elongation`` times
    as long as they are high, do not count. If ``weighted``, each line counts by its length.

    The slope of a page without known lines is measured on pixels instead, in
    :mod:`ocrportal.ingest.preprocessing.deskew`.
    """
    slopes = []
    for quad in quads:
        slope = math.remainder(quad_angle(quad) - direction, math.tau)
        length = quad_length(quad)
        if abs(slope) < max_slope and (
            not min_elongation or length > min_elongation * quad_height(quad)
        ):
            slopes.append((slope, length))
    if not slopes:
        return 0.0
    if not weighted:
        return median(slope for slope, _ in slopes)
    slopes.sort()
    lengths = list(accumulate(length for _, length in slopes))
    return slopes[bisect_left(lengths, lengths[-1] / 2)][0]


SameRow = Callable[[Sequence[Rect], Rect], bool]
"""Whether a rectangle belongs to a row, given the rectangles of that row so far."""


def is_level_with_first(row: Sequence[Rect], rect: Rect) -> bool:
    """Whether the center is at most half the height of the row's first rectangle below its own."""
    return rect.center_y <= row[0].center_y + row[0].height / 2


def group_rows(
    items: Iterable[T],
    rect_of: Callable[[T], Rect],
    same_row: SameRow = is_level_with_first,
    *,
    max_open_rows: int = 1,
) -> list[list[T]]:
    """Items in rows from top to bottom, each row from left to right.

    Items are taken by their centers from the top. Each joins the newest of the last
    ``max_open_rows`` rows that accepts it by ``same_row``, or starts a row.
    """
    rows: list[tuple[list[Rect], list[T]]] = []
    placed = [(rect_of(item), item) for item in items]
    for rect, item in sorted(placed, key=lambda pair: (pair[0].center_y, pair[0].left)):
        for rects, row in reversed(rows[-max_open_rows:]):
            if same_row(rects, rect):
                rects.append(rect)
                row.append(item)
                break
        else:
            rows.append(([rect], [item]))
    rows.sort(key=lambda pair: sum(rect.center_y for rect in pair[0]) / len(pair[0]))
    return [_from_the_left(rects, row) for rects, row in rows]


def _from_the_left(rects: list[Rect], items: list[T]) -> list[T]:
    order = sorted(range(len(items)), key=lambda index: rects[index].left)
    return [items[index] for index in order]
