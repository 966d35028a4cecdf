"""Handwritten signatures: ink of a pen behind a label, or where the text is only guessed.

A recogniser reads a signature as a few unlikely letters, or not at all. Its strokes are joined over
a greater length than the letters of print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import mean, median
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.figures.page_colours import Pixels
from ocrportal.geometry import Quad, Rect, RectIndex, quad_height
from ocrportal.ink import ink_in_strip
from ocrportal.results import UNREAD_CHARACTER, Char, Line

# Lengths are in line heights.
_LABEL = re.compile(
    r"(签字|签名|签章|签署|簽字|簽名|簽章|簽署|署名|(?i:\bsign(ed|ature)?\b)).{0,8}?([:：]|$)"
)
"""What is printed before a signature."""
_LEVEL = 0.14
"""Slope; steeper text is vertical, or part of a drawing, a seal or a watermark."""
_MAX_VERTICAL = 0.3
"""The share of vertical lines, above which what is level is often not text."""
_CERTAIN = 0.8
"""The confidence from which a character is read rather than guessed …"""
_MIN_CERTAIN = 3
"""… unless fewer of them are between guesses."""
_MAX_GUESS = 0.7
"""The mean confidence below which characters are guesses at strokes; marks count as 0."""
_FORMULA = re.compile(r"[=+<>≤≥±×÷√∑∫∏²³{}\[\]|^]")
"""Signs of formulas, whose brackets and roots are joined strokes too."""
_REACH = 9.0
"""How far behind its label a signature extends."""
_ACROSS = 1.2
"""How far above and below its line a signature extends."""
_BESIDE = 2.0
"""How far a signature extends beyond what was guessed in it."""
_MIN_CONTRAST = 40
"""Grey values, of 255, by which ink differs from the paper."""
_RED = 40
"""Levels, of 255, by which the red of a seal exceeds the other colours."""
_RULE, _SIDE = 3.5, 2.5
"""Level and upright strokes of this length are rules and the sides of cells."""
_LETTERS = 0.9
"""The share of the height of a line of text that has its letters."""
_GAP = 0.15
"""Gaps in a stroke."""
_JOIN = 2.0
"""Strokes that are closer belong to one signature: its characters may be apart."""
_SPECK = 0.02
"""The ink of dust, in squares of a line height."""
_MAX_HEIGHT = 3.5
"""The height of a signature."""
_MAX_INK = 0.5
"""The share of ink within its bounds."""
_STRAIGHT = 0.7
"""Length of level and upright strokes that a pen seldom draws."""


class _Limits(NamedTuple):
    """What the ink of a signature is like."""

    width: float
    height: float
    stroke: float
    """The length or height of the largest connected stroke."""
    parts: float
    """Connected strokes per length, at most; print has more."""
    share: float
    """The share of the length in the largest connected stroke, at least."""
    straight: float
    """The share of the ink in straight strokes, at most."""

    def allow(self, width: float, height: float, stroke: float, parts: int) -> bool:
        """Whether ink of this size, with so many connected strokes, may be a signature."""
        return (
            width >= max(self.width, height)
            and self.height <= height <= _MAX_HEIGHT
            and stroke >= max(self.stroke, self.share * width)
            and parts <= self.parts * width
        )


_BEHIND_LABEL = _Limits(width=1.5, height=0.8, stroke=0.8, parts=2.0, share=0.0, straight=0.9)
_ALONE = _Limits(width=2.5, height=1.2, stroke=2.0, parts=1.3, share=0.5, straight=0.4)


class _Part(NamedTuple):
    """A part of a line that was read, or guessed."""

    line: Line
    is_read: bool

    @property
    def rect(self) -> Rect:
        return Rect.around(self.line.box)

    @property
    def is_label(self) -> bool:
        label = _LABEL.search(self.line.text)
        return self.is_read and label is not None and not self.line.text[label.end() :].strip()


class _Place(NamedTuple):
    """Where a signature may be."""

    rect: Rect
    has_label: bool


def find_signatures(image: Pixels, lines: Sequence[Line]) -> tuple[list[Quad], list[Line]]:
    """The signatures of an upright page, and its lines without what was guessed in their places.

    ``lines`` is the recognised text, with a line for each one that was not read.
    """
    level = [line for line in lines if _is_level(line)]
    vertical = sum(_is_vertical(line) for line in lines)
    if not level or vertical > _MAX_VERTICAL * len(lines):
        return [], list(lines)
    unit = median(quad_height(line.box) for line in level)
    parts = {id(line): list(_parts(line)) for line in level}
    every = [part for some in parts.values() for part in some]
    printed = [part.rect for part in every if part.is_read]
    found: list[Rect] = []
    by_place = RectIndex(printed)
    for place in _places(every, printed, unit):
        beside = [printed[index] for index in by_place.overlapping(place.rect)]
        area = _signature(image, place, beside, unit)
        if area is not None and not any(area.overlaps(other) for other in found):
            found.append(area)
    if not found:
        return [], list(lines)
    left: list[Line] = []
    for line in lines:
        some = parts.get(id(line), [])
        kept = [part for part in some if part.is_read or not _is_in(part.rect, found)]
        left += [line] if len(kept) == len(some) else [part.line for part in kept]
    return [area.quad for area in found], left


def _is_level(line: Line) -> bool:
    (left, start), (right, end), *_ = line.box
    return abs(end - start) < _LEVEL * (right - left)


def _is_vertical(line: Line) -> bool:
    (left, start), (right, end), *_ = line.box
    return abs(end - start) > abs(right - left)


def _parts(line: Line) -> Iterator[_Part]:
    """A line, divided where it is guessed."""
    if len(line.chars) != len(line.text) or not line.text:
        yield _Part(line, line.text != UNREAD_CHARACTER)
        return
    label = _LABEL.search(line.text)
    if label is None and _confidence(line.chars) < _MAX_GUESS:
        yield _Part(line, is_read=False)
        return
    start = label.end() if label else 0
    is_read = _read_ones(line.chars, start)
    for read, group in groupby(range(len(line.chars)), key=is_read.__getitem__):
        chars = [line.chars[index] for index in group]
        while chars and chars[0].text.isspace():
            del chars[0]
        while chars and chars[-1].text.isspace():
            del chars[-1]
        if chars:
            yield _Part(line.part(chars), read)


def _read_ones(chars: Sequence[Char], start: int) -> list[bool]:
    """Whether each character was read rather than guessed; those before ``start`` are a label."""
    certain = [
        index < start or (char.text != UNREAD_CHARACTER and char.confidence >= _CERTAIN)
        for index, char in enumerate(chars)
    ]
    printed = [index for index, char in enumerate(chars) if not char.text.isspace()]
    runs = [list(run) for _, run in groupby(printed, key=certain.__getitem__)]
    is_read = [True] * len(chars)
    for number, run in enumerate(runs):
        between = 0 < number < len(runs) - 1 or (start > 0 and number == 0)
        behind = [index for index in run if index >= start]
        if not certain[run[0]] or (between and 0 < len(behind) < _MIN_CERTAIN):
            for index in behind:
                is_read[index] = False
    # A few letters that are hard to read are not strokes of a pen.
    for read, group in groupby(printed, key=is_read.__getitem__):
        guessed = list(group)
        if not read and _confidence([chars[index] for index in guessed]) >= _MAX_GUESS:
            for index in guessed:
                is_read[index] = True
    for index, char in enumerate(chars):
        if char.text.isspace() and index:
            is_read[index] = is_read[index - 1]
    return is_read


def _confidence(chars: Sequence[Char]) -> float:
    return mean(0.0 if char.text == UNREAD_CHARACTER else char.confidence for char in chars)


def _places(parts: Sequence[_Part], printed: Sequence[Rect], unit: float) -> Iterator[_Place]:
    """Behind each label, up to other text, and around all other text that is guessed."""
    behind = []
    for label in (part.rect for part in parts if part.is_label):
        right = min(
            (
                rect.left
                for rect in printed
                if rect.left > label.center_x and rect.top < label.center_y < rect.bottom
            ),
            default=label.right + _REACH * unit,
        )
        right = min(right, label.right + _REACH * unit)
        if right > label.right:
            across = unit / 2 + _ACROSS * unit
            behind.append(
                Rect(label.right, label.center_y - across, right, label.center_y + across)
            )
    yield from (_Place(rect, has_label=True) for rect in behind)
    for part in parts:
        if part.is_read or _FORMULA.search(part.line.text):
            continue
        left, top, right, bottom = part.rect
        rect = Rect(
            left - _BESIDE * unit,
            top - _ACROSS * unit,
            right + _BESIDE * unit,
            bottom + _ACROSS * unit,
        )
        yield _Place(rect, has_label=False)


def _signature(image: Pixels, place: _Place, printed: Sequence[Rect], unit: float) -> Rect | None:
    """The bounds of the signature in a place; None if its ink is not that of a pen."""
    height, width = image.shape[:2]
    left, top = max(0, int(place.rect.left)), max(0, int(place.rect.top))
    right, bottom = min(width, int(place.rect.right)), min(height, int(place.rect.bottom))
    if min(right - left, bottom - top) < max(1, unit):
        return None
    ink = _pen_ink(image[top:bottom, left:right])
    if ink is None:
        return None
    for rect in printed:
        margin = rect.height * (1 - _LETTERS) / 2
        rows = slice(max(0, int(rect.top + margin - top)), max(0, int(rect.bottom - margin - top)))
        ink[rows, max(0, int(rect.left - left)) : max(0, int(rect.right - left))] = 0
    ink = _without_rules(ink, unit)
    strokes = _strokes(_closed(ink, unit), unit)
    if not strokes:
        return None
    area = strokes[0]
    for stroke in sorted(strokes, key=lambda rect: abs(rect.center_x - area.center_x)):
        if max(stroke.left - area.right, area.left - stroke.right) < _JOIN * unit:
            area = Rect.union((area, stroke))
    parts = sum(area.contains(stroke.center) for stroke in strokes)
    inside = ink[int(area.top) : int(area.bottom), int(area.left) : int(area.right)]
    longest = max(strokes[0].width, strokes[0].height)
    limits = _BEHIND_LABEL if place.has_label else _ALONE
    if not limits.allow(area.width / unit, area.height / unit, longest / unit, parts):
        return None
    if inside.mean() > _MAX_INK or _straight_share(inside, unit) > limits.straight:
        return None
    return Rect(area.left + left, area.top + top, area.right + left, area.bottom + top)


def _pen_ink(pixels: Pixels) -> NDArray[np.uint8] | None:
    """1 where there is ink that is not red, as that of seals is."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    ink = ink_in_strip(grey, min_contrast=_MIN_CONTRAST)
    if ink is None:
        return None
    red = pixels[..., 0].astype(np.int16) - pixels[..., 1:].max(axis=2)
    return np.asarray(ink & (red < _RED), np.uint8)


def _without_rules(ink: NDArray[np.uint8], unit: float) -> NDArray[np.uint8]:
    """The ink without rules below signatures, also dotted ones, and the sides of cells."""
    dots = np.ones((1, max(3, round(_GAP * unit))), np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, dots)
    thick = cv2.dilate(joined, np.ones((3, 1), np.uint8))  # a rule may be slightly slanted
    wide = cv2.dilate(ink, np.ones((1, 3), np.uint8))
    level = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(_RULE * unit)), np.uint8))
    upright = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((round(_SIDE * unit), 1), np.uint8))
    return np.asarray(ink * (1 - np.maximum(level, upright)), np.uint8)


def _closed(ink: NDArray[np.uint8], unit: float) -> NDArray[np.uint8]:
    """The ink without the gaps of a worn print, and those of rules that were removed."""
    size = max(3, round(_GAP * unit))
    return np.asarray(
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8
    )


def _strokes(ink: NDArray[np.uint8], unit: float) -> list[Rect]:
    """The bounds of connected ink, the largest first, without dust and what is cut off."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    strokes = [
        Rect(left, top, left + width, top + height)
        for left, top, width, height, size in stats[1:].tolist()
        if size > _SPECK * unit**2 and top > 0 and top + height < ink.shape[0]
    ]
    return sorted(strokes, key=lambda rect: -max(rect.width, rect.height))


def _straight_share(ink: NDArray[np.uint8], unit: float) -> float:
    """The share of the ink in level and upright strokes."""
    length = max(3, round(_STRAIGHT * unit))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return float(np.maximum(level, upright).sum() / max(1, int(ink.sum())))


def _is_in(rect: Rect, areas: Sequence[Rect]) -> bool:
    """Whether most of a guess is in an area, or its center is."""
    return any(area.contains(rect.center) or rect.contains(area.center) for area in areas)
