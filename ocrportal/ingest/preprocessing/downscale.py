"""Pictures with far more pixels than their print needs."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.ingest.preprocessing.pixels import Pixels, Redrawn, ink_of, small_grey

_MANY_PIXELS = 6_000_000
"""A4 at 240 dpi has fewer; making less of them saves nothing."""
_MAX_SIDE = 3500
"""Pixels a side in which print is measured: 6 point print on A4 is 15 pixels high then."""
_INK = 50
"""Of 255, from its ground."""
_ENOUGH = 20.0
"""Pixels of height that the lower letters (such as x) of the small print keep: 10 point
print has so many at 300 dpi."""
_SMALL = 10
"""The percentile of all heights that counts as the small print."""
_STROKE = 0.4
"""Share of the height of tall marks below which a mark is no whole character."""
_MIN_MARKS = 20
"""Fewer marks than this say nothing about the print of a page."""
_WORTH = 0.8
"""A picture that would keep more of its sides than this is left alone."""


def shrink(pixels: Pixels) -> Redrawn | None:
    """The picture with as many pixels as its small print needs; None if it has no more."""
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
    return Redrawn(drawn, back)  # type: ignore[arg-type]  # cv2 does not say which array


def small_print(pixels: Pixels) -> float | None:
    """Height (pixels) of the small characters on a page; None where too few are seen."""
    grey, scale = small_grey(pixels, _MAX_SIDE)
    marks = (ink_of(grey) > _INK).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    across, down, count = boxes[1:, 2], boxes[1:, 3], boxes[1:, 4]
    # What is flat, tiny, or nearly filled is a dot, a dash or a rule rather than a letter.
    letters = (down >= 6) & (across >= 3) & (down < 4 * across) & (across < 4 * down)
    letters &= (count < 0.85 * across * down) & (down < 0.05 * max(grey.shape))
    if letters.sum() < _MIN_MARKS:
        return None
    heights = down[letters]
    # Stops, commas and the strokes of Chinese characters are lower than the smallest print.
    whole = heights[heights >= _STROKE * np.percentile(heights, 75)]
    return float(np.percentile(whole, _SMALL)) / scale
