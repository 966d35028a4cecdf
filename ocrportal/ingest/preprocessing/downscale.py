"""Reduces pictures that have more pixels than their print needs."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.ingest.preprocessing.pixels import Pixels, Warped, ink_of, small_grey

_MANY_PIXELS = 6_000_000
"""A4 at 240 dpi has fewer; reducing smaller pictures saves no time."""
_MAX_SIDE = 3500
"""Pixels per side at which print is measured: 6 point print on A4 is then 15 pixels high."""
_INK = 50
"""Of 255, from the background."""
_ENOUGH = 20.0
"""The x-height in pixels that small print keeps: that of 10 point print at 300 dpi."""
_SMALL = 10
"""The percentile of all heights that is taken as small print."""
_STROKE = 0.4
"""Share of the height of tall marks below which a mark is a part of a character."""
_MIN_MARKS = 20
"""The minimum number of marks for a measurement."""
_WORTH = 0.8
"""Pictures that would keep a larger share of their sides are left unchanged."""


def downscale(pixels: Pixels) -> Warped | None:
    """Return the picture with as many pixels as its small print needs; None if unchanged."""
    height, width = pixels.shape[:2]
    if height * width < _MANY_PIXELS:
        return None
    print_height = small_print(pixels)
    if print_height is None or _ENOUGH / print_height > _WORTH:
        return None
    share = _ENOUGH / print_height
    size = max(1, round(width * share)), max(1, round(height * share))
    drawn = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    back = np.diag([width / size[0], height / size[1], 1.0])
    return Warped(drawn, back)  # type: ignore[arg-type]  # cv2 does not say which array


def small_print(pixels: Pixels) -> float | None:
    """Return the height of small characters in pixels; None if there are too few."""
    grey, scale = small_grey(pixels, _MAX_SIDE)
    marks = (ink_of(grey) > _INK).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    across, down, count = boxes[1:, 2], boxes[1:, 3], boxes[1:, 4]
    # Flat, tiny or nearly filled marks are dots, dashes or rules rather than letters.
    letters = (down >= 6) & (across >= 3) & (down < 4 * across) & (across < 4 * down)
    letters &= (count < 0.85 * across * down) & (down < 0.05 * max(grey.shape))
    if letters.sum() < _MIN_MARKS:
        return None
    heights = down[letters]
    # Punctuation and single strokes of Chinese characters are lower than the smallest print.
    whole = heights[heights >= _STROKE * np.percentile(heights, 75)]
    return float(np.percentile(whole, _SMALL)) / scale
