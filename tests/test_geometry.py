"""Rectangles, quads, slopes and rows."""

import math
from collections.abc import Sequence

import pytest

from ocrportal.geometry import (
    Quad,
    Rect,
    RectIndex,
    group_rows,
    interpolate,
    quad_angle,
    quad_center,
    quad_contains,
    quad_height,
    quad_length,
    quad_part,
    text_slope,
    turn_point,
    turn_quad,
)


def rotated(rect: Rect, degrees: float) -> Quad:
    """The corners of a rectangle, rotated clockwise around the origin."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in rect.quad)
    return a, b, c, d


def test_the_measures_of_a_rectangle() -> None:
    rect = Rect(10, 20, 40, 30)
    assert (rect.width, rect.height, rect.area) == (30, 10, 300)
    assert rect.center == (rect.center_x, rect.center_y) == (25, 25)
    assert rect.quad == ((10, 20), (40, 20), (40, 30), (10, 30))
    assert rect.scaled(0.5) == Rect(5, 10, 20, 15)


def test_the_rectangle_around_points_quads_and_rectangles() -> None:
    assert Rect.around([(3, 1), (-1, 5), (2, 2)]) == Rect(-1, 1, 3, 5)
    boxes = [Rect(0, 0, 4, 2), Rect(3, 1, 9, 8)]
    assert Rect.around_quads(box.quad for box in boxes) == Rect(0, 0, 9, 8)
    assert Rect.union(boxes) == Rect(0, 0, 9, 8)
    with pytest.raises(ValueError, match="values"):
        Rect.around([])


def test_a_rectangle_contains_its_edge() -> None:
    rect = Rect(0, 0, 4, 2)
    assert rect.contains((4, 2))
    assert not rect.contains((4.1, 2))


def test_rectangles_that_share_an_edge_do_not_overlap() -> None:
    rect = Rect(0, 0, 4, 2)
    assert rect.intersection(Rect(3, 1, 9, 8)) == Rect(3, 1, 4, 2)
    assert rect.intersection(Rect(4, 0, 8, 2)) is None
    assert rect.overlaps_in_y(Rect(4, 0, 8, 2))
    assert not rect.overlaps_in_x(Rect(4, 0, 8, 2))


def test_interpolate_returns_a_point_between_two_points() -> None:
    assert interpolate((0, 10), (20, 0), 0.25) == (5, 7.5)


def test_the_measures_of_a_rotated_quad() -> None:
    quad = rotated(Rect(0, 0, 100, 20), 30)
    assert quad_length(quad) == pytest.approx(100)
    assert quad_height(quad) == pytest.approx(20)
    assert math.degrees(quad_angle(quad)) == pytest.approx(30)
    assert quad_center(Rect(0, 0, 100, 20).quad) == (50, 10)


def test_a_part_of_a_quad_has_its_height() -> None:
    assert quad_part(Rect(0, 0, 100, 20).quad, 0.1, 0.3) == Rect(10, 0, 30, 20).quad
    assert quad_height(quad_part(rotated(Rect(0, 0, 100, 20), 7), 0, 0.5)) == pytest.approx(20)


def test_a_rotated_quad_contains_less_than_the_rectangle_around_it() -> None:
    quad = rotated(Rect(0, 0, 100, 20), 30)
    assert quad_contains(quad, quad_center(quad))
    assert not quad_contains(quad, (Rect.around(quad).right - 2, 2))
    a, b, c, d = quad
    assert quad_contains((a, d, c, b), quad_center(quad))


def test_a_pixel_outside_a_quad_counts_as_inside() -> None:
    quad: Quad = ((0, 0), (100, 1), (100, 21), (0, 20))
    assert quad_contains(quad, (50, 0))
    assert not quad_contains(((0, 0), (100, 10), (100, 30), (0, 20)), (50, 2))


@pytest.mark.parametrize(
    ("rotation", "turned"), [(0, (30, 10)), (90, (90, 30)), (180, (170, 90)), (270, (10, 170))]
)
def test_a_point_of_an_image_rotated_clockwise(rotation: int, turned: tuple[int, int]) -> None:
    assert turn_point((30, 10), rotation, 200, 100) == turned


def test_only_quarter_turns_are_accepted() -> None:
    with pytest.raises(ValueError, match="45"):
        turn_point((0, 0), 45, 10, 10)


def test_four_quarter_turns_restore_a_quad() -> None:
    quad = rotated(Rect(50, 10, 150, 30), 5)
    turned = quad
    for size in ((200, 100), (100, 200)) * 2:
        turned = turn_quad(turned, 90, *size)
    for point, original in zip(turned, quad, strict=True):
        assert point == pytest.approx(original)


def slope(
    quads: list[Quad],
    *,
    min_elongation: float = 0.0,
    weighted: bool = False,
    direction: float = 0.0,
) -> float:
    """The slope in degrees, of lines that are less than 20° steep."""
    found = text_slope(
        quads,
        max_slope=math.radians(20),
        min_elongation=min_elongation,
        weighted=weighted,
        direction=direction,
    )
    return round(math.degrees(found), 6)


def test_the_slope_of_text_is_the_median_of_its_lines() -> None:
    assert slope([rotated(Rect(0, 0, 100, 20), degrees) for degrees in (1, 3, 9)]) == 3
    assert slope([]) == 0


def test_steep_and_short_lines_do_not_count_for_the_slope() -> None:
    lines = [rotated(Rect(0, 0, 100, 20), 2), rotated(Rect(0, 0, 100, 20), 90)]
    assert slope(lines) == 2
    assert slope([*lines, rotated(Rect(0, 0, 30, 20), 8)], min_elongation=2) == 2


def test_a_weighted_slope_follows_the_longer_lines() -> None:
    lines = [rotated(Rect(0, 0, 30, 20), -8)] * 5 + [rotated(Rect(0, 0, 600, 20), 2)]
    assert slope(lines) == -8
    assert slope(lines, weighted=True) == 2


def test_the_slope_of_vertical_text_is_measured_from_its_direction() -> None:
    assert slope([rotated(Rect(0, 0, 100, 20), 93)], direction=math.pi / 2) == 3
    assert slope([rotated(Rect(0, 0, 100, 20), -179)], direction=math.pi) == 1


def test_rows_come_from_the_top_and_each_from_the_left() -> None:
    boxes = {
        "d": Rect(200, 42, 300, 62),
        "b": Rect(200, 4, 300, 24),
        "c": Rect(0, 40, 100, 60),
        "a": Rect(0, 0, 100, 20),
    }
    assert group_rows(boxes, boxes.__getitem__) == [["a", "b"], ["c", "d"]]


def test_a_rule_decides_which_boxes_share_a_row() -> None:
    boxes = [Rect(0, 0, 9, 10), Rect(10, 6, 19, 16), Rect(20, 2, 29, 12)]

    def touches_last(row: Sequence[Rect], rect: Rect) -> bool:
        return rect.top < row[-1].bottom - 5

    assert group_rows(boxes, lambda box: box) == [
        [boxes[0], boxes[2]],
        [boxes[1]],
    ]
    assert len(group_rows(boxes, lambda box: box, touches_last)) == 1


def test_several_rows_may_stay_open() -> None:
    boxes = [Rect(0, 0, 9, 10), Rect(100, 4, 109, 14), Rect(10, 5, 19, 15)]

    def is_near(row: Sequence[Rect], rect: Rect) -> bool:
        return 0 < rect.left - row[-1].right < 5

    rows = group_rows(boxes, lambda box: box, is_near, max_open_rows=2)
    assert rows == [[boxes[0], boxes[2]], [boxes[1]]]


def test_an_index_finds_the_rectangles_at_a_point_in_their_order():
    rects = [Rect(0, 0, 10, 1000), Rect(0, 90, 50, 110), Rect(5, -20, 30, 100), Rect(0, 5, 9, 5)]
    index = RectIndex(rects)
    points = [(x, y) for x in (-1, 0, 5, 9, 10, 30, 51) for y in (-21, -20, 5, 90, 100, 110, 1000)]
    for point in points:
        assert index.at(point) == [i for i, rect in enumerate(rects) if rect.contains(point)]


def test_an_index_finds_the_rectangles_that_overlap_another_one():
    rects = [Rect(0, 0, 10, 1000), Rect(0, 90, 50, 110), Rect(5, -20, 30, 100), Rect(0, 5, 9, 5)]
    index = RectIndex(rects)
    for x, y in [(-40, -40), (-1, -21), (8, 95), (29, 99), (50, 110), (3, 999)]:
        for size in (1, 30, 300):
            place = Rect(x, y, x + size, y + size)
            assert index.overlapping(place) == [
                number for number, rect in enumerate(rects) if rect.overlaps(place)
            ]


def test_an_index_of_no_or_of_flat_rectangles():
    assert RectIndex([]).at((0, 0)) == []
    assert RectIndex([Rect(0, 5, 9, 5)]).at((3, 5)) == [0]
