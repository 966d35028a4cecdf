"""How paragraphs are set. An em is 20 pixels; a full row has 30 characters."""

import pytest

from ocrportal.layout.page import lay_out
from ocrportal.layout.typography import Shape
from ocrportal.results import Line
from tests.exporters.pages import line, page_of, recorded, typed

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
BODY = typed(*[FULL] * 4, top=300)


def _shape(*lines) -> Shape:
    return lay_out(page_of([*lines, *BODY])).paragraphs[0].shape


def test_type_is_measured_by_the_width_of_its_characters():
    assert _shape(line("十个汉字的宽度是十", 100, 100, 280, 140)).em == 20


def test_an_indent_of_two_characters_is_told_from_the_edge():
    shape = _shape(*typed("\u3000\u3000" + FULL[:28], FULL, FULL))
    assert (shape.indent, shape.left, shape.alignment) == (2, 0, "justified")


def test_hanging_rows_stand_further_in_than_the_first():
    shape = _shape(*typed("1、" + FULL[:28], "\u3000\u3000" + FULL[:28], "\u3000\u3000短。"))
    assert (shape.indent, shape.left) == (-2, 2)


@pytest.mark.parametrize(("left", "alignment"), [(340, "centre"), (600, "right"), (100, "left")])
def test_a_single_row_shows_where_it_is_aligned(left, alignment):
    assert _shape(*typed("居中的标题", left=left)).alignment == alignment


def test_ragged_rows_are_aligned_left():
    rows = [
        line("The quick brown fox jumps over the lazy dog again and", 100, 100, 670, 120),
        line("again until it rests; as foxes have always done, forever", 100, 130, 699, 150),
        line("in the long history of typewriters and of all their foxes", 100, 160, 640, 180),
        line("until it rests.", 100, 190, 240, 210),
    ]
    assert lay_out(page_of(rows)).paragraphs[0].shape.alignment == "left"


def test_a_quotation_between_two_margins_is_not_centred():
    shape = _shape(*typed(*[FULL[:22]] * 3, FULL[:21], left=180))
    assert (shape.alignment, shape.left) == ("left", 4)


def test_rows_that_are_centred_differ_in_length():
    rows = [*typed(FULL[:20], left=200), *typed(FULL[:10], left=300, top=130)]
    assert _shape(*rows, *typed(FULL[:6], left=340, top=160)).alignment == "centre"


def test_type_that_stands_on_its_end_is_not_as_large_as_its_row_is_long():
    upwards = Line("ten letters", ((40, 700), (40, 500), (64, 500), (64, 700)), 1.0)
    page = page_of([*typed(*[FULL] * 8), upwards])
    (part,) = (p for p in lay_out(page).paragraphs if p.text == upwards.text)
    assert part.shape.em == 24


def test_room_is_what_the_first_word_that_follows_would_have_needed():
    assert not Shape(em=20, room=1.9).has_room_for("正文")
    assert Shape(em=20, room=2.1).has_room_for("正文")
    assert not Shape(em=20, room=2.1).has_room_for("Typewriters rest")


def test_the_type_of_a_scanned_manual_is_that_of_its_print():
    body = [p for p in lay_out(recorded("page_zh")).paragraphs if p.kind == "body" and p.lines[2:]]
    assert {round(part.shape.em * 72 / 200) for part in body} == {10}
