"""The raised 1 of a reference mark."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ocrportal.engines.local.raised_digits import with_raised_digits
from ocrportal.results import Char

HEIGHT, PITCH = 48, 24


def strip(text: str, *, bottom: int) -> NDArray[np.uint8]:
    """A strip with a letter at each place, and a stroke down to ``bottom`` for an apostrophe."""
    pixels = np.full((HEIGHT, len(text) * PITCH, 3), 255, np.uint8)
    for place, char in enumerate(text):
        left = place * PITCH
        if char in "'’":
            pixels[2:bottom, left + 10 : left + 14] = 0
        elif char != " ":
            pixels[18:40, left + 4 : left + 18] = 0
    return pixels


def read(text: str, *, bottom: int) -> str:
    chars = [Char(c, i / len(text), (i + 1) / len(text), 0.9) for i, c in enumerate(text)]
    found = with_raised_digits(strip(text, bottom=bottom), chars)
    assert [char.start for char in found] == sorted(char.start for char in found)
    return "".join(char.text for char in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("house. 'In its", "house.1 In its"),
        ("house.' In its", "house.1 In its"),
        ("was begun.’", "was begun.1"),
    ],
)
def test_an_apostrophe_as_high_as_a_raised_digit_is_a_reference_mark(text: str, expected: str):
    assert read(text, bottom=19) == expected


@pytest.mark.parametrize("text", ["the boys' house", "the book 'In its", "it’s"])
def test_an_apostrophe_stays_one(text: str):
    assert read(text, bottom=12) == text


@pytest.mark.parametrize("text", ["the boys' house", "the 'best"])
def test_an_apostrophe_in_bold_type_stays_one(text: str):
    """It is as high as a raised digit of smaller type, but low beside its letters."""
    assert read(text, bottom=17) == text


@pytest.mark.parametrize("text", ["'In its", "他说'好", "don't", "l’été", "a board of 5' and"])
def test_a_mark_follows_a_word_of_letters(text: str):
    assert read(text, bottom=19) == text
