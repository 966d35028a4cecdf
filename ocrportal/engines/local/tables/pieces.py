"""Pieces of text: lines, cut where the paper between two characters is wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocrportal.engines.local.tables.sheet import Ink, Rectangle, Sheet
from ocrportal.results import Line

WIDE = 0.4
"""Paper this wide, in line heights, may separate two cells."""
TRIM = 0.15
"""Share of a box's height, above and below, in which its neighbours' ink may reach."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as wide as its ink."""

    text: str
    box: Rectangle


def pieces_of(sheet: Sheet, ink: Ink, lines: Sequence[Line]) -> list[Piece]:
    """The pieces of all lines; ``ink`` is without rules."""
    return [piece for line in lines for piece in _cut(sheet.rectangle(line.box), ink, line)]


def _cut(box: Rectangle, ink: Ink, line: Line) -> list[Piece]:
    left, right = max(0, math.floor(box.left)), math.ceil(box.right)
    trim = TRIM * box.height
    top, bottom = max(0, round(box.top + trim)), max(1, round(box.bottom - trim))
    inked = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    if len(inked) == 0 or not line.chars:
        return [Piece(line.text, box)]
    gaps = np.flatnonzero(np.diff(inked) > WIDE * box.height)
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
    return [
        Piece(text, Rectangle(start, box.top, end, box.bottom)) for text, start, end in texts
    ] or [Piece(line.text, box)]
