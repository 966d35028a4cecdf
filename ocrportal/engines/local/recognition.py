"""The recogniser: the text of one line, character by character."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.models import Network, Pixels
from ocrportal.engines.local.raised_digits import with_raised_digits
from ocrportal.engines.local.unread import is_outside_alphabet, with_marks
from ocrportal.results import UNREAD_CHARACTER, Char

HEIGHT = 48
"""Pixels; the height of the strips that the network reads."""
STEP = 64
"""Strip widths are rounded up to a multiple of this. OpenVINO keeps buffers and code for every
input shape, so that few shapes keep memory small. For the same reason strips are read one by
one, which on one thread takes no longer than reading them in batches."""
MAX_WIDTH = 3200
"""Longer strips are read in parts, since the network's memory grows with the square."""
SPLIT_RANGE = 160
"""Pixels before ``MAX_WIDTH`` in which a strip is split, at the emptiest column."""
PADDING = 127
"""The grey that the network was trained to ignore."""
MIDDLE_DOT, BULLET = "·", "•"
"""The network confuses them; a line cannot begin with the middle dot, which joins names."""
MIN_CONFIDENCE = 0.5
"""Lines read with less confidence are not read: print of other scripts, stains, drawings."""
MIN_UNREAD = 2.5
"""Length of a line in its heights, from which it is marked if it was not read. Shorter regions are
stains, and symbols in drawings, except …"""
MIN_WORD = 0.8
"""… from this length, if a longer one was not read either: they are words of the same script …"""
SAME_HEIGHT = 1.6
"""… whose heights differ by less than this ratio."""
BLANK = 0
"""The network's class for "no character", as in CTC."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one strip."""

    text: str
    confidence: float
    """The mean over the recognised characters, 0 to 1; 0 without any."""
    chars: tuple[Char, ...]

    @property
    def is_read(self) -> bool:
        """Whether the text is more than a guess."""
        return bool(self.text) and self.confidence >= MIN_CONFIDENCE


class TextRegion(NamedTuple):
    """A line of text; its first side runs in the direction of reading."""

    corners: Corners
    reading: Reading


class Recogniser:
    """Recognises lines of text."""

    def __init__(self, threads: int) -> None:
        self._network = Network(
            "rapidocr",
            "models/PP-OCRv6_rec_small.onnx",
            mean=(127.5,) * 3,
            scale=(127.5,) * 3,
            threads=threads,
        )
        self._alphabet = ["", *self._network.metadata("character").splitlines(), " "]

    def read(self, image: Pixels, boxes: Sequence[Corners]) -> list[Reading]:
        """The text in each box, read along its first side, in the order of ``boxes``."""
        return [self.read_strip(strip_of(image, box)) for box in boxes]

    def read_strip(self, strip: Pixels) -> Reading:
        """The text of a strip that is ``HEIGHT`` pixels high."""
        splits = _splits(strip)
        chars: list[Char] = []
        for left, right in pairwise(splits):
            chars += self._chars(strip[:, left:right], left, splits[-1])
        while chars and chars[0].text.isspace():
            del chars[0]
        while chars and chars[-1].text.isspace():
            del chars[-1]
        if not chars:
            return Reading("", 0.0, ())
        if chars[0].text == MIDDLE_DOT:
            chars[0] = replace(chars[0], text=BULLET)
        confidence = sum(char.confidence for char in chars) / len(chars)
        if confidence >= MIN_CONFIDENCE:
            chars = with_raised_digits(strip, with_marks(strip, chars))
        return Reading("".join(char.text for char in chars), confidence, tuple(chars))

    def _chars(self, part: Pixels, left: int, length: int) -> list[Char]:
        """The characters of a part that begins ``left`` pixels into a strip of ``length``.

        The network returns probabilities per step and class. As in CTC, a character is a run of
        equal classes other than blank.
        """
        width = part.shape[1]
        canvas = np.full((1, HEIGHT, math.ceil(width / STEP) * STEP, 3), PADDING, dtype=np.uint8)
        canvas[0, :, :width] = part
        probabilities = self._network(canvas)[0]
        classes = probabilities.argmax(axis=1)
        starts = classes != BLANK
        starts[1:] &= classes[1:] != classes[:-1]
        steps = np.flatnonzero(starts)
        if len(steps) == 0:
            return []
        edges = _edges((steps + 0.5) * (canvas.shape[2] / len(classes)), width)
        return [
            Char(
                self._character(kind, probabilities[step]),
                (left + start) / length,
                (left + end) / length,
                float(probabilities[step, kind]),
            )
            for step, kind, (start, end) in zip(steps, classes[steps], edges, strict=True)
        ]

    def _character(self, kind: int, probabilities: NDArray[np.floating[Any]]) -> str:
        """The character of a class, or a mark if it is a guess at a character without one."""
        character = self._alphabet[kind]
        of_characters = probabilities[BLANK + 1 :]
        return UNREAD_CHARACTER if is_outside_alphabet(character, of_characters) else character


def unread_regions(regions: Sequence[TextRegion]) -> list[TextRegion]:
    """The regions with the shape of a line or a word, but no text: they are more than stains."""
    unread = [region for region in regions if not region.reading.is_read]
    lines = [region for region in unread if _length(region) >= MIN_UNREAD]
    heights = [_height(region) for region in lines]
    return lines + [
        region
        for region in unread
        if MIN_WORD <= _length(region) < MIN_UNREAD
        and any(1 / SAME_HEIGHT < _height(region) / height < SAME_HEIGHT for height in heights)
    ]


def mean_confidence(regions: Iterable[TextRegion]) -> float:
    """The mean confidence of all characters, 0 to 1; 0 without any."""
    texts = [(len(reading.text), reading.confidence) for _, reading in regions]
    weight = sum(length for length, _ in texts)
    return sum(length * confidence for length, confidence in texts) / weight if weight else 0.0


def _height(region: TextRegion) -> float:
    return math.dist(region.corners[0], region.corners[3])


def _length(region: TextRegion) -> float:
    """The length of a region in its heights."""
    return math.dist(region.corners[0], region.corners[1]) / max(1.0, _height(region))


def strip_of(image: Pixels, box: Corners) -> Pixels:
    """The part of the image in a box, rectified, at the height that the network reads."""
    a, b, c, d = box
    width = max(1, round(max(math.dist(a, b), math.dist(d, c))))
    height = max(1, round(max(math.dist(a, d), math.dist(b, c))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    # OpenCV warps images of at most 32767 pixels a side, so that only a part is passed to it.
    left, top = (int(edge) for edge in np.maximum(np.floor(box.min(axis=0)) - 2, 0))
    right, bottom = (int(edge) for edge in np.ceil(box.max(axis=0)) + 3)
    corners = (box - np.array([left, top])).astype(np.float32)
    cut = cv2.warpPerspective(
        image[top:bottom, left:right],
        cv2.getPerspectiveTransform(corners, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(  # type: ignore[return-value]  # OpenCV's stubs do not name the array type
        cut, (max(1, math.ceil(HEIGHT * width / height)), HEIGHT)
    )


def _splits(strip: Pixels) -> list[int]:
    """The starts of the parts of a strip, and its end: between letters where possible."""
    width = strip.shape[1]
    splits = [0]
    while width - splits[-1] > MAX_WIDTH:
        start = splits[-1] + MAX_WIDTH - SPLIT_RANGE
        unevenness = strip[:, start : start + SPLIT_RANGE].std(axis=0).sum(axis=1)
        splits.append(start + int(unevenness.argmin()))
    return [*splits, width]


def _edges(centers: NDArray[np.floating[Any]], width: int) -> list[tuple[float, float]]:
    """The start and end of characters, estimated from the steps at which they were recognised."""
    middles = (centers[1:] + centers[:-1]) / 2
    pitch = float(np.median(np.diff(centers))) if len(centers) > 1 else float(width)
    starts = np.maximum(centers - 0.75 * pitch, np.concatenate(([0.0], middles)))
    ends = np.minimum(centers + 0.75 * pitch, np.concatenate((middles, [float(width)])))
    return [
        (float(start), float(end))
        for start, end in zip(starts.clip(0, width), ends.clip(0, width), strict=True)
    ]
