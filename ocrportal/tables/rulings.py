"""Rulings: the straight lines that are drawn around and between cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocrportal.geometry import Rect
from ocrportal.ink import Mask

# Lengths are in line heights where no unit is given.
MIN_HORIZONTAL = 1.2
"""Shorter strokes belong to letters: a horizontal one is as long as a Han letter is wide."""
MIN_VERTICAL = 1.8
"""The same for vertical strokes: boxes of letters are nearly as high."""
MIN_CONNECTING = 0.8
"""A vertical stroke between two horizontal rulings, higher than the text, may be so short."""
MAX_END_DISTANCE = 0.15
"""Distance between the end of such a stroke and the ruling."""
MAX_BREAK = 3
"""Pixels by which a ruling may be interrupted."""
MAX_THICKNESS = 0.3
"""Anything thicker is an area or an image."""
MIN_DENSITY = 0.5
"""The share of its length that one row of pixels must hold to be a ruling that letters touch."""
TEXT_MARGIN = 0.12
"""Share of a line's box, at its top and bottom, that a ruling may touch."""
MAX_DASH_GAP = 0.45
"""White between two dots or dashes of a ruling."""
MIN_INTERRUPTED = 2.5
"""A ruling of dots or dashes is at least this long."""
MAX_INTERRUPTED_THICKNESS = 0.15
"""Thinner than punctuation in a row of text."""
MIN_INKED = 0.2
"""Share of its length that is ink, everywhere: specks of dust fill less."""
TYPICAL_SHARE = 0.8
"""Of the ink that such a ruling has on average, this share is at its ends too."""
PICTURE_SCALE = 4
"""Pictures are searched for on a page whose sides are divided by this."""
MIN_PICTURE_INK = 0.12
"""Share of a square of so many pixels a side that is ink in a picture: less may be dust."""
MIN_PICTURE = 2.5
"""Height and width from which such an area is a picture."""
MIN_PICTURE_FILL = 0.3
"""Share of its rectangle that a picture fills; a grid of dotted rulings fills less."""
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

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rulings of a page."""

    horizontal: list[Ruling]
    vertical: list[Ruling]


def find_rulings(ink: Mask, line_height: float, text: Sequence[Rect]) -> tuple[Rulings, Mask]:
    """The rulings in the ink, and the ink without them.

    ``text`` are the boxes of lines: dots and dashes are searched for outside of them.
    """
    horizontal, rows = _solid(ink, line_height, MIN_HORIZONTAL)
    turned = np.ascontiguousarray(ink.T)
    _, columns = _solid(turned, line_height, MIN_VERTICAL)
    strokes, _ = _solid(turned, line_height, MIN_CONNECTING)
    rest = cv2.subtract(cv2.subtract(ink, rows), np.ascontiguousarray(columns.T))
    pictures = _pictures(_without_text(np.asarray(rest, np.uint8), text), line_height)
    outside = _without_text(ink, text)
    horizontal = [
        ruling
        for ruling in _with_interrupted(horizontal, outside, line_height)
        if not any(box.contains((ruling.middle, ruling.position)) for box in pictures)
    ]
    strokes = [
        stroke
        for stroke in _with_interrupted(strokes, np.ascontiguousarray(outside.T), line_height)
        if not any(box.contains((stroke.position, stroke.middle)) for box in pictures)
    ]
    vertical = [
        stroke
        for stroke in strokes
        if stroke.length >= MIN_VERTICAL * line_height
        or (
            _connects(stroke, horizontal, MAX_END_DISTANCE * line_height)
            and not any(_is_letter(stroke, box) for box in text)
        )
    ]
    for stroke in vertical:
        if stroke.length < MIN_VERTICAL * line_height:
            left, right = round(stroke.position) - MAX_BREAK, round(stroke.position) + MAX_BREAK + 1
            rest[round(stroke.start) : round(stroke.end), max(0, left) : right] = 0
    return Rulings(horizontal, vertical), rest  # type: ignore[return-value]  # OpenCV's stubs do not name the array type


def _pictures(ink: Mask, line_height: float) -> list[Rect]:
    """The areas that ink other than rulings and text fills: lines in them separate no cells."""
    small = cv2.resize(
        ink, None, fx=1 / PICTURE_SCALE, fy=1 / PICTURE_SCALE, interpolation=cv2.INTER_AREA
    )
    mask = (small > 255 * MIN_PICTURE_INK).astype(np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    side = MIN_PICTURE * line_height / PICTURE_SCALE
    return [
        Rect(left, top, left + width, top + height).scaled(PICTURE_SCALE)
        for left, top, width, height, area in stats[1:].tolist()
        if min(width, height) >= side and area >= MIN_PICTURE_FILL * width * height
    ]


def _connects(stroke: Ruling, rulings: Sequence[Ruling], max_distance: float) -> bool:
    """Whether both ends of a vertical stroke are on horizontal rulings that extend beyond it."""
    return all(
        any(
            abs(ruling.position - end) <= max_distance
            and ruling.start - max_distance <= stroke.position <= ruling.end + max_distance
            for ruling in rulings
        )
        for end in (stroke.start, stroke.end)
    )


def _is_letter(stroke: Ruling, box: Rect) -> bool:
    """Whether a vertical stroke is within a line of text rather than drawn across it."""
    crosses = stroke.start < box.top and box.bottom < stroke.end
    return box.contains((stroke.position, stroke.middle)) and not crosses


def _without_text(ink: Mask, text: Sequence[Rect]) -> Mask:
    """The ink outside the middle of the lines of text: rulings may touch their boxes."""
    outside = ink.copy()
    for box in text:
        margin = TEXT_MARGIN * box.height
        top, bottom = max(0, round(box.top + margin)), max(0, round(box.bottom - margin))
        outside[top:bottom, max(0, round(box.left)) : max(0, round(box.right))] = 0
    return outside


def _with_interrupted(rulings: list[Ruling], ink: Mask, line_height: float) -> list[Ruling]:
    """The horizontal rulings, with those that consist of dots, dashes or pieces of a ruling."""
    gap = max(MAX_BREAK, round(MAX_DASH_GAP * line_height))
    reach = round(MIN_INTERRUPTED * line_height)
    # A slightly slanted ruling moves by a pixel at intervals.
    band = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(band, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    # Specks may be near each other, but do not fill a share of the length everywhere.
    closed[cv2.blur(band, (2 * gap + 1, 1)) < 255 * MIN_INKED] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8)), connectivity=8
    )
    max_thickness = max(4.0, MAX_INTERRUPTED_THICKNESS * line_height)
    interrupted = [
        _trimmed(ink[max(0, top - 1) : top + height + 1, left : left + width], left, top - 1, gap)
        for left, top, width, height, _ in stats[1:]
        if height - 2 <= max_thickness + 0.01 * width
    ]
    covered = MAX_END_DISTANCE * line_height
    return [
        *interrupted,
        *(
            ruling
            for ruling in rulings
            if not any(
                abs(ruling.position - other.position) <= covered
                and other.start - covered <= ruling.start
                and ruling.end <= other.end + covered
                for other in interrupted
            )
        ),
    ]


def _trimmed(part: Mask, left: int, top: int, window: int) -> Ruling:
    """The ruling in a part of the ink, without specks before its start and after its end."""
    columns = np.asarray((part > 0).any(axis=0))
    sums = np.concatenate([[0], columns.cumsum()])
    enough = TYPICAL_SHARE * window * columns.mean()
    starts = np.flatnonzero(columns[:-window] & (sums[window:-1] - sums[: -window - 1] >= enough))
    ends = np.flatnonzero(columns[window:] & (sums[window + 1 :] - sums[1:-window] >= enough))
    start = int(starts[0]) if len(starts) and starts[0] < window else 0
    end = int(ends[-1]) + window + 1 if len(ends) else 0
    end = end if len(columns) - end < window else len(columns)
    position = top + float(np.average(np.arange(len(part)), weights=part.sum(axis=1)))
    return Ruling(float(left + start), float(left + end), position)


def _solid(ink: Mask, line_height: float, min_length: float) -> tuple[list[Ruling], Mask]:
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
