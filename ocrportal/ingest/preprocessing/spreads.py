"""Where two facing pages of a book meet in one picture."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.ingest.preprocessing.pixels import Pixels, ink_of, pixels_of, small_grey

_MAX_SIDE = 1000
"""Pixels a side that are looked at."""
_PAGE_SHAPE = (1.15, 1.8)
"""Least and largest height to width of a page of a book."""
_MIDDLE = 0.08
"""How far from the middle (share of the width) the gutter may lie."""
_SHEARS = np.tan(np.radians(np.arange(-3, 3.1, 0.5)))
"""Slopes at which the gutter is sought."""
_INK = 40
"""Of 255, from its ground: printed, rather than a stain."""
_BARE = 0.0015
"""Share of a column of pixels that may be dirty in a gutter: less than a line of print."""
_WIDE = 0.08
"""Share of the width from which an empty band may be two inner margins."""
_AS_MARGINS = 0.7
"""Two inner margins are at least so wide compared with the two outer ones."""
_NARROW = 0.015
"""Share of the width of an empty band with the shadow of a fold in it."""
_SHADOW = 10.0
"""Of 255: how much darker the fold is than the paper on both its sides."""
_MIN_PRINT = 0.1
"""Share of the rows with print on each of two pages, or it is not a page."""


class _Band(NamedTuple):
    """An empty band down the middle, and the empty margins beyond the print; in pixels."""

    start: int
    end: int
    margins: int


def gutter(image: Image.Image) -> int | None:
    """The x at which to cut two facing pages apart; None where the picture is one page.

    Two pages have a shape of pages and, between them, either two inner margins as wide as
    their outer ones or the shadow of the fold: columns of one page have neither.
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
    """With its rows shifted, so that what leans like this stands straight."""
    height, width = picture.shape
    matrix = np.array([[1, shear, -shear * height / 2], [0, 1, 0]], dtype=np.float64)
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]  # cv2 does not say which array


def _band(ink: Pixels) -> _Band | None:
    """The widest empty band in the middle that has print of pages on both its sides."""
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
    """The darkest x of the band where paper grows dark to it from both sides."""
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
