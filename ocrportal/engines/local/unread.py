"""Marks for what was not read: characters outside the network's alphabet, and whole lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.ink import ink_in_strip
from ocrportal.results import UNREAD_CHARACTER, Char
from ocrportal.text import is_wide

MIN_CHARACTER = 0.35
"""Probability of a character that is a guess. On pages of known text three of 36,000 characters
have less; of ideographs outside the alphabet, most."""
MAX_REMAINING = 0.25
"""Probability of all characters but the best two, from which an ideograph is outside the alphabet:
many resemble it a little. One that is known but hard to read mostly resembles two."""
# Lengths are in heights of the strip.
LETTER = 0.72
"""An ideograph: a strip includes a margin."""
REACH_OF_WIDE, REACH_OF_NARROW = 0.36, 0.3
"""How far from its center a character reaches: half an ideograph, half a wide Latin letter."""
MIN_WIDTH = 0.4
"""Ink between two characters, from which it may be a character; a bracket or a rule is narrower."""
MIN_HEIGHT = 0.45
"""Height of the ink of a character; dashes, leaders and rules to be written on are lower."""
MIN_CONTRAST = 40
"""Grey values of the strongest ink of a strip; less is paper."""
BOXES = "□▢☐☑☒"
"""Characters that the network also reads in the white beside a check box …"""
MIN_BOX = 0.6
"""… with a lower probability than this …"""
MIDDLE = 0.15
"""… and without ink so far to the left and the right of its center."""
SPECKS = 1
"""Pixels of ink in a column that may be dust."""


def is_outside_alphabet(text: str, probabilities: NDArray[np.floating[Any]]) -> bool:
    """Whether the best character is a guess at an ideograph that the network does not know.

    ``probabilities`` are those of all characters, without the one that there is none.
    """
    remaining = float(probabilities.sum() - probabilities.max())
    if remaining <= MAX_REMAINING or not (text.isalnum() and is_wide(text)):
        return False
    return remaining - float(np.partition(probabilities, -2)[-2]) > MAX_REMAINING


def with_marks(strip: Pixels, chars: Sequence[Char]) -> list[Char]:
    """The characters of a strip, with a mark for each one that is a guess or was left out."""
    before, after = [None, *chars[:-1]], [*chars[1:], None]
    marked = [
        replace(char, text=UNREAD_CHARACTER) if _is_guess(*three) else char
        for char, three in zip(chars, zip(before, chars, after, strict=True), strict=True)
    ]
    height, length = strip.shape[:2]
    printed = [None, *(char for char in marked if not char.text.isspace()), None]
    gaps = [gap for pair in pairwise(printed) if (gap := _gap(*pair, length, height)) is not None]
    boxes = [char for char in marked if char.text in BOXES and char.confidence < MIN_BOX]
    if not gaps and not boxes:
        return marked
    grey = strip.mean(axis=2).astype(np.uint8)
    ink = ink_in_strip(grey, min_contrast=MIN_CONTRAST)
    if ink is None:
        return marked
    white = [char for char in boxes if _is_white(ink, char)]
    marked = [char for char in marked if char not in white]
    for first, last in gaps:
        if not _is_character(ink[:, first:last], height):
            continue
        start, end = first / length, last / length
        count = max(1, round((last - first) / (LETTER * height)))
        marked = [
            char
            for char in marked
            if not (char.text.isspace() and start <= (char.start + char.end) / 2 <= end)
        ]
        marked += [
            Char(
                UNREAD_CHARACTER,
                start + (end - start) * i / count,
                start + (end - start) * (i + 1) / count,
                0,
            )
            for i in range(count)
        ]
    return _without_overlaps(sorted(marked, key=lambda char: char.start + char.end))


def _is_guess(before: Char | None, char: Char, after: Char | None) -> bool:
    """Whether a character is a guess at an ideograph, or at a letter between two ideographs."""
    if char.confidence >= MIN_CHARACTER or not char.text.isalnum():
        return False
    return is_wide(char.text) or all(
        other is not None and is_wide(other.text) for other in (before, after)
    )


def _gap(
    before: Char | None, after: Char | None, length: int, height: int
) -> tuple[int, int] | None:
    """The columns between two characters that neither reaches; None if nothing fits into them.

    None for a character is the start or the end of the strip.
    """
    first, last = 0, length
    if before is not None:
        first = round((before.start + before.end) / 2 * length + _reach(before) * height)
    if after is not None:
        last = round((after.start + after.end) / 2 * length - _reach(after) * height)
    return (first, last) if last - first >= MIN_WIDTH * height else None


def _reach(char: Char) -> float:
    return REACH_OF_WIDE if is_wide(char.text) else REACH_OF_NARROW


def _is_character(ink: NDArray[np.bool_], height: int) -> bool:
    """Whether the ink in a gap is as wide and as high as a character."""
    columns = ink.sum(axis=0) > SPECKS
    rows = np.flatnonzero(ink.any(axis=1))
    is_wide_enough = columns.sum() >= MIN_WIDTH * height
    return bool(is_wide_enough and rows[-1] - rows[0] >= MIN_HEIGHT * height)


def _is_white(ink: NDArray[np.bool_], char: Char) -> bool:
    """Whether there is no ink in the middle of a character's place."""
    height, length = ink.shape
    middle, reach = (char.start + char.end) / 2 * length, MIDDLE * height
    columns = ink[:, max(0, round(middle - reach)) : round(middle + reach) + 1]
    return bool((columns.sum(axis=0) <= SPECKS).all())


def _without_overlaps(chars: list[Char]) -> list[Char]:
    """The characters in their order; a character beside a mark ends where it begins."""
    placed: list[Char] = []
    for char, after in zip(chars, [*chars[1:], None], strict=True):
        start = max(char.start, placed[-1].end if placed else 0.0)
        end = min(char.end, after.start) if after and after.text == UNREAD_CHARACTER else char.end
        placed.append(replace(char, start=start, end=max(start, end)))
    return placed
