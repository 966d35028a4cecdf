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


def _split(box: Rect, ink: Mask, line: Line) -> list[Segment]:
    left, right = max(0, math.floor(box.left)), math.ceil(box.right)
    trim = TRIM * box.height
    top, bottom = max(0, round(box.top + trim)), max(1, round(box.bottom - trim))
    inked = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    if len(inked) == 0 or not line.chars:
        return [Segment(line.text, box)]
    gaps = np.flatnonzero(np.diff(inked) > MIN_GAP * box.height)
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
