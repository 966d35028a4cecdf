"""Enhances the contrast of faint print."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.ingest.preprocessing.pixels import Pixels, grey_of, ink_of, small_grey

_MAX_SIDE = 1200
"""Pixels per side at which contrast is measured."""
_FAINT = 110.0
"""Contrast of ink and paper (of 255) below which ink is faint."""
_STRONG = 190.0
"""The contrast to reach: a higher one would also amplify the texture of the paper."""
_MIN_INK = 8.0
"""Contrast (of 255) below which everything is noise."""
_GROUND = 100
"""Pixels per side at which the paper is modelled, since it changes slowly."""


def enhance_contrast(pixels: Pixels) -> Pixels | None:
    """Return the page with dark ink on even white paper; None if its ink is not faint.

    Light print on a dark background is left unchanged.
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
    """Return the contrast of ink and paper, of 255; None if there is no ink."""
    grey, _ = small_grey(pixels, _MAX_SIDE)
    ink = ink_of(grey)
    limit, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    inked = ink[ink > max(limit, _MIN_INK)]
    if len(inked) < 0.0005 * ink.size:
        return None
    return float(np.percentile(inked, 75))


def _ground_of(pixels: Pixels) -> Pixels:
    """Return the page without its print."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _GROUND * 8 / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    bare = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 8)
    return cv2.resize(bare, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]  # cv2 does not say which array
