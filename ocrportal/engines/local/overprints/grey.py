"""Round seals on pages without colours: rings that are lighter than the text."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.overprints.coloured import (
    MAX_ASPECT,
    MAX_FILL,
    MAX_SIDE,
    MIN_FRAME,
    MIN_SHARE,
    Box,
    is_seal,
)
from ocrportal.engines.local.overprints.masks import Grey, at_least, mask_of, widened
from ocrportal.ink import Mask

MAX_COLOUR = 12
"""Difference of the channels, up to which a page has no colours but those of its paper."""
MAX_COLOURED = 0.001
"""Share of its pixels that differ by more; specks of a camera."""
MIN_RING = 0.07
"""Of the long side; a seal of 2 cm on A4 is as large."""
MIN_CONTRAST = 40
"""Grey values below that of the paper from which ink may be that of a seal."""
MIN_OVAL = 0.7
"""Share of the box of a mark within its outline: 0.79 of an oval, less with letters beside it."""
MAX_GAP = 0.006
"""Of the long side; gaps in a rim where it crosses text."""
VANISHED_IN_GREY = 0.12
"""As VANISHED of page.py: text loses most of its ink, as its edges have the grey of a seal."""
ONE_GREY = 30
"""Grey values by which a seal may be darker than the limit between the text and pale ink."""


def is_grey(small: Pixels) -> bool:
    """Whether a page has no colours."""
    red, green, blue = cv2.split(small)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    return int(np.count_nonzero(spread > MAX_COLOUR)) <= MAX_COLOURED * spread.size


def grey_ink(grey: Grey, paper: int, limit: float) -> Mask:
    """The strokes between the grey of the text and that of the paper, without edges of letters."""
    edges = widened(mask_of(grey < limit - ONE_GREY), 3)
    between = mask_of((grey >= limit - ONE_GREY) & (grey < paper - MIN_CONTRAST) & (edges == 0))
    return at_least(between, 2)


def grey_seals(between: Mask) -> list[Box]:
    """The boxes of round marks with a rim, of the size of a seal."""
    if cv2.countNonZero(between) < MIN_SHARE * between.size:
        return []
    return [box for box in _rims(between) if _is_round(between, box)]


def _rims(between: Mask) -> Iterator[Box]:
    """The boxes of connected ink that has the size of a rim; text may divide it."""
    long = max(between.shape)
    gap = max(3, round(MAX_GAP * long))
    _, _, stats, _ = cv2.connectedComponentsWithStats(widened(between, gap))
    for left, top, width, height, _ in stats[1:].tolist():
        short_side, long_side = sorted((width - gap, height - gap))
        if short_side < MIN_RING * long:
            continue
        if long_side <= min(MAX_SIDE * long, MAX_ASPECT * short_side):
            margin = gap // 2
            yield left + margin, top + margin, left + width - margin, top + height - margin


def _is_round(between: Mask, box: Box) -> bool:
    left, top, right, bottom = box
    points = cv2.findNonZero(between[top:bottom, left:right])
    _, _, width, height = cv2.boundingRect(points)
    oval = cv2.contourArea(cv2.convexHull(points)) / (width * height)
    share = len(points) / (width * height)
    return MIN_OVAL <= oval < MIN_FRAME and share <= MAX_FILL and is_seal(between, box)
