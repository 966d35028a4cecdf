"""Photographed pages are straight in the frame of reading."""

import math

import cv2
import numpy as np
import pytest

from ocrportal.geometry import Quad
from ocrportal.layout.frame.perspective import straightening

LEFTS, WIDTH, HEIGHT = (100.0, 560.0), 400.0, 20.0
ROWS = [(x, 100.0 + 30 * row) for x in LEFTS for row in range(40)]


def boxes(photo: np.ndarray) -> list[Quad]:
    """Two columns of justified lines, each fourth one indented, after a homography."""
    found = []
    for number, (x, y) in enumerate(ROWS):
        left, right = x + 40 * (number % 4 == 0), x + WIDTH
        corners = [(left, y), (right, y), (right, y + HEIGHT), (left, y + HEIGHT)]
        mapped = cv2.perspectiveTransform(np.array([corners]), photo)[0]
        a, b, c, d = ((float(px), float(py)) for px, py in mapped)
        found.append((a, b, c, d))
    return found


def photograph(*moved: tuple[float, float]) -> np.ndarray:
    """The homography that moves the corners of a page, in the order of reading, in pixels."""
    corners = np.array([(0, 0), (1060, 0), (1060, 1400), (0, 1400)], np.float32)
    return cv2.getPerspectiveTransform(corners, corners + np.array(moved, np.float32))


@pytest.mark.parametrize(
    "moved",
    [
        ((30, 20), (-25, -10), (10, -30), (0, 15)),
        ((-40, 0), (0, 45), (-25, 15), (20, -15)),
        # Lines that are turned and columns that are not, as by a picture that is sheared.
        ((0, 20), (0, -20), (0, -20), (0, 20)),
        # Columns that lean to each other between level lines.
        ((40, 0), (-40, 0), (0, 0), (0, 0)),
    ],
)
def test_lines_become_level_and_columns_upright(moved: tuple[tuple[float, float], ...]) -> None:
    photo = boxes(photograph(*moved))
    straight = straightening(photo)
    assert straight is not None
    lines = [straight(box) for box in photo]
    assert max(abs(b[1] - a[1]) for a, b, _, _ in lines) < 4
    for column in (lines[:40], lines[40:]):
        ends = [b[0] for _, b, _, _ in column]
        assert max(ends) - min(ends) < 8


@pytest.mark.parametrize("degrees", [0, 1.5, -4])
def test_a_page_that_is_only_turned_has_no_perspective(degrees: float) -> None:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    assert straightening(boxes(np.array([[cos, -sin, 80], [sin, cos, 80], [0, 0, 1.0]]))) is None


def test_the_noise_of_boxes_is_not_a_perspective() -> None:
    chance = np.random.default_rng(3)
    noisy = [
        tuple((x + chance.normal(0, 2), y + chance.normal(0, 1)) for x, y in box)
        for box in boxes(np.eye(3))
    ]
    assert straightening(noisy) is None


def test_lines_that_end_anywhere_have_no_perspective() -> None:
    chance = np.random.default_rng(4)
    ragged = []
    for row in range(60):
        left, y = chance.uniform(100, 500), 30.0 * row
        right = left + chance.uniform(100, 500)
        ragged.append(((left, y), (right, y), (right, y + HEIGHT), (left, y + HEIGHT)))
    assert straightening(ragged) is None


def test_a_few_lines_do_not_show_a_perspective() -> None:
    assert straightening(boxes(photograph((30, 20), (-25, -10), (10, -30), (0, 15)))[:8]) is None
