"""Single values of a response: positions on the page, confidences, texts.

The cloud's responses do not always follow its documentation, and nearly every value is
missing at times. So nothing here raises: undocumented values are treated as missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ocrportal.geometry import Point, Quad, Rect


@dataclass(frozen=True, slots=True)
class Places:
    """Converts positions on the sent picture to positions on the page picture."""

    width: int
    """Of the page picture, in pixels, like ``height``."""
    height: int
    scale_x: float
    """Pixels of the page picture per sent pixel."""
    scale_y: float

    def quad(self, value: Any) -> Quad | None:
        """Four corners in pixels of the page picture; None for anything but a position.

        Documented are four points ``[x, y]``, clockwise from the text's own top left. For
        fewer or more points it is their bounding rectangle; numbers may be strings.
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
        # Clipped, since padding or rounding can exceed the page.
        return (
            min(max(x * self.scale_x, 0.0), float(self.width)),
            min(max(y * self.scale_y, 0.0), float(self.height)),
        )


def around(points: Iterable[Point]) -> Quad | None:
    """The bounding rectangle of the points; None if it has no area."""
    points = list(points)
    if not points:
        return None
    rect = Rect.around(points)
    return rect.quad if rect.area else None


def around_all(boxes: Iterable[Quad | None]) -> Quad | None:
    """The bounding rectangle of the boxes that are not None."""
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
    """A confidence from 0 to 1; any other number is ignored."""
    number = number_of(value)
    return number if number is not None and 0 <= number <= 1 else None


def text_of(value: Any) -> str:
    """A plain value as text; empty for None, objects and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def objects_in(node: Any, name: str) -> list[dict[str, Any]]:
    """The objects in the list ``name`` of an object; empty if it has no such list."""
    found = node.get(name) if isinstance(node, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
