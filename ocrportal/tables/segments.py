"""Segments of text: lines, split where the gap between two characters is wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocrportal.geometry import Rect
from ocrportal.ink import Mask
from ocrportal.results import Line

MIN_GAP = 0.4
"""Line heights of white from which a gap may separate two cells."""
TRIM = 0.15
"""Share of a box's height, at its top and bottom, that ink of neighbouring lines may reach."""

MIN_VERTICAL = 2.0
"""Vertical text is higher than it is wide, and than a line, by this factor."""
MAX_SIGN_WHITE = 0.5
"""Line heights of white that is part of a full-width sign …"""
WHITE_AFTER, WHITE_BEFORE = "、。，：；！？）」』】》", "（「『【《"
"""… on its right or on its left."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a line, in a box as wide as its ink."""

    text: str
    box: Rect


def text_segments(lines: Sequence[Line], boxes: Sequence[Rect], ink: Mask) -> list[Segment]:
    """The segments of all lines with their ``boxes``; ``ink`` must not contain rulings."""
    return [
        segment
        for line, box in zip(lines, boxes, strict=True)
        for segment in _split(box, ink, line)
    ]


def is_vertical(box: Rect, line_height: float) -> bool:
    """Whether a box holds text that is read downwards or turned, next to lines this high."""
    return box.height > MIN_VERTICAL * max(line_height, box.width)


def _is_in_punctuation(start: float, end: float, box: Rect, line: Line) -> bool:
    """Whether white is that of a full-width sign: half of its square."""
    if end - start > (MIN_GAP + MAX_SIGN_WHITE) * box.height:
        return False
    middle = ((start + end) / 2 - box.left) / box.width
    after = next(
        (n for n, char in enumerate(line.chars) if (char.start + char.end) / 2 > middle), None
    )
    if after is None:
        return False
    around = line.chars[max(0, after - 1)].text, line.chars[after].text
    return around[0] in WHITE_AFTER or any(sign in WHITE_BEFORE for sign in around)


def _split(box: Rect, ink: Mask, line: Line) -> list[Segment]:
    left, right = max(0, math.floor(box.left)), math.ceil(box.right)
    trim = TRIM * box.height
    top, bottom = max(0, round(box.top + trim)), max(1, round(box.bottom - trim))
    inked = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    if len(inked) == 0 or not line.chars:
        return [Segment(line.text, box)]
    gaps = np.flatnonzero(np.diff(inked) > MIN_GAP * box.height)
    gaps = gaps[
        [not _is_in_punctuation(left + inked[g], left + inked[g + 1], box, line) for g in gaps]
    ]
    runs = zip([inked[0], *inked[gaps + 1]], [*inked[gaps], inked[-1]], strict=True)
    texts: list[tuple[str, float, float]] = []
    chars = list(line.chars)
    bounds = [float(left + (inked[gap] + inked[gap + 1]) / 2) for gap in gaps] + [math.inf]
    for (first, last), bound in zip(runs, bounds, strict=True):
        count = sum(box.left + (c.start + c.end) / 2 * box.width < bound for c in chars)
        text = "".join(char.text for char in chars[:count]).strip()
        chars = chars[count:]
        if text:
            texts.append((text, float(left + first), float(left + last + 1)))
    return [Segment(text, Rect(start, box.top, end, box.bottom)) for text, start, end in texts] or [
        Segment(line.text, box)
    ]
