"""The straightened page of tables and its mapping to the page."""

import cv2
import numpy as np
import pytest

from ocrportal.geometry import Quad
from ocrportal.results import Line
from ocrportal.tables.page_picture.deskewed_page import DeskewedPage

SIZE = (800, 1000)
PLACES = [(x, y) for y in range(100, 900, 50) for x in (80, 320, 480, 640)]


def _photographed(x: float, y: float) -> tuple[float, float]:
    corners = np.array([(0, 0), (800, 0), (800, 1000), (0, 1000)], np.float32)
    target = np.array([(20, 10), (780, 50), (790, 980), (0, 990)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    a, b, c = matrix @ (x, y, 1)
    return float(a / c), float(b / c)


def _line(x: float, y: float) -> Line:
    a, b, c, d = (_photographed(*p) for p in ((x, y), (x + 60, y), (x + 60, y + 20), (x, y + 20)))
    return Line("text", (a, b, c, d), 1.0)


def _page() -> tuple[DeskewedPage, list[Line]]:
    lines = [_line(*place) for place in PLACES]
    image = np.full((SIZE[1], SIZE[0], 3), 230, np.uint8)
    return DeskewedPage(image, lines, 0.0), lines


def test_a_row_of_a_photographed_table_is_level_on_the_straightened_page():
    page, lines = _page()
    row = [page.rect(line.box) for line in lines[:4]]
    assert max(box.top for box in row) - min(box.top for box in row) < page.line_height / 5
    column = [page.rect(line.box) for line in lines[::4]]
    assert max(box.left for box in column) - min(box.left for box in column) < page.line_height / 3


def test_a_rectangle_is_mapped_back_to_its_place_on_the_photograph():
    page, lines = _page()
    found: Quad = page.quad(page.rect(lines[5].box))
    assert np.array(found) == pytest.approx(np.array(lines[5].box), abs=3)
