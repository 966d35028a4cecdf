"""The page on which tables are located: deskewed, scaled to a moderate size, with its ink.

A photograph is straightened too, so that rows are level and columns upright.

All coordinates in this folder are pixels of this image, x to the right and y down, except
those of lines. :meth:`DeskewedPage.quad` maps back to the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.geometry import Point, Quad, Rect, quad_height, quad_length
from ocrportal.ink import ink_on_page
from ocrportal.results import Line
from ocrportal.tables.page_picture.fills import without_dark_fills
from ocrportal.tables.page_picture.perspective import mapped, straightening

MAX_SIDE = 2400
"""Larger pages are scaled down to this: rulings stay visible, and the time stays short."""
MIN_LINE_HEIGHT = 40.0
"""Pages with lower lines are enlarged: in small print letters touch, as rulings do."""
MIN_SKEW = 0.1
"""Degrees below which a page is not rotated."""
INK_WINDOW = 25
"""Pixels a side of the square whose mean a pixel must be darker than to be ink …"""
INK_CONTRAST = 12
"""… by at least this, of 255."""


class DeskewedPage:
    """A page image, deskewed and scaled, and the mapping between both."""

    def __init__(self, image: NDArray[np.uint8], lines: Sequence[Line], skew: float) -> None:
        """``lines`` are those of the image, ``skew`` the degrees clockwise that deskew it."""
        height, width = image.shape[:2]
        heights = [quad_height(line.box) or 1.0 for line in lines if not _is_vertical(line)]
        enlargement = MIN_LINE_HEIGHT / median(heights) if heights else 1.0
        scale = min(max(1.0, enlargement), MAX_SIDE / max(height, width))
        turn = math.radians(skew) if abs(skew) > MIN_SKEW else 0.0
        matrix = _rotation(turn, scale)
        texts = [line.box for line in lines if not _is_vertical(line)]
        straight = _straightening(texts, matrix, width, height)
        if straight is not None:
            matrix = straight @ matrix
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
        turned = mapped(matrix, corners)
        left, top = turned.min(axis=0)
        self._from_page = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ matrix
        self._to_page = np.linalg.inv(self._from_page)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        if turn or straight is not None:
            size = np.ceil(turned.max(axis=0) - (left, top)).astype(int)
            grey = cv2.warpPerspective(
                grey,
                self._from_page,
                (int(size[0]), int(size[1])),
                flags=cv2.INTER_AREA if scale <= 1 else cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REPLICATE,
            )
        elif scale != 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            grey = cv2.resize(grey, size, interpolation=way)
        boxes = [self.rect(line.box) for line in lines if not _is_vertical(line)]
        self.line_height = median(box.height for box in boxes) if boxes else 0.0
        """The median height of the lines' boxes; 0 on a page without horizontal lines."""
        self.grey = np.asarray(grey, np.uint8)
        bright = without_dark_fills(self.grey, self.line_height, boxes)
        self.ink = ink_on_page(bright, window=INK_WINDOW, contrast=INK_CONTRAST)

    def rect(self, quad: Quad) -> Rect:
        """The rectangle around a quad of the page."""
        return Rect.around(map(self._point, quad))

    def quad(self, rect: Rect) -> Quad:
        """The corners of a rectangle, on the page."""
        a, b, c, d = map(self._page_point, rect.quad)
        return a, b, c, d

    def _point(self, point: Point) -> Point:
        return _placed(self._from_page, point)

    def _page_point(self, point: Point) -> Point:
        return _placed(self._to_page, point)


def _placed(matrix: NDArray[np.floating], point: Point) -> Point:
    x, y, scale = matrix @ (*point, 1.0)
    return float(x / scale), float(y / scale)


def _rotation(turn: float, scale: float) -> NDArray[np.float64]:
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]], dtype=np.float64)


def _straightening(
    boxes: Sequence[Quad], matrix: NDArray[np.float64], width: int, height: int
) -> NDArray[np.float64] | None:
    """The homography that removes what is left of a perspective after ``matrix``; None without."""
    if not boxes:
        return None
    corners = mapped(matrix, np.array(boxes, np.float64).reshape(-1, 2)).reshape(-1, 4, 2)
    side = max(width, height) * math.hypot(*matrix[:2, 0])
    x, y = mapped(matrix, np.array([[width / 2, height / 2]]))[0] / side
    place = np.array([[1 / side, 0, -x], [0, 1 / side, -y], [0, 0, 1]])
    starts, ends = corners[:, (0, 3)].mean(axis=1), corners[:, (1, 2)].mean(axis=1)
    found = straightening(mapped(place, starts), mapped(place, ends))
    return None if found is None else np.linalg.inv(place) @ found @ place


def _is_vertical(line: Line) -> bool:
    a, b, _, _ = line.box
    return abs(b[1] - a[1]) > abs(b[0] - a[0]) or quad_length(line.box) < quad_height(line.box)
