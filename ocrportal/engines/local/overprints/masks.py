"""Masks of a reduced page: where it has ink of some kind."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.ink import Mask

Grey = NDArray[np.uint8]
"""Grey values: height x width."""


def mask_of(pixels: NDArray[np.bool_]) -> Mask:
    """255 where ``pixels`` is true."""
    return pixels * np.uint8(255)


def widened(mask: Mask, size: int) -> Mask:
    """The mask with the pixels around it, in squares of ``size`` pixels a side."""
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), np.uint8)


def at_least(mask: Mask, size: int) -> Mask:
    """The parts of a mask that squares of ``size`` pixels a side fit into."""
    kernel = np.ones((size, size), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def share_of(mask: Mask, box: Corners, step: int) -> float:
    """The share of a box of the page that is set in a mask of every ``step``-th pixel."""
    left, top = (int(edge) for edge in box.min(axis=0) / step)
    right, bottom = (int(np.ceil(edge)) for edge in box.max(axis=0) / step)
    part = mask[top:bottom, left:right]
    if part.size == 0:
        return 0.0
    inside = np.zeros_like(part)
    cv2.fillConvexPoly(inside, np.round(box / step - (left, top)).astype(np.int32), (255,))
    area = cv2.countNonZero(inside)
    return cv2.countNonZero(part & inside) / area if area else 0.0
