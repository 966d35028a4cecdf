"""Lines that the detector reports as one although a gutter between columns runs through them.

The detector sees a wide page with its narrow gutters scaled down to a few pixels, and reports
some lines on both sides as one. The lines above and below show where the gutter is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.recognition import HEIGHT, strip_of
from ocrportal.ink import ink_in_strip

# Lengths are in heights of the line in question.
MAX_DISTANCE = 8.0
"""Lines up to this far above and below are considered."""
MIN_WITNESSES = 4
"""At least so many lines must end before a gutter, and as many begin behind it."""
MAX_SIZE_RATIO = 1.6
"""Lines lower than the line by more than this factor are ignored: headings may cross a gutter."""
MAX_LENGTH = 0.75
"""Lines at least this share of the line's length are ignored: they show no gutter in it."""
MIN_END_DISTANCE = 2.0
"""A gutter is at least this far from both ends of a line."""
BOX_MARGIN = 0.25
"""White that a detector includes around text: it covers most of a gutter."""
MIN_GUTTER = 0.5
"""White that must be visible in a line before it is split; spaces are narrower."""
CORE = slice(HEIGHT // 6, HEIGHT - HEIGHT // 6)
"""The rows of a strip that the lines above and below do not reach into."""
MAX_SPECKS = 2
"""Pixels of ink in a column that may be dust."""


def split_at_gutters(image: Pixels, boxes: list[Corners]) -> list[Corners]:
    """The boxes, with every box split that a gutter crosses."""
    if len(boxes) <= 2 * MIN_WITNESSES:
        return boxes
    spans = np.array([_span(box) for box in boxes])
    split: list[Corners] = []
    for number, box in enumerate(boxes):
        split += _split(image, box, list(_gutters(spans, number)))
    return split


def _span(box: Corners) -> tuple[float, float, float, float]:
    """Left, right, center and height of a box, in pixels."""
    left, right = (box[0, 0] + box[3, 0]) / 2, (box[1, 0] + box[2, 0]) / 2
    return left, right, float(box[:, 1].mean()), math.dist(box[0], box[3])


def _gutters(spans: NDArray[np.float64], number: int) -> Iterator[tuple[float, float]]:
    """The start and end of each gutter that the neighbours of a line indicate within it."""
    left, right, center, height = spans[number]
    near = spans[
        (np.abs(spans[:, 2] - center) < MAX_DISTANCE * height)
        & (spans[:, 1] - spans[:, 0] < MAX_LENGTH * (right - left))
        & (spans[:, 0] < right)
        & (spans[:, 1] > left)
        & (spans[:, 3] > height / MAX_SIZE_RATIO)
    ]
    if len(near) < 2 * MIN_WITNESSES:
        return
    margin = np.minimum(BOX_MARGIN * near[:, 3], (near[:, 1] - near[:, 0]) / 4)
    reach = left + MIN_END_DISTANCE * height
    for start, end in sorted(zip(near[:, 0] + margin, near[:, 1] - margin, strict=True)):
        if start > reach and start < right - MIN_END_DISTANCE * height:
            before, behind = near[:, 1] - margin <= reach, near[:, 0] + margin >= start
            if min(before.sum(), behind.sum()) >= MIN_WITNESSES:
                yield reach, start
        reach = max(reach, end)


def _split(image: Pixels, box: Corners, gutters: list[tuple[float, float]]) -> list[Corners]:
    if not gutters:
        return [box]
    left, right, _, _ = _span(box)
    strip = strip_of(image, box)
    gaps = _gaps(strip)
    length = strip.shape[1]
    scale = length / (right - left)
    margin = BOX_MARGIN * HEIGHT
    edges = [0.0]
    chosen = set()  # two gutters may fall into one gap
    for start, end in gutters:
        for first, last in gaps:
            if first < (end - left) * scale and last > (start - left) * scale:
                chosen.add((first, last))
                break
    for first, last in sorted(chosen):
        edges += [min(first + margin, (first + last) / 2), max(last - margin, (first + last) / 2)]
    edges.append(length)
    return [
        _part(box, a / length, b / length) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _gaps(strip: Pixels) -> list[tuple[int, int]]:
    """The gaps in a strip that are wider than spaces: first column of pixels, and end."""
    ink = ink_in_strip(strip[CORE].mean(axis=2).astype(np.uint8), min_contrast=1)
    if ink is None:
        return []
    columns = np.flatnonzero(ink.sum(axis=0) > MAX_SPECKS)
    return [
        (int(before) + 1, int(after))
        for before, after in pairwise(columns)
        if after - before > MIN_GUTTER * HEIGHT
    ]


def _part(box: Corners, start: float, end: float) -> Corners:
    a, b, c, d = box
    return np.array(
        [a + (b - a) * start, a + (b - a) * end, d + (c - d) * end, d + (c - d) * start],
        dtype=np.float32,
    )
