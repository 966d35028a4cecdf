"""Deskews pages that are rotated by a few degrees."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.ingest.preprocessing.pixels import (
    Pixels,
    Warped,
    ink_of,
    paper_of,
    small_grey,
)

_MAX_SIDE = 1200
"""Pixels per side at which skew is measured."""
_MAX_ANGLE = 12.0
"""Degrees; more skewed pages do not come from a scanner."""
_MIN_ANGLE = 0.3
"""Degrees below which resampling loses more sharpness than deskewing gains."""
_POINTS = 60_000
"""The number of ink pixels that are sampled."""
_INK = 40
"""Of 255, from the background."""
_CLEAR = 3.0
"""How much sharper rows are at the best angle than at the median one; not for a few words."""
_MIN_INK = 500
"""Pixels; fewer are not a line of text."""


def deskew(pixels: Pixels) -> Warped | None:
    """Return the page with horizontal lines, on a larger sheet of its own colour.

    Vertical lines of text are deskewed in the same way. Returns None if the page is not skewed.
    """
    skew = skew_of(pixels)
    if abs(skew) < _MIN_ANGLE:
        return None
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    drawn = cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper_of(pixels))
    return Warped(drawn, np.linalg.inv(np.vstack([turn, [0, 0, 1]])))  # type: ignore[arg-type]  # cv2 does not say which array


def skew_of(pixels: Pixels) -> float:
    """Return the clockwise degrees that deskew the page; 0 if unclear."""
    grey, _ = small_grey(pixels, _MAX_SIDE)
    rows, columns = np.nonzero(ink_of(grey) > _INK)
    if len(rows) < _MIN_INK:
        return 0.0
    if len(rows) > _POINTS:
        chosen = np.random.default_rng(0).choice(len(rows), _POINTS, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    x, y = columns.astype(np.float64), rows.astype(np.float64)
    found = [_best(along, across) for along, across in ((x, y), (y, -x))]
    skew, clear = max(found, key=lambda pair: pair[1])
    return skew if clear >= _CLEAR else 0.0


def _best(along: NDArray[np.float64], across: NDArray[np.float64]) -> tuple[float, float]:
    """The angle at which rows are sharpest, and how many times sharper than the median."""
    coarse = np.arange(-_MAX_ANGLE, _MAX_ANGLE + 0.01, 0.5)
    scores = np.array([_sharpness(along, across, angle) for angle in coarse])
    best = float(coarse[scores.argmax()])
    if abs(best) == _MAX_ANGLE:  # the maximum may be outside of the range
        return 0.0, 0.0
    for step in (0.1, 0.02):
        fine = best + step * np.arange(-5, 6)
        best = float(max(fine, key=lambda angle: _sharpness(along, across, angle)))
    sharpest = _sharpness(along, across, best)
    return best, sharpest / float(np.median(scores))


def _sharpness(along: NDArray[np.float64], across: NDArray[np.float64], degrees: float) -> float:
    """How sharply rows of print start and end if the page is rotated clockwise."""
    turn = math.radians(degrees)
    place = across * math.cos(turn) + along * math.sin(turn)
    counts = np.bincount((place - place.min()).astype(np.intp)).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())
