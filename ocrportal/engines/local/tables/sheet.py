"""The page as tables are sought on it: level, not too large, with its ink and its pieces of text.

Coordinates in this folder are pixels of that sheet, x to the right and y down. Only
:meth:`Sheet.quad` leads back to the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.geometry import Point, Quad
from ocrportal.results import Line

LONG_SIDE = 2400
"""Larger pages are shrunk to this: rules stay visible, and time stays small."""
SMALL = 40.0
"""Pages whose lines are less high are enlarged: in small print letters touch, as rules do."""
LEVEL = 0.1
"""Degrees up to which a page counts as level, and need not be turned."""
NEIGHBOURHOOD = 25
"""Pixels a side of the square whose mean a pixel must be darker than to be ink …"""
DARKER = 12
"""… by this much, of 255."""

Ink = NDArray[np.uint8]
"""255 where there is ink, else 0: height x width."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A level rectangle."""

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
        """Of its height."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Of its width."""
        return (self.left + self.right) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Sheet:
    """A page picture made level and small enough, and the way back."""

    def __init__(self, picture: Pixels, lines: Sequence[Line], skew: float) -> None:
        """``lines`` are those of the picture, ``skew`` the degrees clockwise that level them."""
        height, width = picture.shape[:2]
        heights = [_height(line) for line in lines if not _is_tall(line)]
        small = SMALL / median(heights) if heights else 1.0
        scale = min(max(1.0, small), LONG_SIDE / max(height, width))
        turn = math.radians(skew) if abs(skew) > LEVEL else 0.0
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
        turned = corners @ np.array([[cos, sin], [-sin, cos]])
        left, top = turned.min(axis=0)
        self._there = np.array([[cos, -sin, -left], [sin, cos, -top]])
        self._back = cv2.invertAffineTransform(self._there)
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        if turn:
            size = np.ceil(turned.max(axis=0) - (left, top)).astype(int)
            grey = cv2.warpAffine(
                grey,
                self._there,
                (int(size[0]), int(size[1])),
                flags=cv2.INTER_AREA if scale <= 1 else cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REPLICATE,
            )
        elif scale != 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            grey = cv2.resize(grey, size, interpolation=way)
        self.ink: Ink = cv2.adaptiveThreshold(  # type: ignore[assignment]  # cv2 does not say which array
            grey,
            255,
            cv2.ADAPTIVE_THRESH_MEAN_C,
            cv2.THRESH_BINARY_INV,
            NEIGHBOURHOOD,
            DARKER,
        )
        heights = [self.rectangle(line.box).height for line in lines if not _is_tall(line)]
        self.em = median(heights) if heights else 0.0
        """The usual height of a line's box; 0 on a page without lines."""

    def point(self, point: Point) -> Point:
        """Where a point of the page lies on the sheet."""
        x, y = self._there @ (*point, 1.0)
        return float(x), float(y)

    def rectangle(self, quad: Quad) -> Rectangle:
        """The rectangle around a quad of the page."""
        points = [self.point(corner) for corner in quad]
        across, down = [x for x, _ in points], [y for _, y in points]
        return Rectangle(min(across), min(down), max(across), max(down))

    def quad(self, rectangle: Rectangle) -> Quad:
        """The corners of a rectangle, on the page."""
        a, b = (rectangle.left, rectangle.top), (rectangle.right, rectangle.top)
        c, d = (rectangle.right, rectangle.bottom), (rectangle.left, rectangle.bottom)
        return tuple(  # type: ignore[return-value]  # four of them
            (float(x), float(y)) for x, y in (self._back @ (*point, 1.0) for point in (a, b, c, d))
        )


def _height(line: Line) -> float:
    return math.dist(line.box[0], line.box[3]) or 1.0


def _is_tall(line: Line) -> bool:
    a, b, _, d = line.box
    return abs(b[1] - a[1]) > abs(b[0] - a[0]) or math.dist(a, b) < math.dist(a, d)
