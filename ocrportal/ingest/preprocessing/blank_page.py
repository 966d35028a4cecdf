"""Detects blank pages."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.ingest.preprocessing.pixels import Pixels, marks_of, pixels_of, small_grey

_MAX_SIDE = 1400
"""Pixels per side at which it is examined: 9 point print on A4 is then ten pixels high."""
_MIN_CONTRAST = 26.0
"""Of 255, from the background: weaker marks are texture, or show through the paper."""
_MAX_CONTRAST = 64.0
"""Stronger marks are never noise: a noisy background with such marks is a picture."""
_MIN_PICTURE = 8
"""Pixels per side; a smaller picture cannot contain a letter."""
_NOISE = 7.0
"""In multiples of the deviation of the paper: stronger marks are not noise."""
_EDGE = 0.012
"""Share of the sides in which shadows and cut edges are expected."""
_MIN_HEIGHT, _MIN_INK = 5, 9
"""Height in pixels and number of pixels of the smallest possible character."""
_HOLE = (0.008, 0.05)
"""Minimum and maximum diameter of a punch hole, as a share of the longest side."""
_HOLES_REACH = 0.12
"""Maximum distance of punch holes from the edge, as a share of the longest side."""
_STREAK = 0.5
"""Share of a side from which a thin straight line is a fold or a scanner streak."""


def is_blank(image: Image.Image) -> bool:
    """True if the page contains only dust, shadows, punch holes and folds."""
    pixels = pixels_of(image)
    if min(pixels.shape[:2]) < _MIN_PICTURE:
        return True
    grey, _ = small_grey(pixels, _MAX_SIDE)
    # Separately, since a speck and its bright JPEG halo would form one larger mark.
    return not any(_has_content(_smoothed(marks)) for marks in marks_of(grey))


def _has_content(ink: NDArray[np.float32]) -> bool:
    # The median is that of the paper: it covers more than half of a page of text.
    middle = float(np.median(ink))
    noise = float(np.median(np.abs(ink - middle))) * 1.48
    limit = min(max(_MIN_CONTRAST, middle + _NOISE * noise), _MAX_CONTRAST)
    height, width = ink.shape
    _, _, boxes, _ = cv2.connectedComponentsWithStats((ink > limit).astype(np.uint8))
    return any(_is_content(box, width, height) for box in boxes[1:])


def _smoothed(ink: Pixels) -> NDArray[np.float32]:
    """Blur slightly, which suppresses single pixels of noise and keeps strokes."""
    return cv2.GaussianBlur(ink, (3, 3), 0).astype(np.float32)


def _is_content(box: NDArray[np.int32], width: int, height: int) -> bool:
    """True for a mark (left, top, width, height, pixels) that may be text or a picture."""
    left, top, across, down, count = (int(number) for number in box)
    if down < _MIN_HEIGHT or count < _MIN_INK:
        return False
    if _is_along_an_edge(left, top, across, down, width, height):
        return False
    if min(across, down) <= max(2, 0.006 * max(width, height)) and (
        across >= _STREAK * width or down >= _STREAK * height
    ):
        return False
    return not _is_hole(left, top, across, down, count, width, height)


def _is_along_an_edge(left: int, top: int, across: int, down: int, width: int, height: int) -> bool:
    margin_x, margin_y = max(1.0, _EDGE * width), max(1.0, _EDGE * height)
    thin_x, thin_y = across <= 3 * margin_x, down <= 3 * margin_y
    at_side = left < margin_x or left + across > width - margin_x
    at_end = top < margin_y or top + down > height - margin_y
    return (at_side and thin_x and down > 2 * across) or (at_end and thin_y and across > 2 * down)


def _is_hole(
    left: int, top: int, across: int, down: int, count: int, width: int, height: int
) -> bool:
    """True for a round mark of the size of a hole, filled or as an outline (white scanner lid)."""
    longest = max(width, height)
    least, most = _HOLE
    if not least * longest <= min(across, down) <= max(across, down) <= most * longest:
        return False
    x, y = left + across / 2, top + down / 2
    reach = min(x, y, width - x, height - y)
    is_round = 0.85 <= across / down <= 1.18
    filled = count / (across * down)
    return is_round and reach <= _HOLES_REACH * longest and 0.7 <= filled <= 0.86
