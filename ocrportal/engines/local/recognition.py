"""What stands in one stretch of text, character by character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
MAX_WIDTH = 3200
"""Longer strips are read in pieces, since the network's memory grows with the square."""
CUT_RANGE = 160
"""How far before ``MAX_WIDTH`` the emptiest place to cut is sought."""
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
        return [self._read_strip(strip_of(picture, box)) for box in boxes]

    def _read_strip(self, strip: Pixels) -> Reading:
        cuts = _cuts(strip)
        chars: list[Char] = []
        for left, right in pairwise(cuts):
            chars += self._chars(strip[:, left:right], left, cuts[-1])
        while chars and chars[0].text.isspace():
            del chars[0]
        while chars and chars[-1].text.isspace():
            del chars[-1]
        if not chars:
            return Reading("", 0.0, ())
        if chars[0].text == MIDDLE_DOT:
            chars[0] = replace(chars[0], text=BULLET)
        confidence = sum(char.confidence for char in chars) / len(chars)
        return Reading("".join(char.text for char in chars), confidence, tuple(chars))

    def _chars(self, piece: Pixels, left: int, length: int) -> list[Char]:
        """What a piece says that begins ``left`` pixels into a strip of ``length``.

        The network gives likelihoods per step and class; a character is a run of equal
        classes other than blank, as CTC has it.
        """
        width = piece.shape[1]
        canvas = np.full((1, HEIGHT, math.ceil(width / STEP) * STEP, 3), PADDING, dtype=np.uint8)
        canvas[0, :, :width] = piece
        likelihoods = self._network(canvas)[0]
        classes = likelihoods.argmax(axis=1)
        starts = classes != BLANK
        starts[1:] &= classes[1:] != classes[:-1]
        steps = np.flatnonzero(starts)
        if len(steps) == 0:
            return []
        edges = _edges((steps + 0.5) * (canvas.shape[2] / len(classes)), width)
        return [
            Char(
                self._alphabet[kind],
                (left + start) / length,
                (left + end) / length,
                float(likelihoods[step, kind]),
            )
            for step, kind, (start, end) in zip(steps, classes[steps], edges, strict=True)
        ]


def strip_of(picture: Pixels, box: Corners) -> Pixels:
    """The part of the picture inside the box, levelled, at the height the network reads."""
    a, b, c, d = box
    width = max(1, round(max(math.dist(a, b), math.dist(d, c))))
    height = max(1, round(max(math.dist(a, d), math.dist(b, c))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    # OpenCV warps pictures of at most 32767 pixels a side, so it gets only what it needs.
    left, top = (int(edge) for edge in np.maximum(np.floor(box.min(axis=0)) - 2, 0))
    right, bottom = (int(edge) for edge in np.ceil(box.max(axis=0)) + 3)
    corners = (box - np.array([left, top])).astype(np.float32)
    cut = cv2.warpPerspective(
        picture[top:bottom, left:right],
        cv2.getPerspectiveTransform(corners, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(  # type: ignore[return-value]  # cv2 does not say which array
        cut, (max(1, math.ceil(HEIGHT * width / height)), HEIGHT)
    )


def _cuts(strip: Pixels) -> list[int]:
    """Where pieces of a strip begin, and its end: between letters wherever possible."""
    width = strip.shape[1]
    cuts = [0]
    while width - cuts[-1] > MAX_WIDTH:
        start = cuts[-1] + MAX_WIDTH - CUT_RANGE
        unevenness = strip[:, start : start + CUT_RANGE].std(axis=0).sum(axis=1)
        cuts.append(start + int(unevenness.argmin()))
    return [*cuts, width]


def _edges(centres: NDArray[np.floating[Any]], width: int) -> list[tuple[float, float]]:
    """Where characters start and end, from where the network noticed them."""
    middles = (centres[1:] + centres[:-1]) / 2
    pitch = float(np.median(np.diff(centres))) if len(centres) > 1 else float(width)
    starts = np.maximum(centres - 0.75 * pitch, np.concatenate(([0.0], middles)))
    ends = np.minimum(centres + 0.75 * pitch, np.concatenate((middles, [float(width)])))
    return [
        (float(start), float(end))
        for start, end in zip(starts.clip(0, width), ends.clip(0, width), strict=True)
    ]
