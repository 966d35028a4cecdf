"""What the page screen draws: outlines upright with the picture, doubtful characters apart."""

import re

import pytest

from ocrportal.geometry import turn_point
from ocrportal.jobs.models import Page
from ocrportal.results import Line, PageResult
from ocrportal.web.views.page.context import Outline, Picture, Piece, TextLine, picture_of, rows_of
from tests.exporters.pages import paragraphs

BOX = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))


def picture() -> Picture:
    """The image of the only page, as the screen draws it."""
    page = Page.objects.get()
    return picture_of(page, page.result.page_result if page.result else None)


def texts(result: PageResult) -> list[list[TextLine]]:
    return [rows_of(result, paragraph) for paragraph in paragraphs(result)]


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (200, 100)), (90, (100, 200)), (180, (200, 100)), (270, (100, 200))]
)
def test_the_transform_turns_points_as_the_result_does(rotation, size, make_job):
    make_job("done", rotation=rotation)
    shown = picture()
    assert (shown.upright_width, shown.upright_height) == size
    a, b, c, d, e, f = map(int, re.findall(r"-?\d+", shown.transform))
    for x, y in ((0, 0), (200, 100), (30, 70)):
        assert (a * x + c * y + e, b * x + d * y + f) == turn_point((x, y), rotation, 200, 100)


def test_outlines_are_corners_in_pixels_of_the_stored_picture(make_job):
    make_job("done")
    assert picture().outlines == (
        Outline("0", "10,10 190,10 190,40 10,40"),
        Outline("1", "10,50 120,50 120,80 10,80"),
    )


def test_a_page_not_read_yet_shows_its_picture_alone(make_job):
    make_job("queued")
    shown = picture()
    assert (shown.upright_width, shown.upright_height, shown.outlines) == (200, 100, ())


def test_doubtful_characters_are_pieces_of_their_own(make_job):
    make_job("done")
    page = Page.objects.get()
    assert page.result is not None
    assert texts(page.result.page_result) == [
        [
            TextLine((0,), (Piece("你好", None), Piece("世", 41)), ""),
            TextLine((1,), (Piece("界 <b>", None),), ""),
        ]
    ]


def test_a_line_without_characters_is_doubtful_as_a_whole():
    result = PageResult(width=100, height=40, lines=(Line("maybe", BOX, 0.5),))
    assert texts(result) == [[TextLine((0,), (Piece("maybe", 50),), "")]]


def test_two_boxes_of_one_printed_row_stay_one_line_with_a_space_between():
    right = ((110.0, 10.0), (190.0, 10.0), (190.0, 30.0), (110.0, 30.0))
    result = PageResult(
        width=200, height=40, lines=(Line("Invoice", BOX, 0.99), Line("total", right, 0.99))
    )
    assert texts(result) == [
        [TextLine((0, 1), (Piece("Invoice", None), Piece(" ", None), Piece("total", None)), "")]
    ]


def test_between_printed_rows_of_words_a_blank_follows():
    below = tuple((x, y + 25) for x, y in BOX)
    result = PageResult(
        width=100, height=70, lines=(Line("the quick", BOX, 0.99), Line("brown fox", below, 0.99))
    )
    (paragraph,) = texts(result)
    assert [line.ends_with for line in paragraph] == [" ", ""]
