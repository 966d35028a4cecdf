"""Rules: the straight lines that printers draw around and between cells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocrportal.engines.local.tables.sheet import Ink

MIN_RULE_LENGTH = 1.2
"""Shorter strokes, in line heights, belong to letters: a Han one is as wide as its letter."""
CRACK = 3
"""Pixels by which a rule may be broken and is still one."""
MIN_UPRIGHT = 1.8
"""The same for strokes that stand, which boxes of letters are nearly as high as."""
THICKEST = 0.3
"""What is thicker, in line heights, is an area or a picture rather than a rule."""
THROUGH = 0.5
"""Share of its length that a row of pixels must hold to be the rule on which letters hang."""
LONG = 5.0
"""Such a rule is at least this long, in line heights: shorter ones may be the letters alone."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule from ``start`` to ``end``, at ``place`` on the other axis."""

    start: float
    end: float
    place: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a sheet: those that lie and those that stand."""

    level: list[Rule]
    upright: list[Rule]


def find_rules(ink: Ink, em: float) -> tuple[Rules, Ink]:
    """The rules among the ink, and the ink without them; ``em`` is the usual line height."""
    level, lying = _lying(ink, em, MIN_RULE_LENGTH)
    upright, standing = _lying(np.ascontiguousarray(ink.T), em, MIN_UPRIGHT)
    rest = cv2.subtract(cv2.subtract(ink, lying), np.ascontiguousarray(standing.T))
    return Rules(level, upright), rest  # type: ignore[return-value]  # cv2 does not say which array


def _lying(ink: Ink, em: float, shortest: float) -> tuple[list[Rule], Ink]:
    """The rules along rows of pixels, and where they lie."""
    reach = max(12, round(shortest * em))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, CRACK), np.uint8))
    strokes = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    if not strokes.any():
        return [], strokes  # type: ignore[return-value]  # as above
    # A rule that is not quite level climbs by a pixel now and then.
    joined = cv2.dilate(strokes, np.ones((3, CRACK), np.uint8))
    _, labels, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    thickest = max(4.0, THICKEST * em)
    rules, dropped = [], []
    for number in range(1, len(stats)):
        left, top, width, height, _ = stats[number]
        place = float(centres[number][1])
        if height - 2 > thickest + 0.01 * width:
            part = strokes[top : top + height, left : left + width]
            through = np.flatnonzero((part > 0).sum(axis=1) > THROUGH * width)
            # Letters that touch a rule hang on it; an area or a picture is dense all over.
            if not 0 < len(through) <= thickest or width < LONG * em:
                dropped.append(number)
                continue
            place = float(top + through.mean())
        rules.append(Rule(float(left + 1), float(left + width - 1), place))
    if dropped:
        strokes[np.isin(labels, dropped)] = 0
    grown = cv2.dilate(strokes, np.ones((3, 1), np.uint8))
    return rules, grown  # type: ignore[return-value]  # as above
