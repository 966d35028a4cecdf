"""Check boxes as characters of the lines of a page."""

import pytest

from ocrportal.engines.local.check_box_lines import with_check_boxes
from ocrportal.engines.local.check_boxes import CheckBox
from ocrportal.geometry import Rect
from ocrportal.results import Char, Line
from tests.calls import calls

HEIGHT = 42


def line(text: str, left: float, top: float = 100) -> Line:
    """A line with characters of 30 pixels; a space in it is a place without a character."""
    length = 30 * len(text)
    chars = tuple(
        Char(char, i / len(text), (i + 1) / len(text), 0.99)
        for i, char in enumerate(text)
        if not char.isspace()
    )
    box = Rect(left, top, left + length, top + HEIGHT).quad
    return Line("".join(char.text for char in chars), box, 0.99, chars)


def box(state: str, left: float, *, top: float = 108, legs: bool = False) -> CheckBox:
    return CheckBox(Rect(left, top, left + 26, top + 26), state, legs)


def texts(lines: list[Line], *boxes: CheckBox) -> list[str]:
    return [found.text for found in with_check_boxes(lines, boxes)]


def test_a_check_box_is_inserted_where_the_reading_has_none() -> None:
    assert texts([line("性别： 女", 0)], box("☑", 92)) == ["性别：☑女"]


def test_it_replaces_what_was_read_for_it() -> None:
    assert texts([line("性别：□女", 0)], box("☑", 92)) == ["性别：☑女"]
    assert texts([line("性别：✓女", 0)], box("☑", 92)) == ["性别：☑女"]
    assert texts([line("性别：口女", 0)], box("☐", 92)) == ["性别：☐女"]


def test_the_square_that_was_read_for_an_empty_box_remains() -> None:
    assert texts([line("性别：□女", 0)], box("☐", 92)) == ["性别：□女"]


@pytest.mark.parametrize("text", ["国", "日", "回", "0", "D"])
def test_a_square_in_a_letter_is_not_a_check_box(text: str) -> None:
    assert texts([line(f"性别：{text}女", 0)], box("☑", 92)) == [f"性别：{text}女"]


def test_the_ideograph_for_mouth_remains_if_it_has_legs() -> None:
    assert texts([line("入口处", 0)], box("☐", 32, legs=True)) == ["入口处"]


def test_a_check_box_beside_a_line_extends_it() -> None:
    (found,) = with_check_boxes([line("女", 100)], [box("☒", 60)])
    assert found.text == "☒ 女"
    assert found.box[0] == pytest.approx((60, 100))
    assert found.box[2] == pytest.approx((130, 142))
    first, _, last = found.chars
    assert found.char_box(first)[1][0] == pytest.approx(86)
    assert found.char_box(last)[0][0] == pytest.approx(100)


def test_a_check_box_between_two_lines_belongs_to_the_label_after_it() -> None:
    lines = [line("男", 0), line("女", 130)]
    assert texts(lines, box("☐", 70)) == ["男", "☐ 女"]


def test_a_check_box_behind_the_last_label_belongs_to_it() -> None:
    assert texts([line("男", 0)], box("☑", 34)) == ["男☑"]


def test_several_check_boxes_keep_their_places() -> None:
    (only,) = with_check_boxes([line(" 男 女", 0)], [box("☐", 62), box("☑", 2)])
    assert only.text == "☑男☐女"
    assert "".join(char.text for char in only.chars) == only.text
    assert [char.start for char in only.chars] == sorted(char.start for char in only.chars)


def test_the_work_grows_with_the_check_boxes_and_lines_and_not_with_their_product() -> None:
    def form(rows: int) -> tuple[list[Line], list[CheckBox]]:
        tops = [100 + 60 * row for row in range(rows)]
        return [line("女", 100, top) for top in tops], [box("☑", 60, top=top + 8) for top in tops]

    assert calls(lambda: with_check_boxes(*form(400))) < 5 * calls(
        lambda: with_check_boxes(*form(100))
    )


def test_check_boxes_far_from_any_text_are_lines_if_a_form_has_several() -> None:
    far = [box("☐", 10, top=300), box("☑", 10, top=360), box("☐", 10, top=420)]
    assert texts([line("性别", 100)], *far) == ["性别", "☐", "☑", "☐"]
    assert texts([line("性别", 100)], far[0]) == ["性别"]
