"""Rulings in ink, which the tests draw as thresholding would leave it."""

import cv2
import numpy as np
import pytest

from ocrportal.geometry import Rect
from ocrportal.tables.rulings import find_rulings

LINE_HEIGHT = 20.0


def test_a_ruling_is_found_under_letters_that_touch_it() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    for x in (40, 140, 240):
        ink[102:116, x : x + 40] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [])
    (ruling,) = rulings.horizontal
    assert ruling.position == pytest.approx(100.5, abs=1)
    assert (ruling.start, ruling.end) == pytest.approx((20, 380), abs=2)
    assert rulings.vertical == []


def test_an_area_is_not_a_ruling() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[80:120, 20:380] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [])
    assert rulings.horizontal == []


def test_horizontal_and_vertical_rulings_are_found() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    ink[20:180, 50:52] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [])
    assert [ruling.length for ruling in rulings.horizontal] == [pytest.approx(360, abs=2)]
    assert [ruling.length for ruling in rulings.vertical] == [pytest.approx(160, abs=2)]


def test_dots_are_a_ruling_outside_of_text_only() -> None:
    ink = np.zeros((200, 400), np.uint8)
    for y in (40, 100):
        for x in range(20, 380, 7):
            ink[y : y + 2, x : x + 3] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [Rect(10, 90, 390, 112)])
    (ruling,) = rulings.horizontal
    assert ruling.position == pytest.approx(40.5, abs=1)
    assert (ruling.start, ruling.end) == pytest.approx((20, 380), abs=7)


def test_dust_is_not_a_ruling() -> None:
    ink = np.where(np.random.default_rng(7).random((200, 400)) < 0.02, 255, 0).astype(np.uint8)
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [])
    assert rulings.horizontal == []
    assert rulings.vertical == []


def test_a_short_stroke_is_a_ruling_between_two_rulings() -> None:
    ink = np.zeros((200, 400), np.uint8)
    for y in (60, 80):
        ink[y : y + 2, 20:380] = 255
    ink[60:80, 100:102] = 255
    ink[60:80, 200:202] = 255  # in a line of text it is a letter
    ink[60:80, 320:322] = 255  # but not if it is higher than the text
    ink[120:140, 300:302] = 255
    text = [Rect(190, 59, 212, 81), Rect(260, 64, 360, 76)]
    rulings, _ = find_rulings(ink, LINE_HEIGHT, text)
    assert sorted(round(ruling.position) for ruling in rulings.vertical) == [100, 320]


def test_lines_in_a_picture_are_not_rulings() -> None:
    ink = np.zeros((200, 400), np.uint8)
    for x in range(48, 160, 18):
        for y in range(28, 140, 18):
            cv2.circle(ink, (x, y), 8, 255, -1)
    ink[80:82, 40:160] = 255
    ink[160:162, 20:380] = 255
    rulings, _ = find_rulings(ink, LINE_HEIGHT, [])
    assert [round(ruling.position) for ruling in rulings.horizontal] == [160]
