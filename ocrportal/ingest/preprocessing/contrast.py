"""Faint print made dark on even paper."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.ingest.preprocessing.pixels import Pixels, grey_of, ink_of, small_grey

_MAX_SIDE = 1200
"""Pixels a side in which contrast is measured."""
_FAINT = 110.0
"""Of 255: ink that stands out less than this from its paper is faint."""
_STRONG = 190.0
"""What it is brought to: black would thicken the grain of the paper too."""
_MIN_INK = 8.0
"""Of 255, from its ground: below this there is nothing to make darker but noise."""
_GROUND = 100
"""Pixels a side in which the paper behind the print is drawn: it changes slowly."""


def darken(pixels: Pixels) -> Pixels | None:
    """The page with strong ink on even white paper; None where the ink is no fainter than usual.

    Light print on a dark ground is left alone.
    """
    strength = strength_of(pixels)
    if strength is None or strength >= _FAINT or float(np.median(grey_of(pixels))) < 128:
        return None
    gain = _STRONG / max(strength, _MIN_INK)
    ground = _ground_of(pixels)
    fainter = ground.astype(np.float32) - pixels
    darker: Pixels = (255.0 - np.maximum(fainter, 0.0) * gain).clip(0, 255).astype(np.uint8)
    return darker


def strength_of(pixels: Pixels) -> float | None:
    """How far the ink stands out from its paper, of 255; None where there is no ink."""
    grey, _ = small_grey(pixels, _MAX_SIDE)
    ink = ink_of(grey)
    limit, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    inked = ink[ink > max(limit, _MIN_INK)]
    if len(inked) < 0.0005 * ink.size:
        return None
    return float(np.percentile(inked, 75))


def _ground_of(pixels: Pixels) -> Pixels:
    """The paper alone, as if nothing were printed on it."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _GROUND * 8 / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    bare = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 8)
    return cv2.resize(bare, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]  # cv2 does not say which array
