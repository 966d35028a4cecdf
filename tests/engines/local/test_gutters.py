"""Lines that are split at the gutter between two columns."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.gutters import split_at_gutters

HEIGHT, PITCH, ROWS = 40, 46, 9
LEFT, GUTTER, RIGHT = 60, (500, 540), 980


def box(left: float, right: float, row: int, height: float = HEIGHT) -> Corners:
    top = 100 + row * PITCH
    corners = [[left, top], [right, top], [right, top + height], [left, top + height]]
    return np.array(corners, dtype=np.float32)


def page(*boxes: Corners, white: tuple[int, int] | None = GUTTER) -> NDArray[np.uint8]:
    """White paper with stripes of ink in the boxes, except between the columns ``white``."""
    picture = np.full((700, 1100, 3), 255, dtype=np.uint8)
    for corners in boxes:
        (left, top), (right, bottom) = corners[0].astype(int), corners[2].astype(int)
        for x in range(left, right, 8):
            picture[top + 8 : bottom - 8, x : x + 4] = 0
    if white:
        picture[:, white[0] : white[1]] = 255
    return picture


def columns(*, without: int) -> list[Corners]:
    """Two columns of single lines; the row ``without`` is missing."""
    rows = [row for row in range(ROWS) if row != without]
    return [box(LEFT, GUTTER[0], row) for row in rows] + [
        box(GUTTER[1], RIGHT, row) for row in rows
    ]


def edges(boxes: list[Corners]) -> list[tuple[float, float]]:
    return [(float(corners[0, 0]), float(corners[1, 0])) for corners in boxes]


def test_a_line_across_the_gutter_is_split() -> None:
    both = [*columns(without=4), box(LEFT, RIGHT, 4)]
    *unchanged, left, right = split_at_gutters(page(*both), both)
    assert edges(unchanged) == edges(both[:-1])
    ((start, middle), (behind, end)) = edges([left, right])
    assert (start, end) == (LEFT, RIGHT)
    assert GUTTER[0] <= middle <= behind <= GUTTER[1]
    assert middle - GUTTER[0] == pytest.approx(GUTTER[1] - behind, abs=6)


@pytest.mark.parametrize("gap", [None, (515, 525)], ids=["ink", "space"])
def test_a_line_without_white_at_the_gutter_is_not_split(gap: tuple[int, int] | None) -> None:
    both = [*columns(without=4), box(LEFT, RIGHT, 4)]
    assert edges(split_at_gutters(page(*both, white=gap), both)) == edges(both)


def test_a_heading_over_both_columns_is_not_split() -> None:
    both = [*columns(without=4), box(LEFT, RIGHT, 4, height=1.7 * HEIGHT)]
    assert edges(split_at_gutters(page(*both), both)) == edges(both)


def test_wide_spaces_in_one_column_are_not_a_gutter() -> None:
    lines = [box(LEFT, RIGHT, row) for row in range(ROWS)]
    assert edges(split_at_gutters(page(*lines), lines)) == edges(lines)
