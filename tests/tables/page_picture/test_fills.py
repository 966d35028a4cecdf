"""Dark fills with bright text."""

import cv2
import numpy as np
import pytest

from ocrportal.geometry import Rect
from ocrportal.tables.page_picture.fills import without_dark_fills

LINE_HEIGHT = 40.0
TEXT = Rect(120, 115, 300, 155)


def _page(fill: int, letters: int, *, height: int = 70) -> np.ndarray:
    grey = np.full((900, 1000), 255, np.uint8)
    grey[100 : 100 + height, 100:900] = fill
    cv2.putText(grey, "Item", (120, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.4, letters, 3)
    return grey


@pytest.mark.parametrize("fill", [20, 120])
def test_bright_text_on_a_dark_fill_becomes_dark_on_white(fill: int):
    grey = _page(fill, 255)
    found = without_dark_fills(grey, LINE_HEIGHT, [TEXT])
    inside = (slice(105, 165), slice(105, 880))
    letters = grey[inside] == 255
    assert found[inside][letters].max() < 130
    assert np.median(found[inside][~letters]) > 250


def test_bright_text_may_be_of_any_size():
    grey = np.full((1800, 3000), 255, np.uint8)
    grey[400:1200, 200:2800] = 40
    cv2.putText(grey, "EXIT", (400, 1000), cv2.FONT_HERSHEY_SIMPLEX, 18, 255, 40)
    found = without_dark_fills(grey, 400.0, [Rect(400, 600, 1800, 1000)])
    inside = (slice(450, 1150), slice(250, 2750))
    letters = grey[inside] == 255
    assert found[inside][letters].max() < 130
    assert np.median(found[inside][~letters]) > 250


def test_a_ruling_on_a_dark_fill_stays_visible():
    grey = _page(100, 255)
    grey[100:170, 500:503] = 0
    assert without_dark_fills(grey, LINE_HEIGHT, [TEXT])[110:160, 501].max() < 200


@pytest.mark.parametrize(
    ("grey", "text"),
    [
        (_page(255, 0), [TEXT]),
        (_page(210, 0), [TEXT]),
        (_page(20, 255), []),
        (_page(20, 255, height=700), [TEXT]),
    ],
    ids=["no fill", "pale fill", "no text", "picture"],
)
def test_other_areas_stay_as_they_are(grey: np.ndarray, text: list[Rect]):
    assert np.array_equal(without_dark_fills(grey, LINE_HEIGHT, text), grey)
