"""Rulings in ink, which the tests draw as thresholding would leave it."""

import numpy as np
import pytest

from ocrportal.tables.rulings import find_rulings

LINE_HEIGHT = 20.0


def test_a_ruling_is_found_under_letters_that_touch_it() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    for x in (40, 140, 240):
        ink[102:116, x : x + 40] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT)
    (ruling,) = rulings.horizontal
    assert ruling.position == pytest.approx(100.5, abs=1)
    assert (ruling.start, ruling.end) == pytest.approx((20, 380), abs=2)
    assert rulings.vertical == []


def test_an_area_is_not_a_ruling() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[80:120, 20:380] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT)
    assert rulings.horizontal == []


def test_horizontal_and_vertical_rulings_are_found() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    ink[20:180, 50:52] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT)
    assert [round(ruling.length) for ruling in rulings.horizontal] == [360]
    assert [round(ruling.length) for ruling in rulings.vertical] == [160]
