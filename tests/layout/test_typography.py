"""Typography of paragraphs. An em is 20 pixels; a full row has 30 characters."""

import pytest

from ocrportal.layout.blocks import TextStyle
from ocrportal.layout.typography import has_room_for
from ocrportal.results import Line
from tests.exporters.pages import line, page_of, paragraphs, recorded, typed

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
BODY = typed(*[FULL] * 4, top=300)


def _style(*lines) -> TextStyle:
    return paragraphs(page_of([*lines, *BODY]))[0].style


def test_the_type_size_is_measured_by_the_width_of_characters():
    assert _style(line("十个汉字的宽度是十", 100, 100, 280, 140)).size == 20


def test_an_indent_of_two_characters_is_measured_from_the_edge():
    style = _style(*typed("\u3000\u3000" + FULL[:28], FULL, FULL))
    assert (style.first_line_indent, style.left_indent, style.alignment) == (2, 0, "justified")


def test_a_hanging_indent_is_a_negative_indent_of_the_first_row():
    style = _style(*typed("1、" + FULL[:28], "\u3000\u3000" + FULL[:28], "\u3000\u3000短。"))
    assert (style.first_line_indent, style.left_indent) == (-2, 2)


@pytest.mark.parametrize(("left", "alignment"), [(340, "centre"), (600, "right"), (100, "left")])
def test_the_alignment_of_a_single_row(left, alignment):
    assert _style(*typed("居中的标题", left=left)).alignment == alignment


def test_ragged_rows_are_aligned_left():
    rows = [
        line("The quick brown fox jumps over the lazy dog again and", 100, 100, 670, 120),
        line("again until it rests; as foxes have always done, forever", 100, 130, 699, 150),
        line("in the long history of typewriters and of all their foxes", 100, 160, 640, 180),
        line("until it rests.", 100, 190, 240, 210),
    ]
    assert paragraphs(page_of(rows))[0].style.alignment == "left"


def test_a_quotation_indented_on_both_sides_is_not_centred():
    style = _style(*typed(*[FULL[:22]] * 3, FULL[:21], left=180))
    assert (style.alignment, style.left_indent) == ("left", 4)


def test_centred_rows_of_different_lengths():
    rows = [*typed(FULL[:20], left=200), *typed(FULL[:10], left=300, top=130)]
    assert _style(*rows, *typed(FULL[:6], left=340, top=160)).alignment == "centre"


def test_the_type_size_of_text_rotated_by_90_degrees():
    upwards = Line("ten letters", ((40, 700), (40, 500), (64, 500), (64, 700)), 1.0)
    page = page_of([*typed(*[FULL] * 8), upwards])
    (part,) = (p for p in paragraphs(page) if p.text == upwards.text)
    assert part.style.size == 24


def test_the_room_after_a_paragraph_is_compared_with_the_next_word():
    assert not has_room_for(TextStyle(size=20, room=1.9), "正文")
    assert has_room_for(TextStyle(size=20, room=2.1), "正文")
    assert not has_room_for(TextStyle(size=20, room=2.1), "Typewriters rest")


def test_the_type_size_of_a_scanned_manual_is_that_of_the_print():
    body = [p for p in paragraphs(recorded("page_zh")) if p.kind == "body" and p.lines[2:]]
    assert {round(part.style.size * 72 / 200) for part in body} == {10}
