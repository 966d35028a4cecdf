"""Rulings: the straight lines that are drawn around and between cells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocrportal.ink import Mask

# Lengths are in line heights where no unit is given.
MIN_HORIZONTAL = 1.2
"""Shorter strokes belong to letters: a horizontal one is as long as a Han letter is wide."""
MIN_VERTICAL = 1.8
"""The same for vertical strokes: boxes of letters are nearly as high."""
MAX_BREAK = 3
"""Pixels by which a ruling may be interrupted."""
MAX_THICKNESS = 0.3
"""Anything thicker is an area or an image."""
MIN_DENSITY = 0.5
"""The share of its length that one row of pixels must hold to be a ruling that letters touch."""
MIN_TOUCHED_LENGTH = 5.0
"""Such a ruling is at least this long: a shorter one may consist of the letters alone."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line along one axis from ``start`` to ``end``, at ``position`` on the other axis."""

    start: float
    end: float
    position: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rulings of a page."""

    horizontal: list[Ruling]
    vertical: list[Ruling]


def find_rulings(ink: Mask, line_height: float) -> tuple[Rulings, Mask]:
    """The rulings in the ink, and the ink without them."""
    horizontal, rows = _horizontal(ink, line_height, MIN_HORIZONTAL)
    vertical, columns = _horizontal(np.ascontiguousarray(ink.T), line_height, MIN_VERTICAL)
    rest = cv2.subtract(cv2.subtract(ink, rows), np.ascontiguousarray(columns.T))
    return Rulings(horizontal, vertical), rest  # type: ignore[return-value]  # OpenCV's stubs do not name the array type


def _horizontal(ink: Mask, line_height: float, min_length: float) -> tuple[list[Ruling], Mask]:
    """The horizontal rulings, and their ink."""
    reach = max(12, round(min_length * line_height))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, MAX_BREAK), np.uint8))
    strokes = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    if not strokes.any():
        return [], strokes  # type: ignore[return-value]  # as above
    # A slightly slanted ruling moves by a pixel at intervals.
    joined = cv2.dilate(strokes, np.ones((3, MAX_BREAK), np.uint8))
    _, labels, stats, centers = cv2.connectedComponentsWithStats(joined, connectivity=8)
    max_thickness = max(4.0, MAX_THICKNESS * line_height)
    rulings, dropped = [], []
    for number in range(1, len(stats)):
        left, top, width, height, _ = stats[number]
        position = float(centers[number][1])
        if height - 2 > max_thickness + 0.01 * width:
            part = strokes[top : top + height, left : left + width]
            dense = np.flatnonzero((part > 0).sum(axis=1) > MIN_DENSITY * width)
            # Under letters that touch a ruling few rows are dense; in an area all are.
            if not 0 < len(dense) <= max_thickness or width < MIN_TOUCHED_LENGTH * line_height:
                dropped.append(number)
                continue
            position = float(top + dense.mean())
        rulings.append(Ruling(float(left + 1), float(left + width - 1), position))
    if dropped:
        strokes[np.isin(labels, dropped)] = 0
    grown = cv2.dilate(strokes, np.ones((3, 1), np.uint8))
    return rulings, grown  # type: ignore[return-value]  # as above
