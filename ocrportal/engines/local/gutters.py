"""Lines that were found as one, though a gutter between columns runs through them.

On a wide page the detector sees narrow gutters shrunken to a few pixels, and here and there
takes the lines on both sides for one. The lines above and below show where the gutter is.
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

_REACH = 8.0
"""Lines up to this far above and below are asked, in line heights."""
_WITNESSES = 4
"""So many lines must end before a gutter, and as many begin behind it."""
_SAME_SIZE = 1.6
"""Lines less high than this part of one's own say nothing: headings may cross a gutter."""
_SHORTER = 0.75
"""Lines at least this share of one's own length say nothing about a gutter in it."""
_EDGE = 2.0
"""No gutter is so near to an end of a line, in line heights."""
_AIR = 0.25
"""What a detector leaves around text, in line heights: it takes up most of a gutter."""
_MIN_GUTTER = 0.5
"""White to be seen in a line before it is cut, in line heights; blanks are narrower."""
_CORE = slice(HEIGHT // 6, HEIGHT - HEIGHT // 6)
"""The rows of a strip into which the lines above and below do not reach."""
_INK = 0.4
"""What differs from the paper by this share of the most is ink."""
_SPECKS = 2
"""Pixels of ink in a column that may be dust."""


def cut_at_gutters(picture: Pixels, boxes: list[Corners]) -> list[Corners]:
    """The same boxes, those cut in two through which a gutter runs."""
    if len(boxes) <= 2 * _WITNESSES:
        return boxes
    spans = np.array([_span(box) for box in boxes])
    cut: list[Corners] = []
    for number, box in enumerate(boxes):
        cut += _cut(picture, box, list(_gutters(spans, number)))
    return cut


def _span(box: Corners) -> tuple[float, float, float, float]:
    """Left, right, middle and height of a box, in pixels."""
    left, right = (box[0, 0] + box[3, 0]) / 2, (box[1, 0] + box[2, 0]) / 2
    return left, right, float(box[:, 1].mean()), math.dist(box[0], box[3])


def _gutters(spans: NDArray[np.float64], number: int) -> Iterator[tuple[float, float]]:
    """From where to where the neighbours of a line leave white inside its length."""
    left, right, middle, height = spans[number]
    near = spans[
        (np.abs(spans[:, 2] - middle) < _REACH * height)
        & (spans[:, 1] - spans[:, 0] < _SHORTER * (right - left))
        & (spans[:, 0] < right)
        & (spans[:, 1] > left)
        & (spans[:, 3] > height / _SAME_SIZE)
    ]
    if len(near) < 2 * _WITNESSES:
        return
    air = np.minimum(_AIR * near[:, 3], (near[:, 1] - near[:, 0]) / 4)
    reach = left + _EDGE * height
    for start, end in sorted(zip(near[:, 0] + air, near[:, 1] - air, strict=True)):
        if start > reach and start < right - _EDGE * height:
            before, behind = near[:, 1] - air <= reach, near[:, 0] + air >= start
            if min(before.sum(), behind.sum()) >= _WITNESSES:
                yield reach, start
        reach = max(reach, end)


def _cut(picture: Pixels, box: Corners, gutters: list[tuple[float, float]]) -> list[Corners]:
    if not gutters:
        return [box]
    left, right, _, _ = _span(box)
    strip = strip_of(picture, box)
    blanks = _blanks(strip)
    length = strip.shape[1]
    scale = length / (right - left)
    air = _AIR * HEIGHT
    edges = [0.0]
    chosen = set()  # one blank may hold two gutters
    for start, end in gutters:
        for first, last in blanks:
            if first < (end - left) * scale and last > (start - left) * scale:
                chosen.add((first, last))
                break
    for first, last in sorted(chosen):
        edges += [min(first + air, (first + last) / 2), max(last - air, (first + last) / 2)]
    edges.append(length)
    return [
        _part(box, a / length, b / length) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _blanks(strip: Pixels) -> list[tuple[int, int]]:
    """Where a strip shows paper from edge to edge, wider than between words."""
    grey = strip[_CORE].mean(axis=2)
    difference = np.abs(grey - np.median(grey))
    inked = (difference > _INK * max(difference.max(), 1.0)).sum(axis=0) > _SPECKS
    marks = np.flatnonzero(inked)
    return [
        (int(before) + 1, int(after))
        for before, after in pairwise(marks)
        if after - before > _MIN_GUTTER * HEIGHT
    ]


def _part(box: Corners, start: float, end: float) -> Corners:
    a, b, c, d = box
    return np.array(
        [a + (b - a) * start, a + (b - a) * end, d + (c - d) * end, d + (c - d) * start],
        dtype=np.float32,
    )
