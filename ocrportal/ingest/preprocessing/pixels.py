"""Pictures as arrays, and the mapping of their points to the original picture."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
"""Grey (height x width) or RGB (height x width x 3)."""
Matrix = NDArray[np.float64]
"""A homography: 3 x 3, for points as columns of x, y and 1."""

_BLOCK = 0.02
"""Size of the neighbourhood of a pixel, as a share of the longest side."""
_MIN_BLOCK = 15
"""The minimum in pixels: wider than a stroke of large print in a small picture."""
_DARK_PAPER = 100
"""Median brightness (of 255) below which the page has light ink on a dark background."""


class Warped(NamedTuple):
    """A picture computed from another one."""

    pixels: Pixels
    inverse: Matrix
    """Maps its points to points of the other picture."""


def pixels_of(image: Image.Image) -> Pixels:
    """Return a picture in grey if it has no colours, else in RGB.

    Raises OSError if Pillow cannot decode it.
    """
    if image.mode.startswith("I"):
        values = np.asarray(image, dtype=np.float32).clip(0)
        return (values * (255.0 / max(float(values.max()), 1.0))).astype(np.uint8)
    if image.has_transparency_data:
        glass = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(glass, mask=glass.getchannel("A"))
        return np.asarray(paper)
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def grey_of(pixels: Pixels) -> Pixels:
    """The brightness of a picture."""
    if pixels.ndim == 2:
        return pixels
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]  # cv2 does not say which array


def small_grey(pixels: Pixels, longest: int) -> tuple[Pixels, float]:
    """Return a picture in grey with at most ``longest`` pixels per side, and its scale."""
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    if scale == 1.0:
        return grey_of(pixels), 1.0
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return grey_of(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)), scale  # type: ignore[arg-type]  # see grey_of


def ink_of(grey: Pixels) -> Pixels:
    """Return the contrast of each pixel with its background as ink, 0 to 255.

    Slow changes such as shadows and the tint of the paper are removed.
    """
    how = cv2.MORPH_BLACKHAT if float(np.median(grey)) >= _DARK_PAPER else cv2.MORPH_TOPHAT
    return cv2.morphologyEx(grey, how, _block(grey))  # type: ignore[return-value]  # see grey_of


def marks_of(grey: Pixels) -> tuple[Pixels, Pixels]:
    """Return the contrast of pixels that are darker, and of those that are lighter."""
    kernel = _block(grey)
    darker, lighter = (
        cv2.morphologyEx(grey, how, kernel) for how in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)
    )
    return darker, lighter  # type: ignore[return-value]  # see grey_of


def _block(grey: Pixels) -> Pixels:
    side = max(_MIN_BLOCK, round(max(grey.shape) * _BLOCK) | 1)
    return cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))  # type: ignore[return-value]  # see grey_of


def paper_of(pixels: Pixels) -> tuple[float, ...]:
    """Return the background colour of a page: the median along its edges."""
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(np.atleast_1d(np.median(edges, axis=0)).astype(float).tolist())


def map_points(matrix: Matrix, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Map points (one per row) by a homography."""
    with_one = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(with_one[:, :2] / with_one[:, 2:])
