"""What stands in one stretch of text, character by character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.models import Network, Pixels
from ocrportal.results import Char

HEIGHT = 48
"""The network reads strips of this height."""
STEP = 64
"""Strip widths are rounded up to this. OpenVINO keeps buffers and code for every shape it
has met, so few shapes keep memory small; for the same reason strips are read one by one,
which on one thread takes no longer than reading them in batches."""
PADDING = 127
"""The grey that the network takes for nothing."""
MIDDLE_DOT, BULLET = "·", "•"
"""The network mixes them up; but a line cannot begin with the dot inside names."""
BLANK = 0
"""The network's class for "no character here"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network read in one strip."""

    text: str
    confidence: float
    """Mean over the characters, 0 to 1; 0 where there are none."""
    chars: tuple[Char, ...]


class Recogniser:
    """Reads strips of text."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapidocr",
            "models/PP-OCRv6_rec_small.onnx",
            mean=(127.5,) * 3,
            scale=(127.5,) * 3,
            threads=threads,
        )
        self._alphabet = ["", *self._network.note("character").splitlines(), " "]

    def read(self, picture: Pixels, boxes: Sequence[Corners]) -> list[Reading]:
        """Read the text in each box, along its first side; in the order of ``boxes``."""
        return [self._read_strip(_strip(picture, box)) for box in boxes]

    def _read_strip(self, strip: Pixels) -> Reading:
        width = strip.shape[1]
        filled = max(1, math.ceil(width / STEP)) * STEP
        canvas = np.full((1, HEIGHT, filled, 3), PADDING, dtype=np.uint8)
        canvas[0, :, :width] = strip
        return self._decode(self._network(canvas)[0], width / filled)

    def _decode(self, likelihoods: NDArray[np.float32], filled: float) -> Reading:
        """From likelihoods (time step x class) to text, as CTC networks mean it.

        A character is a run of equal classes other than blank. ``filled`` is the part
        of the steps that shows the strip; the rest is padding.
        """
        classes = likelihoods.argmax(axis=1)
        starts = classes != BLANK
        starts[1:] &= classes[1:] != classes[:-1]
        steps = np.flatnonzero(starts)
        if len(steps) == 0:
            return Reading("", 0.0, ())
        texts = [self._alphabet[i] for i in classes[steps]]
        confidences = likelihoods[steps, classes[steps]]
        edges = _edges((steps + 0.5) / (len(classes) * filled))
        if texts[0] == MIDDLE_DOT:
            texts[0] = BULLET
        chars = [
            Char(text, float(start), float(end), float(confidence))
            for text, (start, end), confidence in zip(texts, edges, confidences, strict=True)
        ]
        while chars and chars[0].text.isspace():
            del chars[0]
        while chars and chars[-1].text.isspace():
            del chars[-1]
        if not chars:
            return Reading("", 0.0, ())
        confidence = sum(char.confidence for char in chars) / len(chars)
        return Reading("".join(char.text for char in chars), confidence, tuple(chars))


def _strip(picture: Pixels, box: Corners) -> Pixels:
    """The part of the picture inside the box, levelled, at the height the network reads."""
    a, b, c, d = box
    width = max(1, round(max(math.dist(a, b), math.dist(d, c))))
    height = max(1, round(max(math.dist(a, d), math.dist(b, c))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    cut = cv2.warpPerspective(
        picture,
        cv2.getPerspectiveTransform(box, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(  # type: ignore[return-value]  # cv2 does not say which array
        cut, (max(1, math.ceil(HEIGHT * width / height)), HEIGHT)
    )


def _edges(centres: NDArray[np.floating[Any]]) -> list[tuple[float, float]]:
    """Where characters start and end, from where the network noticed them."""
    middles = (centres[1:] + centres[:-1]) / 2
    pitch = float(np.median(np.diff(centres))) if len(centres) > 1 else 1.0
    starts = np.maximum(centres - 0.75 * pitch, np.concatenate(([0.0], middles)))
    ends = np.minimum(centres + 0.75 * pitch, np.concatenate((middles, [1.0])))
    return list(zip(starts.clip(0, 1), ends.clip(0, 1), strict=True))
