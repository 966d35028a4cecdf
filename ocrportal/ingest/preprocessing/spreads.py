"""Finds the gutter between two facing pages of a book in one picture."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.ingest.preprocessing.pixels import Pixels, ink_of, pixels_of, small_grey

_MAX_SIDE = 1000
"""Pixels per side at which the gutter is detected."""
_PAGE_SHAPE = (1.15, 1.8)
"""Minimum and maximum ratio of height to width of a book page."""
_MIDDLE = 0.08
"""Maximum distance of the gutter from the centre, as a share of the width."""
_SHEARS = np.tan(np.radians(np.arange(-3, 3.1, 0.5)))
"""The slopes at which the gutter is searched for."""
_INK = 40
"""Of 255, from the background: print rather than a stain."""
_BARE = 0.0015
"""Share of ink in a column of pixels of a gutter: less than a line of print has."""
_WIDE = 0.08
"""Share of the width from which an empty band can be two inner margins."""
_AS_MARGINS = 0.7
"""Minimum ratio of the inner margins to the outer margins."""
_NARROW = 0.015
"""Minimum width of an empty band with the shadow of a fold, as a share of the width."""
_SHADOW = 10.0
"""Of 255: how much darker the fold is than the paper on both sides."""
_MIN_PRINT = 0.1
"""Minimum share of rows with print on each of the two pages."""


class _Band(NamedTuple):
    """An empty vertical band in the centre, and the width of the outer margins, in pixels."""

    start: int
    end: int
    margins: int


def gutter(image: Image.Image) -> int | None:
    """Return the x at which to split two facing pages; None for a single page.

    Between two pages there are either inner margins as wide as the outer ones, or the shadow
    of the fold. Columns of a single page have neither.
    """
    height, width = image.height, image.width
    least, most = _PAGE_SHAPE
    if not least <= height / (width / 2) <= most:
        return None
    grey, scale = small_grey(pixels_of(image), _MAX_SIDE)
    ink = (ink_of(grey) > _INK).astype(np.uint8)
    found = [(band, shear) for shear in _SHEARS if (band := _band(_sheared(ink, shear)))]
    if not found:
        return None
    band, shear = max(found, key=lambda pair: pair[0].end - pair[0].start)
    share = (band.end - band.start) / grey.shape[1]
    fold = _fold(_sheared(grey, shear), band)
    if fold is not None and share >= _NARROW:
        return round(fold / scale)
    if share >= _WIDE and band.end - band.start >= _AS_MARGINS * band.margins:
        return round((band.start + band.end) / 2 / scale)
    return None


def _sheared(picture: Pixels, shear: float) -> Pixels:
    """Shift the rows so that lines with this slope become vertical."""
    height, width = picture.shape
    matrix = np.array([[1, shear, -shear * height / 2], [0, 1, 0]], dtype=np.float64)
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]  # cv2 does not say which array


def _band(ink: Pixels) -> _Band | None:
    """The widest empty band near the centre with print on both sides."""
    width = ink.shape[1]
    edge = round(0.02 * width)
    columns = ink.mean(axis=0)
    columns[:edge] = columns[width - edge :] = 0.0
    printed = np.flatnonzero(columns > _BARE)
    if len(printed) < 2:
        return None
    middle = width / 2
    reach = _MIDDLE * width
    gaps = [
        (left + 1, right)
        for left, right in pairwise(printed.tolist())
        if right - left > 1 and left + 1 <= middle + reach and right >= middle - reach
    ]
    gaps = [gap for gap in gaps if abs(sum(gap) / 2 - middle) <= reach]
    if not gaps:
        return None
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
    sides = ink[:, edge:start], ink[:, end : width - edge]
    if any(side.any(axis=1).mean() < _MIN_PRINT for side in sides):
        return None
    return _Band(start, end, int(printed[0]) + width - int(printed[-1]))


def _fold(grey: Pixels, band: _Band) -> float | None:
    """The darkest x of the band, if the paper darkens towards it from both sides."""
    width = grey.shape[1]
    around = round(0.06 * width)
    left, right = max(0, band.start - around), min(width, band.end + around)
    paper: NDArray[np.float64] = np.percentile(grey, 75, axis=0)
    smooth = np.convolve(paper, np.ones(3) / 3, mode="same")
    inner = smooth[band.start : band.end]
    if len(inner) < 3:
        return None
    x = band.start + int(inner.argmin())
    beside = min(float(smooth[left:x].max(initial=0)), float(smooth[x:right].max(initial=0)))
    return float(x) if beside - float(smooth[x]) >= _SHADOW else None
