"""The perspective of photographed pages, found by rows and columns of text."""

import cv2
import numpy as np
import pytest

from ocrportal.tables.page_picture.perspective import mapped, straightening

LEFTS, WIDTH = (-0.3, -0.05, 0.1, 0.25), np.array([0.04, 0])
HEIGHTS = np.arange(-0.4, 0.4, 0.05)
ROWS = np.array([[(x, y) for x in LEFTS] for y in HEIGHTS])
STARTS = ROWS.reshape(-1, 2)
ENDS = STARTS + WIDTH


def _photograph(*moved: tuple[float, float]) -> np.ndarray:
    """The homography that moves the corners of a page, in the order of reading."""
    corners = np.array([(-0.35, -0.5), (0.35, -0.5), (0.35, 0.5), (-0.35, 0.5)], np.float32)
    target = corners + np.array(moved, np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, target), np.float64)


@pytest.mark.parametrize(
    "moved",
    [
        ((0.02, 0.02), (-0.02, -0.01), (0.01, -0.02), (0, 0.01)),
        ((-0.03, 0), (0, 0.03), (-0.02, 0.01), (0.02, -0.01)),
    ],
)
def test_rows_become_level_and_columns_upright(moved: tuple[tuple[float, float], ...]):
    photo = _photograph(*moved)
    starts, ends = mapped(photo, STARTS), mapped(photo, ENDS)
    found = straightening(starts, ends)
    assert found is not None
    left, right = mapped(found, starts).reshape(ROWS.shape), mapped(found, ends).reshape(ROWS.shape)
    assert np.ptp((left + right)[..., 1] / 2, axis=1).max() < 0.003
    assert np.ptp(left[..., 0], axis=0).max() < 0.005


def test_a_slope_that_the_boxes_of_short_texts_do_not_show_is_found_by_their_rows():
    slope = 0.012
    starts = STARTS + np.column_stack([np.zeros(len(STARTS)), slope * STARTS[:, 0]])
    found = straightening(starts, starts + WIDTH)
    assert found is not None
    middles = mapped(found, starts + WIDTH / 2).reshape(ROWS.shape)
    assert np.ptp(middles[..., 1], axis=1).max() < 0.002


def test_a_page_that_is_straight_stays_as_it_is():
    jitter = np.random.default_rng(1).normal(0, 0.0005, STARTS.shape)
    assert straightening(STARTS + jitter, ENDS + jitter) is None


def test_ragged_text_shows_no_perspective_by_chance():
    chance = np.random.default_rng(2)
    starts = np.column_stack([chance.uniform(-0.3, 0, 60), np.linspace(-0.45, 0.45, 60)])
    ends = starts + np.column_stack([chance.uniform(0.1, 0.3, 60), np.zeros(60)])
    assert straightening(starts, ends) is None


def test_a_few_lines_show_none():
    photo = _photograph((0.02, 0.02), (-0.02, -0.01), (0.01, -0.02), (0, 0.01))
    starts = mapped(photo, STARTS[:7])
    assert straightening(starts, mapped(photo, ENDS[:7])) is None
