"""Marks for characters that were not read."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from ocrportal.engines.local.unread import is_outside_alphabet, with_marks
from ocrportal.results import UNREAD_CHARACTER, Char

HEIGHT, PITCH = 48, 36


def strip(*inked: int, places: int = 6, top: int = 8, bottom: int = 40) -> NDArray[np.uint8]:
    """A strip of ideographs side by side; the ``inked`` places have print."""
    pixels = np.full((HEIGHT, places * PITCH, 3), 255, np.uint8)
    for place in inked:
        for x in range(place * PITCH + 4, (place + 1) * PITCH - 4):
            pixels[top:bottom:2, x] = 0
    return pixels


def chars(text: str, *, confidence: float = 0.99) -> list[Char]:
    """The characters of a text at their places; a full stop is a place that was not read."""
    return [
        Char(char, i / len(text), (i + 1) / len(text), confidence)
        for i, char in enumerate(text)
        if char != "."
    ]


def marked(pixels: NDArray[np.uint8], read: list[Char]) -> str:
    return "".join(char.text for char in with_marks(pixels, read))


def test_print_between_two_characters_is_marked() -> None:
    assert marked(strip(0, 1, 2, 3, 4, 5), chars("第.号第二号")) == "第〓号第二号"


def test_each_missing_ideograph_is_marked() -> None:
    assert marked(strip(0, 1, 2, 3, 4, 5), chars("第...二号")) == "第〓〓〓二号"


def test_white_between_two_characters_is_not_marked() -> None:
    assert marked(strip(0, 2, 3, 4, 5), chars("第.号第二号")) == "第号第二号"


@pytest.mark.parametrize(("top", "bottom"), [(36, 40), (22, 26)], ids=["rule", "dash"])
def test_rules_and_dashes_are_not_marked(top: int, bottom: int) -> None:
    pixels = np.minimum(strip(0, 2, 3, 4, 5), strip(1, top=top, bottom=bottom))
    assert marked(pixels, chars("第.号第二号")) == "第号第二号"


def test_a_narrow_stroke_is_not_marked() -> None:
    pixels = strip(0, 2, 3, 4, 5)
    pixels[4:44, PITCH + 16 : PITCH + 20] = 0
    assert marked(pixels, chars("第.号第二号")) == "第号第二号"


def test_a_guess_is_marked() -> None:
    read = [*chars("第二号鳇")[:3], Char("鳇", 0.75, 1.0, 0.2)]
    assert marked(strip(0, 1, 2, 3, places=4), read) == f"第二号{UNREAD_CHARACTER}"


def test_spaces_read_for_print_are_replaced() -> None:
    assert marked(strip(0, 1, 2, 3, 4, 5), chars("第 号第二号")) == "第〓号第二号"


def test_marks_have_no_confidence_and_places_of_their_own() -> None:
    found = with_marks(strip(0, 1, 2, 3, 4, 5), chars("第.号第二号"))
    mark = found[1]
    assert mark.confidence == 0.0
    assert (mark.start, mark.end) == pytest.approx((1 / 6, 2 / 6), abs=0.05)
    for before, after in pairwise(found):
        assert before.start <= before.end <= after.start + 1e-9


def test_a_check_box_that_is_read_where_the_strip_is_white_is_left_out() -> None:
    read = chars("是☑否是否是")
    read[1] = replace(read[1], confidence=0.4)
    assert marked(strip(0, 2, 3, 4, 5), read) == "是否是否是"
    assert marked(strip(0, 1, 2, 3, 4, 5), read) == "是☑否是否是"
    read[1] = replace(read[1], confidence=0.9)
    assert marked(strip(0, 2, 3, 4, 5), read) == "是☑否是否是"


def test_print_before_the_first_and_after_the_last_character_is_marked() -> None:
    assert marked(strip(0, 1, 2, 3, 4, 5), chars("..号第..")) == "〓〓号第〓〓"
    assert marked(strip(2, 3), chars("..号第..")) == "号第"


def test_print_of_which_only_a_full_stop_is_read_is_marked() -> None:
    read = [Char(".", 5 / 6, 1.0, 0.9)]
    assert marked(strip(0, 1, 2, 3, 4), read) == "〓〓〓〓〓."


@pytest.mark.parametrize(
    ("text", "probabilities", "is_guess"),
    [
        ("演", [0.55, 0.1, 0.1, 0.1, 0.1], True),
        ("未", [0.5, 0.45, 0.05, 0.0, 0.0], False),
        ("未", [0.9, 0.02, 0.02, 0.02, 0.02], False),
        ("未", [0.4, 0.0, 0.0, 0.0, 0.0], False),
        ("l", [0.4, 0.2, 0.2, 0.1, 0.1], False),
    ],
    ids=["resembles many", "resembles another", "certain", "between steps", "a letter"],
)
def test_an_ideograph_that_resembles_many_is_outside_the_alphabet(
    text: str, probabilities: list[float], is_guess: bool
) -> None:
    assert is_outside_alphabet(text, np.array(probabilities)) is is_guess
