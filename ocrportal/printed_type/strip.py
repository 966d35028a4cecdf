"""The picture of one line, made level, and the measures of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.geometry import Quad, interpolate, quad_height, quad_length
from ocrportal.results import Char, Line
from ocrportal.text import ems_of, is_wide

_MIN_HEIGHT, _MAX_HEIGHT = 16.0, 72.0
"""Pixels of a line across its direction: larger type is reduced, smaller one is not measured."""
_MARGIN = 0.2
"""What the strip shows above and below the box of its line, in heights of the box."""
_SIDE = 0.6
"""The same at both ends of the line."""
_MIN_CONTRAST = 30.0
_FAINT = 0.12
"""Differences from the paper below this share of the strongest ink are noise."""
_INKED = 0.3
_BEARINGS = 0.1
"""The white before the first letter of a line and after the last, in type sizes."""
_MIN_WIDE_SIZE = 18.0
"""The strokes of smaller wide characters run together, in pixels of the page."""
_UPRIGHT = 0.6
"""The steepest slant of an edge that counts as upright."""
_UNDERLINED = 0.9
"""Share of the width of a word that its underline covers at least."""
_BEYOND = 0.6
"""Share of the margin at an end of the line that a rule covers at least."""
_BELOW_TEXT = 0.62
"""Where underlines begin, as a share of the height of the strip."""
_MIN_CHROMA = 60.0
"""Difference between the strongest and the weakest of red, green and blue of a colour, of 255."""
_HAN_PART = 2
"""Wide characters that are measured together, since the strokes of each differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word of a line, or a few wide characters; ``start`` and ``end`` as those of a ``Char``."""

    start: float
    end: float
    letters: int
    """Its letters and digits, if its strokes show its type; 0 for a sign."""
    is_wide: bool
    size: float
    """The type size in pixels of the page."""
    stroke: float
    """The mean width of its strokes in type sizes."""
    slant: float
    """The tangent of the mean slant of its upright edges, positive to the right."""
    is_underlined: bool
    colour: str
    """As in a ``Type``."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A line made level; all arrays have its height and width, and a margin on all sides."""

    ink: NDArray[np.float32]
    """From 0 (paper) to 1."""
    across: NDArray[np.float32]
    """The change of the ink from left to right, and :attr:`down` from top to bottom."""
    down: NDArray[np.float32]
    colours: NDArray[np.uint8]
    side: int
    """The width of the margin at each end of the line."""
    type_size: float
    """In pixels of the strip, and :attr:`printed_size` in those of the page."""
    printed_size: float

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], line: Line) -> Self | None:
        """The strip of a line; None without places of its characters, and without contrast."""
        height, length = quad_height(line.box), quad_length(line.box)
        if not line.chars or height < _MIN_HEIGHT or not line.text.strip():
            return None
        scale = min(1.0, _MAX_HEIGHT / height)
        side, width = round(_SIDE * height * scale), max(1, round(length * scale))
        size = width + 2 * side, round((1 + 2 * _MARGIN) * height * scale)
        colours = _levelled(pixels, _with_margin(line.box, side / width), size)
        grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY).astype(np.float32)
        # Print beside the line, such as a picture, is not its paper or ink.
        inside = slice(side, side + width)
        contrast = np.abs(grey - float(np.median(grey[:, inside])))
        strongest = float(np.percentile(contrast[:, inside], 98))
        if strongest < _MIN_CONTRAST:
            return None
        faint = _FAINT * strongest
        ink = np.clip((contrast - faint) / (strongest - faint), 0.0, 1.0)
        across = np.diff(ink, axis=1, prepend=ink[:, :1])
        down = np.diff(ink, axis=0, prepend=ink[:1])
        inked = np.flatnonzero((ink[:, inside] > _INKED).any(axis=0))
        across_line = height * scale
        # The box of a short line is much wider than its letters, and letter-spaced type is wide
        # for its size.
        em = (inked[-1] - inked[0] + 1) / max(ems_of(line.text) - _BEARINGS, 0.5)
        em = min(max(float(em), across_line / 2), across_line)
        return cls(ink, across, down, colours, side, em, em / scale)

    def words(self, line: Line) -> Iterator[Word]:
        """The words of the line of this strip, and the groups of its wide characters."""
        for part in _parts(line.chars):
            word = self._measured(part)
            if word is not None:
                yield word

    def _measured(self, chars: Sequence[Char]) -> Word | None:
        width = self.ink.shape[1] - 2 * self.side
        start, end = round(chars[0].start * width), round(chars[-1].end * width)
        start = min(max(0, start), width - 1)
        columns = slice(self.side + start, self.side + max(start + 1, min(end, width)))
        ink, across, down = self.ink[:, columns], self.across[:, columns], self.down[:, columns]
        edges = float(np.sqrt(across * across + down * down).sum())
        if not edges:
            return None
        wide = is_wide(chars[0].text[0])
        letters = sum(letter.isalnum() for char in chars for letter in char.text)
        if wide and self.printed_size < _MIN_WIDE_SIZE:
            letters = 0
        is_upright = np.abs(down) < _UPRIGHT * np.abs(across)
        upright = float((across * across)[is_upright].sum())
        leaning = float((across * down)[is_upright].sum())
        return Word(
            chars[0].start,
            chars[-1].end,
            letters,
            wide,
            self.printed_size,
            stroke=2 * float(ink.sum()) / edges / self.type_size,
            slant=leaning / upright if upright else 0.0,
            is_underlined=letters > 0 and self._has_underline(columns),
            colour=self._colour(columns),
        )

    def _has_underline(self, columns: slice) -> bool:
        """Whether a level stroke below the text is as wide as the word.

        A rule of a table, or of a form, reaches beyond the line.
        """
        first = round(_BELOW_TEXT * self.ink.shape[0])
        rows = self.ink[first:] > 0.5
        covered = rows[:, columns].mean(axis=1)
        row = int(covered.argmax())
        ends = rows[row, : self.side], rows[row, rows.shape[1] - self.side :]
        return bool(covered[row] > _UNDERLINED) and not any(end.mean() > _BEYOND for end in ends)

    def _colour(self, columns: slice) -> str:
        strong = self.ink[:, columns] > 0.7
        if not strong.any():
            return ""
        levels = np.median(self.colours[:, columns][strong], axis=0)
        if float(levels.max() - levels.min()) < _MIN_CHROMA:
            return ""
        return "#{:02x}{:02x}{:02x}".format(*map(int, levels))


def _parts(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Words, and a few wide characters at a time; without spaces."""
    printed = [char for char in chars if char.text]
    kinds = groupby(printed, key=lambda char: (char.text.isspace(), is_wide(char.text[0])))
    for (is_space, wide), part in kinds:
        letters = list(part)
        if is_space:
            continue
        step = _HAN_PART if wide else len(letters)
        for start in range(0, len(letters), step):
            yield letters[start : start + step]


def _with_margin(box: Quad, side: float) -> Quad:
    """A box with its margins; ``side`` is that at its ends as a share of its length."""
    a, b, c, d = box
    a, b = interpolate(a, b, -side), interpolate(a, b, 1 + side)
    d, c = interpolate(d, c, -side), interpolate(d, c, 1 + side)
    return (
        interpolate(a, d, -_MARGIN),
        interpolate(b, c, -_MARGIN),
        interpolate(b, c, 1 + _MARGIN),
        interpolate(a, d, 1 + _MARGIN),
    )


def _levelled(pixels: NDArray[np.uint8], box: Quad, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(np.array(box, np.float32), corners)
    return cv2.warpPerspective(  # type: ignore[return-value]  # OpenCV's stubs do not name the array type
        pixels, transform, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
