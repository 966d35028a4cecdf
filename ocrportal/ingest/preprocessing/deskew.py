"""Pages that lie askew by a few degrees."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.ingest.preprocessing.pixels import (
    Pixels,
    Redrawn,
    ink_of,
    paper_of,
    small_grey,
)

_MAX_SIDE = 1200
"""Pixels a side that are looked at."""
_MAX_ANGLE = 12.0
"""Degrees; a page that lies worse than this was not laid on a scanner."""
_MIN_ANGLE = 0.3
"""Degrees below which drawing the page anew costs more sharpness than it gains."""
_POINTS = 60_000
"""So many pixels of ink say enough."""
_INK = 40
"""Of 255, from its ground."""
_CLEAR = 3.0
"""How much sharper rows must stand out at the best slope than at others: a few words do not."""
_MIN_INK = 500
"""Pixels; less is no line of text."""


def level(pixels: Pixels) -> Redrawn | None:
    """The page with its lines level, on a larger sheet of its own colour; None if it is.

    Lines that run down the page are set upright in the same way.
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
    return Redrawn(drawn, np.linalg.inv(np.vstack([turn, [0, 0, 1]])))  # type: ignore[arg-type]  # cv2 does not say which array


def skew_of(pixels: Pixels) -> float:
    """Degrees clockwise that level the page; 0 where that is not clear."""
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
    """The turn that makes rows stand out most sharply, and by how much."""
    coarse = np.arange(-_MAX_ANGLE, _MAX_ANGLE + 0.01, 0.5)
    scores = np.array([_sharpness(along, across, angle) for angle in coarse])
    best = float(coarse[scores.argmax()])
    if abs(best) == _MAX_ANGLE:  # its like may stand out more beyond
        return 0.0, 0.0
    for step in (0.1, 0.02):
        fine = best + step * np.arange(-5, 6)
        best = float(max(fine, key=lambda angle: _sharpness(along, across, angle)))
    sharpest = _sharpness(along, across, best)
    return best, sharpest / float(np.median(scores))


def _sharpness(along: NDArray[np.float64], across: NDArray[np.float64], degrees: float) -> float:
    """How suddenly rows of print begin and end once the page is turned clockwise."""
    turn = math.radians(degrees)
    place = across * math.cos(turn) + along * math.sin(turn)
    counts = np.bincount((place - place.min()).astype(np.intp)).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())
