"""The raised 1 of a reference mark, which the network reads as an apostrophe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.ink import ink_in_strip
from ocrportal.results import Char
from ocrportal.text import is_han_like

APOSTROPHES = frozenset("'’‘")
# Lengths are in heights of the strip.
MIN_HEIGHT = 0.28
"""Height of a raised digit; apostrophes have up to 0.22."""
MIN_OF_LETTERS = 0.7
"""Its height in those of the letters of the line; apostrophes in bold type have up to 0.6."""
MAX_BOTTOM = 0.5
"""Its lower end, in the upper half of the line."""
MAX_WIDTH = 0.2
"""It is narrower than this: other digits than 1 are read as they are."""
MIN_CONTRAST = 40
"""Grey values of the strongest ink of a strip."""


def with_raised_digits(strip: Pixels, chars: Sequence[Char]) -> list[Char]:
    """The characters of a line, with a 1 instead of each apostrophe that is as high as a digit.

    It follows the word before it: a space between both is after the digit.
    """
    found = list(chars)
    places = [index for index, char in enumerate(chars) if char.text in APOSTROPHES]
    if not places:
        return found
    ink = ink_in_strip(strip.mean(axis=2).astype(np.uint8), min_contrast=MIN_CONTRAST)
    if ink is None:
        return found
    _, _, stats, centers = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    raised = np.asarray(centers)[_are_raised(np.asarray(stats), strip.shape[0]), 0] / strip.shape[1]
    for index in places:
        before, after = found[:index], found[index + 1 :]
        word = next((char for char in reversed(before) if char.text != " "), None)
        if word is None or not _may_be_mark(before[-1].text, word.text, after[:1]):
            continue
        start = (word.start + word.end) / 2
        end = (after[0].start + after[0].end) / 2 if after else 1.0
        if not ((raised > start) & (raised < end)).any():
            continue
        found[index] = replace(found[index], text="1")
        if before[-1].text == " " and after and after[0].text != " ":
            digit, space = found[index], before[-1]
            found[index - 1] = replace(digit, start=space.start, end=digit.start)
            found[index] = replace(space, start=digit.start, end=digit.end)
    return found


def _may_be_mark(before: str, word: str, after: Sequence[Char]) -> bool:
    """Whether a mark may be at this place: not within a word, nor behind a number, as a prime."""
    if is_han_like(word) or word.isdigit() or (after and is_han_like(after[0].text)):
        return False
    return not (before.isalnum() and after and after[0].text.isalnum())


def _are_raised(stats: NDArray[Any], height: int) -> NDArray[np.bool_]:
    """Which pieces of ink are as high and as narrow as a raised 1."""
    top, width, tall = (
        stats[:, column] / height
        for column in (cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)
    )
    are_letters = (top < MAX_BOTTOM) & (top + tall > MAX_BOTTOM) & (tall < 1)
    letters = float(np.median(tall[are_letters])) if are_letters.any() else 0.0
    is_tall = (tall >= MIN_HEIGHT) & (tall >= MIN_OF_LETTERS * letters)
    return np.asarray(is_tall & (top + tall <= MAX_BOTTOM) & (width <= MAX_WIDTH))
