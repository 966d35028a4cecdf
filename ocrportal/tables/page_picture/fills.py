"""Dark fills: areas such as the head of a table, with bright text on a dark colour."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.geometry import Rect

MAX_GREY = 150
"""A fill is at most this bright, of 255: text on brighter ones is dark."""
MIN_SIDE = 0.6
"""A fill is at least so many line heights wide and high between its letters and its edge."""
MIN_FILLED = 0.75
"""Share of its rectangle that a fill covers, with its text: pictures have no straight sides."""
MAX_HEIGHT = 12.0
"""Line heights; higher areas are pictures or the background of a page."""
WINDOW = 1.5
"""Line heights of the square whose median is the colour of a fill: letters cover less than half."""
_MAX_WINDOW = 255
"""Pixels, as OpenCV requires: the median of larger letters is measured on a reduced image."""


def without_dark_fills(
    grey: NDArray[np.uint8], line_height: float, text: Sequence[Rect]
) -> NDArray[np.uint8]:
    """The image with every dark fill white, and what differs from the fill dark on it.

    ``text`` are the boxes of lines: an area without text stays as it is.
    """
    side = max(3, round(MIN_SIDE * line_height))
    dark = (grey <= MAX_GREY).astype(np.uint8)
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side // 3, side), np.uint8))
    if not solid.any():
        return grey
    # Letters and the white between the cells of a row interrupt a fill.
    joined = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    found = grey.copy()
    for left, top, width, height, area in stats[1:].tolist():
        if (
            not line_height < height < MAX_HEIGHT * line_height
            or width < line_height
            or area < MIN_FILLED * width * height
        ):
            continue
        box = Rect(left, top, left + width, top + height)
        if not any(box.contains(line.center) for line in text):
            continue
        part = grey[top : top + height, left : left + width]
        fill = _median(part, WINDOW * line_height)
        found[top : top + height, left : left + width] = 255 - cv2.absdiff(part, fill)
    return found


def _median(part: NDArray[np.uint8], window: float) -> NDArray[np.uint8]:
    """The median of the pixels around each one, in a square of this many pixels."""
    scale = min(1.0, (_MAX_WINDOW - 1) / window)
    height, width = part.shape
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA) if scale < 1 else part
    found = cv2.medianBlur(small, 2 * round(window * scale / 2) + 1)
    return np.asarray(cv2.resize(found, (width, height)) if scale < 1 else found, np.uint8)
