"""The detector of lines of text, run at a size that fits the image."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr.ch_ppocr_det.utils import DBPostProcess

from ocrportal.engines.local.models import Network, Pixels

Corners = NDArray[np.float32]
"""Four corners of one line of text: 4 x 2, clockwise from the top-left, in pixels."""

LONG_SIDE = 1152
"""Images are scaled down to this; more pixels take longer and do not find more text."""
SHORT_SIDE = 640
"""Long, narrow images keep at least this width, since their letters would become illegible."""
MARGIN = 16
"""Pixels added around the image, since the network overlooks text that touches an edge."""
TILE = 1280
OVERLAP = 160
STRIDE = 32
"""The network halves its image five times, so that sides must be multiples of this."""


class Detector:
    """Locates the lines of text in an image."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapidocr",
            "models/PP-OCRv6_det_small.onnx",
            mean=(127.5,) * 3,
            scale=(127.5,) * 3,
            threads=threads,
        )
        self._extract_boxes = DBPostProcess(
            thresh=0.3, box_thresh=0.5, max_candidates=5000, unclip_ratio=1.6, use_dilation=True
        )

    def find(self, image: Pixels) -> list[Corners]:
        """The boxes of all lines, in no particular order, clipped to the image."""
        height, width = image.shape[:2]
        scale = _scale_for(height, width)
        canvas = _on_canvas(image, scale)
        probability = self._map(canvas)
        boxes, _ = self._extract_boxes(
            probability[None, None], (canvas.shape[0] / scale, canvas.shape[1] / scale)
        )
        if len(boxes) == 0:
            return []
        found = np.asarray(boxes, dtype=np.float32) - MARGIN / scale
        found[..., 0] = found[..., 0].clip(0, width)
        found[..., 1] = found[..., 1].clip(0, height)
        return [_from_top_left(box) for box in found if cv2.contourArea(box) >= 1]

    def _map(self, canvas: Pixels) -> NDArray[np.float32]:
        """The probability of each pixel to belong to text (0 to 1).

        A canvas longer than a tile is processed in overlapping tiles, and their maps are
        joined in the middle of the overlap. So no line is judged at the edge of a tile, and
        memory does not grow with the length of the image.
        """
        height, width = canvas.shape[:2]
        probability = np.empty((height, width), dtype=np.float32)
        for top, bottom, upper, lower in _tiles(height):
            for left, right, first, last in _tiles(width):
                tile = np.ascontiguousarray(canvas[top:bottom, left:right])
                output = self._network(tile[None])[0, 0]
                probability[upper:lower, first:last] = output[
                    upper - top : lower - top, first - left : last - left
                ]
        return probability


def _from_top_left(box: Corners) -> Corners:
    """The box from the corner whose next side runs to the right.

    RapidOCR begins with a corner of the left side, which it finds as the two leftmost corners. Of
    a column that leans to the left they are the lower ones.
    """
    sides = np.roll(box, -1, axis=0) - box
    rightness = sides[:, 0] / np.maximum(np.linalg.norm(sides, axis=1), 1e-6)
    return np.roll(box, -int(rightness.argmax()), axis=0)


def _scale_for(height: int, width: int) -> float:
    long, short = max(height, width), min(height, width)
    return min(1.0, max(LONG_SIDE / long, SHORT_SIDE / short))


def _on_canvas(image: Pixels, scale: float) -> Pixels:
    """The scaled image with a margin, padded to sides that are multiples of ``STRIDE``."""
    height, width = image.shape[:2]
    inner_height, inner_width = max(1, round(height * scale)), max(1, round(width * scale))
    small = cv2.resize(image, (inner_width, inner_height), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(  # type: ignore[return-value]  # OpenCV's stubs do not name the array type
        small,
        MARGIN,
        _padded(inner_height + 2 * MARGIN) - inner_height - MARGIN,
        MARGIN,
        _padded(inner_width + 2 * MARGIN) - inner_width - MARGIN,
        cv2.BORDER_REPLICATE,
    )


def _padded(side: int) -> int:
    return math.ceil(side / STRIDE) * STRIDE


def _tiles(length: int) -> list[tuple[int, int, int, int]]:
    """Tiles of a side: start, end, and start and end of the part of the map taken from each."""
    if length <= TILE:
        return [(0, length, 0, length)]
    count = math.ceil((length - OVERLAP) / (TILE - OVERLAP))
    starts = [round(i * (length - TILE) / (count - 1) / STRIDE) * STRIDE for i in range(count)]
    seams = [0, *((a + TILE + b) // 2 for a, b in pairwise(starts)), length]
    return [
        (start, start + TILE, seam, end)
        for start, (seam, end) in zip(starts, pairwise(seams), strict=True)
    ]
