"""Check boxes on an upright page: squares with nothing, a tick, a cross or a filling in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.geometry import Rect, quad_height
from ocrportal.ink import Mask, ink_on_page
from ocrportal.results import Line

EMPTY, TICKED, CROSSED, FILLED = "☐☑☒■"

LETTER = 0.72
"""Height of an ideograph, the unit below, in heights of its line with the margin around it."""
MIN_LETTER, MAX_LETTER = 28, 48
"""Pixels of a letter to which the page is scaled: sides are then two pixels thick or more."""
MAX_SCALE = 2.0
MAX_PIXELS = 12_000_000
"""Of the scaled page, which bounds the memory: an A3 page at 200 dpi has nine million."""
WINDOW, CONTRAST = 4.0, 24
"""The background of ink: letters around it, and grey values that it is brighter."""

# Lengths are in letters.
MIN_SIDE, MAX_SIDE = 0.33, 1.6
"""Of the inner side; smaller squares are bullets, larger ones cells of tables."""
MIN_OUTER, MIN_MARKED = 0.4, 0.55
"""Of the outer side, and of that of a box with a tick or a cross: small letters of the Latin
alphabet are half as high as an ideograph, and in poor print they look like crossed squares."""
MAX_ASPECT = 1.3
STROKE = 0.4
"""Straight strokes of at least this length may be sides; ticks and crosses have none."""
MIN_COVERED = 0.8
"""Share of each side that is ink. Round letters, such as 0 and D, have less in their corners."""
CORNER, MIN_CORNER = 0.14, 0.3
"""Share of the outer side that is a corner, and of the corner that is ink."""
MAX_WALL = 0.3
"""Thickness of a side."""
MAX_SLACK = 0.3
"""Share of a frame by which pen strokes may reach beyond its sides."""
MIN_SQUARE = 0.9
"""Share of a black square's bounds that it covers; a disc has less."""
MAX_TOUCHED = 0.4
"""Share of a side that letters or pen strokes touch from outside."""
BEYOND = 0.35
"""How far beyond the corners sides may not continue, as they do between the cells of a grid."""
CONTINUED = 0.9
"""Share of ink there from which a side continues."""
INSET = 0.1
"""Share of the inside that is left out at each side, where the scan blurs the sides."""
MIN_MARK = 0.04
"""Share of ink in a box that is not empty. Dust has less."""
MIN_FILLING = 0.68
"""Share of ink in a box that is filled; a thick cross has half."""
MIN_DIAGONAL = 0.7
"""Share of each diagonal that a cross covers; a tick leaves half of one."""
LEG = 0.03
"""Length below the bottom from which the upright strokes of a square are legs, as in 口."""


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A check box in pixels of the page."""

    rect: Rect
    state: str
    """One of ``☐ ☑ ☒ ■``."""
    has_legs: bool
    """Whether its upright strokes end below its bottom, as those of the ideograph 口 do."""


def find_check_boxes(image: Pixels, lines: Sequence[Line]) -> list[CheckBox]:
    """The squares of the page that have the size of the letters of its lines."""
    if not lines:
        return []
    letter = LETTER * median(quad_height(line.box) for line in lines)
    scale = min(MAX_SCALE, max(MIN_LETTER / letter, min(1.0, MAX_LETTER / letter)))
    scale = min(scale, math.sqrt(MAX_PIXELS / (image.shape[0] * image.shape[1])))
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    ink = ink_on_page(grey, window=round(WINDOW * letter * scale) | 1, contrast=CONTRAST)
    page = _Page(ink, letter * scale)
    return [
        CheckBox(found.rect.scaled(1 / scale), found.state, found.has_legs)
        for found in page.check_boxes()
    ]


class _Page:
    """The ink of a page, on which boxes are searched for."""

    def __init__(self, ink: Mask, letter: float) -> None:
        self._ink = ink
        self._letter = letter
        self._parts = cv2.connectedComponentsWithStats(ink)[2]

    def check_boxes(self) -> list[CheckBox]:
        """All check boxes of the page."""
        found: list[CheckBox] = []
        taken = np.zeros(self._ink.shape, np.bool_)
        for box in self._candidates():
            left, top, right, bottom = (max(0, round(edge)) for edge in box.rect)
            part = taken[top:bottom, left:right]
            if not part.any():
                part[:] = True
                found.append(box)
        return found

    def _candidates(self) -> Iterator[CheckBox]:
        for inside in (*self._spaces(), *self._frames()):
            box = self._check_box(*(round(edge) for edge in inside))
            if box:
                yield box
        yield from self._filled()

    def _filled(self) -> Iterator[CheckBox]:
        """Black squares: a disc covers less of its bounds."""
        for left, top, width, height, area in self._of_size(self._parts):
            box = Rect(left, top, left + width, top + height)
            if area > MIN_SQUARE * box.area and min(width, height) > MIN_OUTER * self._letter:
                yield CheckBox(box, FILLED, has_legs=False)

    def _spaces(self) -> Iterator[Rect]:
        """The spaces between straight strokes that have the size of a box.

        A box may touch its label, and a tick may reach beyond it.
        """
        stroke = round(STROKE * self._letter)
        # Widened across their direction, strokes that are slightly skewed do not break.
        level = cv2.dilate(self._ink, np.ones((3, 1), np.uint8))
        level = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, stroke), np.uint8))
        upright = cv2.dilate(self._ink, np.ones((1, 3), np.uint8))
        upright = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((stroke, 1), np.uint8))
        spaces = cv2.bitwise_not(cv2.bitwise_or(level, upright))
        _, _, stats, _ = cv2.connectedComponentsWithStats(spaces, connectivity=4)
        for left, top, width, height, _ in self._of_size(stats):
            yield Rect(left - 1, top - 1, left + width + 1, top + height + 1)

    def _frames(self) -> Iterator[Rect]:
        """The insides of connected ink with four straight sides, whatever is drawn in it."""
        for left, top, width, height, _ in self._of_size(self._parts):
            ink = self._ink[top : top + height, left : left + width] > 0
            slack = max(2, round(MAX_SLACK * min(width, height)))
            columns, rows = ink[:, :slack].mean(axis=0), ink[:slack].mean(axis=1)
            if columns.max() < MIN_COVERED or rows.max() < MIN_COVERED:
                continue
            end_columns, end_rows = ink[:, -slack:].mean(axis=0), ink[-slack:].mean(axis=1)
            if end_columns.max() < MIN_COVERED or end_rows.max() < MIN_COVERED:
                continue
            yield Rect(
                left + int(columns.argmax()) + 1,
                top + int(rows.argmax()) + 1,
                left + width - slack + int(end_columns.argmax()),
                top + height - slack + int(end_rows.argmax()),
            )

    def _of_size(self, stats: NDArray[Any]) -> list[list[int]]:
        """The connected parts that have the size and the proportions of a box."""
        sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] + 2
        is_box = (sides > MIN_SIDE * self._letter).all(axis=1)
        is_box &= (sides < MAX_SIDE * self._letter).all(axis=1)
        is_box &= sides.max(axis=1) < MAX_ASPECT * sides.min(axis=1)
        parts: list[list[int]] = stats[is_box].tolist()
        return parts

    def _check_box(self, left: int, top: int, right: int, bottom: int) -> CheckBox | None:
        """The check box with this inside; None if it has not four sides, or is a cell of a grid."""
        walls = [
            self._wall(left, top, right, bottom, dx, dy)
            for dx, dy in ((-1, 0), (0, -1), (1, 0), (0, 1))
        ]
        if not all(walls):
            return None
        outer = Rect(left - walls[0], top - walls[1], right + walls[2], bottom + walls[3])
        side = min(outer.width, outer.height)
        if (
            side < MIN_OUTER * self._letter
            or self._is_round(outer)
            or self._continues(outer, walls)
        ):
            return None
        state = self._state(left, top, right, bottom)
        if (
            state == EMPTY
            and self._corners(Rect(left + 1, top + 1, right - 1, bottom - 1))[1] > 0.5
        ):
            return None  # a ring is round inside
        if state in (TICKED, CROSSED) and side < MIN_MARKED * self._letter:
            return None
        return CheckBox(outer, state, self._has_legs(outer, walls))

    def _wall(self, left: int, top: int, right: int, bottom: int, dx: int, dy: int) -> int:
        """The thickness of a side; 0 without one. It may begin up to two pixels off the inside."""
        thickness = begun = 0
        for step in range(-2, round(MAX_WALL * self._letter) + 2):
            if dx:
                x = left - 1 - step if dx < 0 else right + step
                covered = self._covered(x, top, x + 1, bottom)
            else:
                y = top - 1 - step if dy < 0 else bottom + step
                covered = self._covered(left, y, right, y + 1)
            if covered >= MIN_COVERED:
                begun = 1
                thickness = step + 1
            elif begun:
                break
            elif step > 2:
                return 0
        return max(thickness, begun)

    def _is_round(self, outer: Rect) -> bool:
        """Whether a square lacks its corners, or bulges outwards between them, as a ring does."""
        left, top, right, bottom = outer
        quarter_x, quarter_y = outer.width / 4, outer.height / 4
        bulges = (
            self._covered(left + quarter_x, top - 4, right - quarter_x, top - 2),
            self._covered(left + quarter_x, bottom + 2, right - quarter_x, bottom + 4),
            self._covered(left - 4, top + quarter_y, left - 2, bottom - quarter_y),
            self._covered(right + 2, top + quarter_y, right + 4, bottom - quarter_y),
        )
        # A letter may touch one side.
        return self._corners(outer)[0] < MIN_CORNER or sorted(bulges)[1] >= MAX_TOUCHED

    def _corners(self, box: Rect) -> list[float]:
        """The shares of the four corners of a box that are ink, in ascending order."""
        side = max(2, round(CORNER * box.width))
        left, top, right, bottom = box
        return sorted(
            self._covered(x, y, x + side, y + side)
            for x in (left, right - side)
            for y in (top, bottom - side)
        )

    def _continues(self, outer: Rect, walls: list[int]) -> bool:
        """Whether at least two sides continue beyond a corner."""
        far = round(BEYOND * self._letter)
        left, top, right, bottom = outer
        ends = 0
        for y, thick in ((top, walls[1]), (bottom - walls[3], walls[3])):
            ends += self._band(left - far, y, left - 2, y + thick, axis=0) >= CONTINUED
            ends += self._band(right + 2, y, right + far, y + thick, axis=0) >= CONTINUED
        for x, thick in ((left, walls[0]), (right - walls[2], walls[2])):
            ends += self._band(x, top - far, x + thick, top - 2, axis=1) >= CONTINUED
            ends += self._band(x, bottom + 2, x + thick, bottom + far, axis=1) >= CONTINUED
        return ends >= 2

    def _has_legs(self, outer: Rect, walls: list[int]) -> bool:
        left, _, right, bottom = outer
        deep = max(2, round(LEG * self._letter) + 1)
        feet = (
            self._band(left, bottom + 1, left + walls[0], bottom + deep, axis=1),
            self._band(right - walls[2], bottom + 1, right, bottom + deep, axis=1),
        )
        between = self._covered(
            left + walls[0] + 1, bottom + 1, right - walls[2] - 1, bottom + deep
        )
        return min(feet) > 0.6 and between < 0.3

    def _state(self, left: int, top: int, right: int, bottom: int) -> str:
        inset_x, inset_y = (max(1, round(INSET * side)) for side in (right - left, bottom - top))
        inside = self._ink[top + inset_y : bottom - inset_y, left + inset_x : right - inset_x] > 0
        filling = float(inside.mean()) if inside.size else 0.0
        if filling < MIN_MARK:
            return EMPTY
        if filling > MIN_FILLING:
            return FILLED
        square = cv2.resize(inside.astype(np.uint8), (24, 24), interpolation=cv2.INTER_AREA)
        near = cv2.dilate(square, np.ones((5, 5), np.uint8)) > 0
        diagonals = near.diagonal().mean(), near[:, ::-1].diagonal().mean()
        return CROSSED if min(diagonals) >= MIN_DIAGONAL else TICKED

    def _covered(self, left: float, top: float, right: float, bottom: float) -> float:
        """The share of a rectangle that is ink."""
        part = self._ink[max(0, int(top)) : int(bottom), max(0, int(left)) : int(right)]
        return float(part.mean()) / 255 if part.size else 0.0

    def _band(self, left: float, top: float, right: float, bottom: float, axis: int) -> float:
        """The share of the columns (or rows, for axis 1) of a rectangle that have ink."""
        part = self._ink[max(0, int(top)) : int(bottom), max(0, int(left)) : int(right)]
        return float((part > 0).any(axis=axis).mean()) if part.size else 0.0
