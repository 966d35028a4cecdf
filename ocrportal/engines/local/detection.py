"""Where text stands on a picture: the detector, at a size that fits the picture."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr.ch_ppocr_det.utils import DBPostProcess

from ocrportal.engines.local.models import Network, Pixels

Corners = NDArray[np.float32]
"""Four corners of one stretch of text: 4 x 2, clockwise from the top-left, in pixels."""

LONG_SIDE = 1152
"""Pages are shown to the detector at this size; more pixels cost time and find no more."""
SHORT_SIDE = 640
"""Long, narrow pictures keep at least this width, else their letters would vanish."""
MARGIN = 16
"""Paper added around the picture, since text that touches an edge is overlooked."""
TILE = 1280
OVERLAP = 160
STRIDE = 32
"""The network halves its picture five times, so sides are multiples of this."""


class Detector:
    """Finds lines of text."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapidocr",
            "models/PP-OCRv6_det_small.onnx",
            mean=(127.5,) * 3,
            scale=(127.5,) * 3,
            threads=threads,
        )
        self._boxes_of = DBPostProcess(
            thresh=0.3, box_thresh=0.5, max_candidates=5000, unclip_ratio=1.6, use_dilation=True
        )

    def find(self, picture: Pixels) -> list[Corners]:
        """The stretches of text, in no particular order, inside the picture's edges."""
        height, width = picture.shape[:2]
        scale = _scale_for(height, width)
        canvas = _on_canvas(picture, scale)
        likelihood = self._map(canvas)
        boxes, _ = self._boxes_of(
            likelihood[None, None], (canvas.shape[0] / scale, canvas.shape[1] / scale)
        )
        if len(boxes) == 0:
            return []
        found = np.asarray(boxes, dtype=np.float32) - MARGIN / scale
        found[..., 0] = found[..., 0].clip(0, width)
        found[..., 1] = found[..., 1].clip(0, height)
        return [box for box in found if cv2.contourArea(box) >= 1]

    def _map(self, canvas: Pixels) -> NDArray[np.float32]:
        """How likely each pixel of the canvas belongs to text (0 to 1).

        A canvas longer than a tile is looked at in overlapping tiles whose maps are
        joined in the middle of the overlap, so that no line ends at a tile's edge and
        memory stays bounded however long the picture is.
        """
        height, width = canvas.shape[:2]
        likelihood = np.empty((height, width), dtype=np.float32)
        for top, bottom, upper, lower in _tiles(height):
            for left, right, first, last in _tiles(width):
                tile = np.ascontiguousarray(canvas[top:bottom, left:right])
                answer = self._network(tile[None])[0, 0]
                likelihood[upper:lower, first:last] = answer[
                    upper - top : lower - top, first - left : last - left
                ]
        return likelihood


def _scale_for(height: int, width: int) -> float:
    long, short = max(height, width), min(height, width)
    return min(1.0, max(LONG_SIDE / long, SHORT_SIDE / short))


def _on_canvas(picture: Pixels, scale: float) -> Pixels:
    """The scaled picture with a margin, its sides filled up to what the network takes."""
    height, width = picture.shape[:2]
    inner_height, inner_width = max(1, round(height * scale)), max(1, round(width * scale))
    small = cv2.resize(picture, (inner_width, inner_height), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(  # type: ignore[return-value]  # cv2 does not say which array
        small,
        MARGIN,
        _filled(inner_height + 2 * MARGIN) - inner_height - MARGIN,
        MARGIN,
        _filled(inner_width + 2 * MARGIN) - inner_width - MARGIN,
        cv2.BORDER_REPLICATE,
    )


def _filled(side: int) -> int:
    return math.ceil(side / STRIDE) * STRIDE


def _tiles(length: int) -> list[tuple[int, int, int, int]]:
    """Cut a side into tiles: from, to, and the part of the map that each one gives."""
    if length <= TILE:
        return [(0, length, 0, length)]
    count = math.ceil((length - OVERLAP) / (TILE - OVERLAP))
    starts = [round(i * (length - TILE) / (count - 1) / STRIDE) * STRIDE for i in range(count)]
    seams = [0, *((a + TILE + b) // 2 for a, b in pairwise(starts)), length]
    return [
        (start, start + TILE, seam, end)
        for start, (seam, end) in zip(starts, pairwise(seams), strict=True)
    ]
