"""Ink: the pixels of a greyscale image that contrast with their background.

The preprocessing steps measure the contrast of ink, on a background that shadows may
make uneven, rather than its place: see :mod:`ocrportal.ingest.preprocessing.pixels`.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
"""255 where there is ink, else 0: height x width."""

_SHARE = 0.4
"""Ink differs from the background by more than this share of the strongest ink."""


def ink_on_page(grey: NDArray[np.uint8], *, window: int, contrast: int) -> Mask:
    """The pixels that are darker, by at least ``contrast``, than the mean around them.

    The mean is taken over a square of ``window`` pixels a side, an odd number. Invert an image
    with bright text on a dark background first.
    """
    return cv2.adaptiveThreshold(  # type: ignore[return-value]  # OpenCV's stubs do not name the array type
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, contrast
    )


def ink_in_strip(
    grey: NDArray[np.uint8],
    *,
    min_contrast: int,
    percentile: float = 100.0,
    step: tuple[int, int] = (1, 1),
) -> NDArray[np.bool_] | None:
    """True for the pixels of a line of text that are ink; None without any.

    The background is the median, since most of a line is paper; ink may be darker or brighter.
    ``percentile`` of the differences from it is the strongest ink, which must be at least
    ``min_contrast``. Both are measured on every ``step``-th row and column.
    """
    # Counting the 256 grey levels is several times as fast as numpy.median and percentile.
    levels = np.bincount(grey[:: step[0], :: step[1]].ravel(), minlength=256)
    background = _median(levels)
    strongest = _percentile(_distances(levels, background), percentile)
    if strongest < min_contrast:
        return None
    return _beyond(grey, background, int(max(_SHARE * strongest, min_contrast)))


def _median(levels: NDArray[np.intp]) -> int:
    """The median of a histogram of grey levels."""
    sums = levels.cumsum()
    total = int(sums[-1])
    low = int(sums.searchsorted((total - 1) // 2, side="right"))
    return low if total % 2 else (low + int(sums.searchsorted(total // 2, side="right"))) // 2


def _percentile(levels: NDArray[np.intp], percent: float) -> int:
    """A percentile of a histogram, interpolated like ``numpy.percentile`` and rounded down."""
    sums = levels.cumsum()
    total = int(sums[-1])
    position = percent / 100 * (total - 1)
    below = int(position)
    low = int(sums.searchsorted(below, side="right"))
    high = int(sums.searchsorted(min(below + 1, total - 1), side="right"))
    share = position - below
    return int(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))


def _distances(levels: NDArray[np.intp], background: int) -> NDArray[np.intp]:
    """The histogram of the distances from the background."""
    distances = np.zeros(256, levels.dtype)
    distances[: 256 - background] = levels[background:]
    if background:
        distances[1 : background + 1] += levels[background - 1 :: -1]
    return distances


def _beyond(grey: NDArray[np.uint8], background: int, limit: int) -> NDArray[np.bool_]:
    """A mask of the pixels that differ from the background by more than ``limit``."""
    low, high = background - limit, background + limit
    if low <= 0:
        return grey > high if high < 255 else np.zeros(grey.shape, np.bool_)
    if high >= 255:
        return grey < low
    return (grey < low) | (grey > high)
