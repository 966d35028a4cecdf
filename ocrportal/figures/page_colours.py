"""The page on which figures are searched: deskewed, scaled down, with the colour of its paper.

All coordinates in this folder are pixels of this image, x to the right and y down, except those
of lines. :meth:`PageColours.quad` maps back to the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.geometry import Point, Quad, Rect, quad_height, quad_length
from ocrportal.ink import Mask
from ocrportal.results import Line

Pixels = NDArray[np.uint8]
"""Height x width x 3, channels red, green, blue."""
LINE_HEIGHT = 12.0
"""Pixels of a line of text: strokes are then a pixel wide, and still visible."""
MAX_PIXELS = 2_000_000
"""Pages with many small lines are scaled down to this, which bounds the time."""
MIN_SKEW = 0.3
"""Degrees below which a page is not rotated: a figure as wide as the page is then a few pixels
higher at one end."""
PAPER_STEP = 12
"""The difference of neighbouring cells, of 255, up to which both are paper: shadows change slowly,
the edges of figures do not."""
CONTRAST = 28
"""The difference from the paper, of 255, from which a pixel is ink: above the noise of a JPEG,
and below the shades of pale charts."""
_CELL = 16
"""Pixels a side of the square cells in which the colour of the paper is measured: higher than a
line, so that most of a cell is background."""
_MAX_GROUNDS = 200


@dataclass(frozen=True, slots=True)
class PageColours:
    """A page with its ink, and the mapping to the image it was made from."""

    pixels: Pixels
    ink: Mask
    """1 where a pixel differs from the paper, else 0."""
    line_height: float
    """The median height of its lines."""
    to_page: NDArray[np.float64]
    from_page: NDArray[np.float64]

    @classmethod
    def of(cls, image: Pixels, lines: Sequence[Line], skew: float) -> PageColours | None:
        """None for a page without text, whose paper and type size are unknown."""
        heights = [min(quad_height(line.box), quad_length(line.box)) for line in lines]
        line_height = median(heights) if heights else 0.0
        if not line_height:
            return None
        height, width = image.shape[:2]
        scale = min(1.0, LINE_HEIGHT / line_height, math.sqrt(MAX_PIXELS / (height * width)))
        small = cv2.resize(
            image,
            (max(1, round(width * scale)), max(1, round(height * scale))),
            interpolation=cv2.INTER_AREA,
        )
        from_page = np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]])
        if abs(skew) > MIN_SKEW:
            center = small.shape[1] / 2, small.shape[0] / 2
            turn = cv2.getRotationMatrix2D(center, -skew, 1.0)
            small = cv2.warpAffine(
                small, turn, (small.shape[1], small.shape[0]), borderMode=cv2.BORDER_REPLICATE
            )
            from_page = turn @ np.vstack([from_page, [0.0, 0.0, 1.0]])
        pixels = np.asarray(small, np.uint8)
        to_page = np.asarray(cv2.invertAffineTransform(from_page), np.float64)
        rects = [_mapped(line.box, from_page) for line in lines]
        paper = _paper(pixels, rects)
        difference = cv2.absdiff(pixels, paper)
        ink = (difference.max(axis=2) > CONTRAST).astype(np.uint8)
        return cls(pixels, ink, line_height * scale, to_page, from_page)

    @property
    def width(self) -> int:
        return int(self.ink.shape[1])

    @property
    def height(self) -> int:
        return int(self.ink.shape[0])

    def without(self, places: Sequence[Rect]) -> PageColours:
        """The page without the ink at some places."""
        ink = self.ink.copy() if places else self.ink
        for left, top, right, bottom in places:
            ink[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = 0
        return replace(self, ink=ink)

    def rect(self, quad: Quad) -> Rect:
        """The rectangle around a quad of the page."""
        return _mapped(quad, self.from_page)

    def quad(self, rect: Rect) -> Quad:
        """The corners of a rectangle, on the page."""
        a, b, c, d = (self.to_page @ (*corner, 1.0) for corner in rect.quad)
        return _point(a), _point(b), _point(c), _point(d)


def _point(vector: NDArray[np.floating]) -> Point:
    return float(vector[0]), float(vector[1])


def _mapped(quad: Quad, matrix: NDArray[np.float64]) -> Rect:
    points = np.asarray(quad) @ matrix[:, :2].T + matrix[:, 2]
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Rect(float(left), float(top), float(right), float(bottom))


def _paper(pixels: Pixels, lines: Sequence[Rect]) -> Pixels:
    """The colour of the paper at each pixel.

    The paper is behind the text: from the backgrounds of the lines it extends as far as colours
    change slowly. Under ink and figures it has the colour around them. A line within a photograph
    or on a coloured box extends to a ground of its own, and the ground of most text is the paper.
    """
    colours = _cell_colours(pixels)
    height, width = colours.shape[:2]
    grounds = np.zeros((height + 2, width + 2), np.uint8)
    lengths = [0.0]
    for line in sorted(lines, key=lambda rect: -rect.width):
        x, y = _background(colours, line)
        known = int(grounds[y + 1, x + 1])
        if known:
            lengths[known] += line.width
        elif len(lengths) < _MAX_GROUNDS:
            flags = 4 | len(lengths) << 8 | cv2.FLOODFILL_MASK_ONLY
            step = (PAPER_STEP,) * 3
            cv2.floodFill(colours, grounds, (x, y), 0, step, step, flags)
            lengths.append(line.width)
    paper = grounds[1:-1, 1:-1] == int(np.argmax(lengths))
    filled = _filled(colours, paper.astype(np.float32))
    return np.asarray(cv2.resize(filled, (pixels.shape[1], pixels.shape[0])), np.uint8)


def _cell_colours(pixels: Pixels) -> Pixels:
    """The median colour of each square cell, which is the background in cells of text."""
    height, width = (max(1, side // _CELL) for side in pixels.shape[:2])
    size = (width * _CELL // 2, height * _CELL // 2)
    half = cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST)
    cells = half.reshape(height, _CELL // 2, width, _CELL // 2, 3).swapaxes(1, 2)
    colours = np.median(cells.reshape(height, width, -1, 3), axis=2)
    return np.asarray(colours, np.uint8)


def _background(colours: Pixels, line: Rect) -> tuple[int, int]:
    """The cell of a line whose colour is nearest to the median of its cells."""
    height, width = colours.shape[:2]
    left, right = (min(max(int(x / _CELL), 0), width - 1) for x in (line.left, line.right))
    y = min(max(int(line.center_y / _CELL), 0), height - 1)
    row = colours[y, left : right + 1].astype(np.int16)
    return left + int(np.abs(row - np.median(row, axis=0)).sum(axis=1).argmin()), y


def _filled(colours: Pixels, paper: NDArray[np.float32]) -> Pixels:
    """The colours where there is paper, elsewhere the mean of the paper around."""
    sums, shares = colours * paper[..., None], paper
    levels = [(sums, shares)]
    while min(shares.shape) > 1:
        size = (shares.shape[1] + 1) // 2, (shares.shape[0] + 1) // 2
        sums = np.asarray(cv2.resize(sums, size, interpolation=cv2.INTER_AREA), np.float32)
        shares = np.asarray(cv2.resize(shares, size, interpolation=cv2.INTER_AREA), np.float32)
        levels.append((sums, shares))
    filled = np.zeros(3)
    for sums, shares in reversed(levels):
        around = (
            cv2.resize(filled, (shares.shape[1], shares.shape[0])) if filled.ndim > 1 else filled
        )
        mean = sums / np.maximum(shares, 1e-6)[..., None]
        weight = np.minimum(1.0, 2 * shares)[..., None]
        filled = weight * mean + (1 - weight) * around
    return np.clip(filled, 0, 255).astype(np.uint8)
