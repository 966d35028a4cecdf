"""The skew of a page and the order of its lines."""

import math

from ocrportal.engines.local.line_order import in_rows, skew_of
from ocrportal.geometry import Quad
from ocrportal.results import Line


def line(text: str, x: float, y: float, *, width: float = 100, slope: float = 0.0) -> Line:
    """A line 20 pixels high, whose top-left corner is at x, y before it is rotated by ``slope``."""
    corners = [(x, y), (x + width, y), (x + width, y + 20), (x, y + 20)]
    sin, cos = math.sin(math.radians(slope)), math.cos(math.radians(slope))
    a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in corners)
    box: Quad = (a, b, c, d)
    return Line(text, box, 1.0)


def texts(lines: list[Line]) -> str:
    return "".join(line.text for line in lines)


def test_rows_come_from_the_top_and_each_from_the_left() -> None:
    lines = [line("d", 200, 42), line("b", 200, 4), line("c", 0, 40), line("a", 0, 0)]
    assert texts(in_rows(lines, skew=0.0)) == "abcd"


def test_a_skewed_row_is_one_row() -> None:
    lines = [
        line(text, x, y, slope=5)
        for text, x, y in [("b", 900, 0), ("d", 900, 30), ("c", 0, 30), ("a", 0, 0)]
    ]
    assert texts(in_rows(lines, skew=skew_of(lines))) == "abcd"


def test_the_skew_is_opposite_to_the_slope() -> None:
    assert round(skew_of([line("a", 0, 0, slope=3)]), 6) == -3


def test_one_long_line_outweighs_many_short_ones() -> None:
    short = [line("x", 0, y, width=30, slope=-8) for y in range(5)]
    assert round(skew_of([*short, line("y", 0, 90, width=600, slope=2)]), 6) == -2


def test_vertical_lines_have_no_skew() -> None:
    assert skew_of([line("a", 0, 0, slope=90)]) == 0
    assert skew_of([]) == 0
