"""Coloured marks: seals, stamps and signatures in ink of one hue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.overprints.masks import Grey, mask_of, widened
from ocrportal.geometry import Rect
from ocrportal.ink import Mask

MIN_SHARE = 0.0004
"""Of the page; less colour is a signature or dust. A small name seal covers twice as much."""
MIN_CHROMA = 40
"""Difference of the channels, beyond that of the paper, from which ink is coloured."""
JOIN = 0.012
"""Of the long side; parts of one seal are closer: its rim, its letters, its star."""
MIN_SIDE = 0.045
"""Of the long side of the page; a name seal of 1.4 cm on A4 is as large, coloured letters less."""
MAX_SIDE = 0.6
"""Of the long side of the page; larger coloured areas are pictures or backgrounds."""
MAX_ASPECT = 2.5
"""Oval and rectangular stamps are about twice as wide as high; rows of coloured text more."""
MAX_FILL = 0.6
"""Share of ink within the box of a mark; pictures and buttons are filled."""
SAME_HUE = 0.85
"""Share of the ink of a mark that is strongest in one channel; pictures have several colours."""
MIN_FILL = 0.08
"""A seal with a thin rim and a star has more ink; a circle drawn by pen has less."""
MIN_FRAME = 0.88
"""Share of the box of a mark within its outline if that is a level rectangle. An oval has 0.79, a
square that is tilted by four degrees less than this."""
MIN_RIM = 0.85
"""Share of the outline of a seal that is its rim, which may be worn. Logos and drawings have
less, since they are not convex."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom on the reduced page."""


def coloured_ink(small: Pixels) -> Mask:
    """The pixels with a colour that the paper does not have."""
    red, green, blue = (np.ascontiguousarray(small[..., channel]) for channel in range(3))
    chroma = np.asarray(
        cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)),
        np.uint8,
    )
    sums = np.bincount(chroma.ravel(), minlength=256).cumsum()
    of_paper = int(sums.searchsorted(sums[-1] // 2))
    return mask_of(chroma > of_paper + MIN_CHROMA)


def coloured_marks(small: Pixels, grey: Grey, coloured: Mask, paper: int) -> list[Box]:
    """The boxes of ink of one hue on paper, of the size and the proportions of a seal."""
    if cv2.countNonZero(coloured) < MIN_SHARE * coloured.size:
        return []
    return _merged(_marks(small, grey, coloured, paper))


def is_seal(coloured: Mask, box: Box) -> bool:
    """Whether coloured ink has a rim along its whole outline, and something in it."""
    left, top, right, bottom = box
    part = coloured[top:bottom, left:right]
    if cv2.countNonZero(part) < MIN_FILL * part.size:
        return False
    outline = np.zeros_like(part)
    hull = cv2.convexHull(cv2.findNonZero(part))
    cv2.polylines(outline, [hull], isClosed=True, color=(255,))
    rim = widened(part, 5) & outline
    return cv2.countNonZero(rim) >= MIN_RIM * cv2.countNonZero(outline)


def is_frame(coloured: Mask, box: Box) -> bool:
    """Whether the outline of a mark is a level rectangle, as around a notice."""
    left, top, right, bottom = box
    points = cv2.findNonZero(coloured[top:bottom, left:right])
    _, _, width, height = cv2.boundingRect(points)
    return cv2.contourArea(cv2.convexHull(points)) >= MIN_FRAME * width * height


def _marks(small: Pixels, grey: Grey, coloured: Mask, paper: int) -> Iterator[Box]:
    long = max(grey.shape)
    reach = max(3, round(JOIN * long))
    _, _, stats, _ = cv2.connectedComponentsWithStats(widened(coloured, reach))
    for left, top, width, height, _ in stats[1:].tolist():
        short_side, long_side = sorted((width - reach, height - reach))
        if short_side < MIN_SIDE * long:
            continue
        if long_side > min(MAX_SIDE * long, MAX_ASPECT * short_side):
            continue
        part = slice(top, top + height), slice(left, left + width)
        stained = coloured[part] > 0
        if stained.mean() > MAX_FILL or (grey[part] > paper - MIN_CHROMA).mean() < 1 - MAX_FILL:
            continue
        strongest = np.bincount(small[part][stained].argmax(axis=1), minlength=3)
        if strongest.max() >= SAME_HUE * strongest.sum():
            yield left, top, left + width, top + height


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """The boxes, those that overlap as one: the star of a seal is in its rim."""
    merged: list[Box] = []
    for box in boxes:
        around = Rect(*box)
        apart = []
        for other in merged:
            if around.overlaps(Rect(*other)):
                around = Rect.union((around, Rect(*other)))
            else:
                apart.append(other)
        left, top, right, bottom = around
        merged = [*apart, (int(left), int(top), int(right), int(bottom))]
    return merged
