"""Single values of an answer: places on the page, confidences, text.

The cloud's documents and its answers disagree in places, and nearly everything is left out
at times. So nothing here raises: what is not as documented counts as not said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ocrportal.geometry import Point, Quad


@dataclass(frozen=True, slots=True)
class Places:
    """Turns places on the sent picture into places on the page picture."""

    width: int
    """Of the page picture, in pixels, like ``height``."""
    height: int
    scale_x: float
    """Pixels of the page picture for one sent pixel."""
    scale_y: float

    def quad(self, value: Any) -> Quad | None:
        """Four corners in pixels of the page picture; None for what is no place.

        Documented are four points ``[x, y]``, clockwise from the text's own top-left.
        Of fewer or more points the upright rectangle around them is taken; numbers may
        be written as strings.
        """
        points = self._points(value)
        if len(points) != 4:
            return around(points)
        a, b, c, d = points
        return (a, b, c, d) if around(points) else None

    def _points(self, value: Any) -> list[Point]:
        if not isinstance(value, list):
            return []
        points = [self._point(entry) for entry in value]
        known = [point for point in points if point is not None]
        return known if len(known) == len(points) else []

    def _point(self, value: Any) -> Point | None:
        if not isinstance(value, list) or len(value) != 2:
            return None
        x, y = (number_of(entry) for entry in value)
        if x is None or y is None:
            return None
        # What was padded, or overshoots by a pixel, is still on the page.
        return (
            min(max(x * self.scale_x, 0.0), float(self.width)),
            min(max(y * self.scale_y, 0.0), float(self.height)),
        )


def around(points: Iterable[Point]) -> Quad | None:
    """The upright rectangle around some points; None if it has no area."""
    points = list(points)
    if not points:
        return None
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    if left == right or top == bottom:
        return None
    return (left, top), (right, top), (right, bottom), (left, bottom)


def around_all(boxes: Iterable[Quad | None]) -> Quad | None:
    """The upright rectangle around those of some boxes that are known."""
    return around(point for box in boxes if box is not None for point in box)


def number_of(value: Any) -> float | None:
    """A finite number, also one written as a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def confidence_of(value: Any) -> float | None:
    """A confidence from 0 to 1; the reference prints some beyond, which say nothing."""
    number = number_of(value)
    return number if number is not None and 0 <= number <= 1 else None


def text_of(value: Any) -> str:
    """A plain value as text: empty for None, objects and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def objects_in(node: Any, name: str) -> list[dict[str, Any]]:
    """The objects of the list ``name`` of an object; empty if there is no such list."""
    found = node.get(name) if isinstance(node, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
