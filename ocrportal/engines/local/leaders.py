"""Dot leaders, as in lists of contents, and the numbers that they lead to.

The detector overlooks dots and often the one or two digits after them, so both are searched for
in the ink to the right of the detected boxes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.models import Pixels
from ocrportal.geometry import Rect
from ocrportal.ink import ink_on_page

LETTER = 0.72
"""Height of an ideograph, the unit below, in heights of its line with the margin around it."""
WINDOW, CONTRAST = 2.0, 20
"""The background of ink: letters around it, and grey values that it is brighter."""
MAX_DOT = 0.28
"""Sides of a dot. Larger ink is a letter."""
MAX_ASPECT = 2.5
"""Length of a dot in its height; dashes are longer, and dots of a blurred page may touch."""
MIN_AREA, LARGE = 0.35, 80
"""Area of a dot, as a share of this percentile of the areas in its row."""
MAX_PITCH = 1.2
"""Distance of two dots."""
MIN_DOTS, MIN_LENGTH = 5, 2.0
"""Dots and length of a leader; an ellipsis in Chinese text has six dots, and letters behind it."""
MIN_REGULAR, MAX_DEVIATION = 0.7, 0.35
"""Share of the dots whose distance is the median one, within this share of it; dust has none."""
MAX_SCATTER = 0.1
"""Mean distance of the dots from a straight line."""
MAX_SLOPE = 0.1
MAX_GAP, MAX_SPACE = 3.0, 0.8
"""White between the last dot and the number, and between its digits."""
MAX_NUMBER = 5.0
"""Length of a number."""
MIN_DIGIT, MAX_DIGIT = 0.35, 1.3
"""Height of a digit."""
MAX_OFFSET = 0.6
"""Distance of the middle of a digit from the line of the dots, which may be at half its height."""
ROOM = 2.0
"""Height above and below the boxes that is searched, since rows of photographs are skewed."""
MIN_CONTRAST = 40
"""Grey values of dots to the right of a box."""


@dataclass(frozen=True, slots=True)
class Leader:
    """A row of dots, and the area of the number after it, in pixels."""

    left: float
    right: float
    slope: float
    offset: float
    number: Rect | None

    def y(self, x: float) -> float:
        """The height of the line of the dots at ``x``."""
        return self.slope * x + self.offset


def find_leaders(image: Pixels, boxes: Sequence[Corners]) -> list[Leader]:
    """The leaders of an upright page, whose text is in ``boxes``."""
    if not boxes:
        return []
    letter = LETTER * median(math.dist(box[0], box[3]) for box in boxes)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    rows = _rows_with_dots(grey, boxes, letter)
    if rows is None:
        return []
    top, bottom = rows
    ink = ink_on_page(grey[top:bottom], window=2 * round(WINDOW * letter) + 1, contrast=CONTRAST)
    _, _, stats, centers = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats[:, cv2.CC_STAT_TOP] += top
    centers[:, 1] += top
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    is_dot = np.maximum(width, height) <= max(2, MAX_DOT * letter)
    is_dot &= width <= MAX_ASPECT * height
    is_digit = (height >= MIN_DIGIT * letter) & (height <= MAX_DIGIT * letter)
    is_digit &= width <= MAX_NUMBER * letter
    digits = stats[is_digit, : cv2.CC_STAT_AREA]
    return [
        Leader(left, right, slope, offset, _number(digits, right, slope * right + offset, letter))
        for left, right, slope, offset in _dotted_lines(
            centers[is_dot], stats[is_dot, cv2.CC_STAT_AREA], letter
        )
    ]


def _rows_with_dots(
    grey: NDArray[np.uint8], boxes: Sequence[Corners], letter: float
) -> tuple[int, int] | None:
    """The first and last row of pixels that may have leaders; None without any.

    Few boxes have ink to their right that is in no box, so that most pages cost little.
    """
    white = grey.copy()
    cv2.fillPoly(white, [box.round().astype(np.int32) for box in boxes], 255)
    right = round(max(float(box[:, 0].max()) for box in boxes) + MAX_NUMBER * letter)
    found = []
    for box in boxes:
        start, top, bottom = (
            round(float(v)) for v in (box[1, 0], box[:, 1].min(), box[:, 1].max())
        )
        strip = white[top:bottom, start:right]
        if strip.shape[0] == 0 or strip.shape[1] < MIN_LENGTH * letter:
            continue
        darkest = strip.min(axis=0).astype(np.int16)
        if darkest.max() - darkest.min() < MIN_CONTRAST:
            continue
        is_dark = darkest < (darkest.max() + darkest.min()) / 2
        if np.count_nonzero(is_dark[1:] & ~is_dark[:-1]) >= MIN_DOTS:
            found.append((top, bottom))
    if not found:
        return None
    reach = round(ROOM * letter)
    first, last = min(top for top, _ in found), max(bottom for _, bottom in found)
    return max(0, first - reach), last + reach


def _dotted_lines(
    dots: NDArray[Any], areas: NDArray[Any], letter: float
) -> Iterator[tuple[float, float, float, float]]:
    """The ends of straight rows of regular dots, their slopes and offsets."""
    if len(dots) < MIN_DOTS:
        return
    across, down = (dots - dots.min(axis=0)).round().astype(np.intp).T
    chains = np.zeros((down.max() + 1, across.max() + 1), np.uint8)
    chains[down, across] = 255
    # Neighbours in a row of dots become one component, even if the row is skewed.
    reach = max(3, round(MAX_PITCH * letter))
    _, labels = cv2.connectedComponents(
        cv2.dilate(chains, np.ones((3, reach), np.uint8)), connectivity=8
    )
    members = labels[down, across]
    order = np.argsort(members, kind="stable")
    starts = np.flatnonzero(np.diff(members[order])) + 1
    for chain in np.split(order, starts):
        if len(chain) < MIN_DOTS:
            continue
        # Specks around the dots, as of a compressed picture, are smaller than the dots.
        chain = chain[areas[chain] >= MIN_AREA * np.percentile(areas[chain], LARGE)]
        if len(chain) < MIN_DOTS:
            continue
        places = dots[chain][np.argsort(dots[chain, 0])]
        x, y = places.T
        steps = np.diff(x)
        pitch = float(np.median(steps))
        if x[-1] - x[0] < MIN_LENGTH * letter or pitch < 1:
            continue
        slope, offset = np.polyfit(x, y, 1)
        regular = np.abs(steps - pitch) <= max(1.0, MAX_DEVIATION * pitch)
        scatter = np.abs(y - (slope * x + offset)).mean()
        if (
            regular.mean() >= MIN_REGULAR
            and scatter <= max(1.0, MAX_SCATTER * letter)
            and abs(slope) <= MAX_SLOPE
        ):
            yield float(x[0]), float(x[-1]), float(slope), float(offset)


def _number(digits: NDArray[Any], right: float, y: float, letter: float) -> Rect | None:
    """The bounds of the ink after a leader, which is as high and as long as a number."""
    left, top, _, height = digits.T
    is_near = (
        (left > right)
        & (left <= right + (MAX_GAP + MAX_NUMBER) * letter)
        & (np.abs(top + height / 2 - y) <= MAX_OFFSET * letter)
    )
    near = digits[is_near]
    reach, found = right + MAX_GAP * letter, []
    for x, y0, across, down in near[np.argsort(near[:, 0])].tolist():
        if x > reach:
            break
        found.append(Rect(x, y0, x + across, y0 + down))
        reach = max(digit.right for digit in found[-2:]) + MAX_SPACE * letter
    bounds = Rect.union(found) if found else None
    return bounds if bounds and bounds.width <= MAX_NUMBER * letter else None
