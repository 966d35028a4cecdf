"""Check boxes found on the pixels of a page."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrportal.engines.local import check_boxes
from ocrportal.engines.local.check_boxes import CheckBox, find_check_boxes
from ocrportal.geometry import Rect
from ocrportal.results import Line

LETTER = 30
BOX = (200, 100, 226, 126)
LINES = [Line("", Rect(0, 90, 600, 90 + LETTER / 0.72).quad, 1.0)]


def page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (800, 400), "white")
    return image, ImageDraw.Draw(image)


def found(image: Image.Image) -> list[CheckBox]:
    return find_check_boxes(np.asarray(image), LINES)


def drawn(state: str, width: int = 2) -> Image.Image:
    image, draw = page()
    left, top, right, bottom = BOX
    draw.rectangle(BOX, outline="black", width=width, fill="black" if state == "■" else None)
    if state == "☑":
        draw.line([(left + 4, top + 13), (left + 11, bottom - 4), (right + 3, top - 3)], "black", 3)
    elif state == "☒":
        draw.line((left + 3, top + 3, right - 3, bottom - 3), "black", 2)
        draw.line((right - 3, top + 3, left + 3, bottom - 3), "black", 2)
    return image


@pytest.mark.parametrize("state", ["☐", "☑", "☒", "■"])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_drawn_square_has_its_state_and_its_place(state: str, width: int) -> None:
    (box,) = found(drawn(state, width))
    assert box.state == state
    assert box.rect == pytest.approx(BOX, abs=3)
    assert not box.has_legs


@pytest.mark.parametrize("angle", [-1.5, 1.5])
@pytest.mark.parametrize("state", ["☐", "☑", "☒", "■"])
def test_the_page_may_be_slightly_skewed(state: str, angle: float) -> None:
    image = drawn(state).rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    (box,) = found(image)
    assert box.state == state


def test_a_filling_may_leave_a_white_line_inside_the_square() -> None:
    image = drawn("☐")
    left, top, right, bottom = BOX
    ImageDraw.Draw(image).rectangle((left + 4, top + 4, right - 4, bottom - 4), fill="black")
    assert [box.state for box in found(image)] == ["■"]


def test_rings_discs_and_round_letters_are_not_check_boxes() -> None:
    image, draw = page()
    draw.ellipse((100, 100, 126, 126), outline="black", width=2)
    draw.ellipse((200, 100, 226, 126), fill="black")
    draw.ellipse((300, 100, 326, 126), outline="black", width=5)
    draw.text((400, 95), "0 D O B Q 8", "black", ImageFont.load_default(40))
    assert found(image) == []


def test_cells_of_a_grid_are_not_check_boxes() -> None:
    image, draw = page()
    for x in range(100, 360, 26):
        draw.rectangle((x, 100, x + 26, 126), outline="black", width=2)
    assert found(image) == []


def test_much_smaller_and_larger_squares_are_not_check_boxes() -> None:
    image, draw = page()
    draw.rectangle((100, 100, 108, 108), outline="black", width=1)
    draw.rectangle((200, 100, 260, 160), outline="black", width=2)
    assert found(image) == []


def test_a_square_with_legs_is_marked_since_the_ideograph_for_mouth_has_them() -> None:
    image, draw = page()
    draw.rectangle((200, 100, 226, 123), outline="black", width=3)
    draw.line((201, 100, 201, 128), "black", 3)
    draw.line((225, 100, 225, 128), "black", 3)
    (box,) = found(image)
    assert box.has_legs


def test_a_page_without_lines_has_none() -> None:
    assert find_check_boxes(np.asarray(drawn("☐")), []) == []


def test_the_memory_for_a_large_page_with_small_letters_is_bounded(monkeypatch) -> None:
    sizes = []

    def without_ink(grey: np.ndarray, **_: object) -> np.ndarray:
        sizes.append(grey.size)
        return np.zeros_like(grey)

    monkeypatch.setattr(check_boxes, "ink_on_page", without_ink)
    small = [Line("", Rect(0, 90, 600, 110).quad, 1.0)]
    find_check_boxes(np.full((4000, 5000, 3), 255, np.uint8), small)
    assert sizes == [pytest.approx(check_boxes.MAX_PIXELS, rel=0.01)]
