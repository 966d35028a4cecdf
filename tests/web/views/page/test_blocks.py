"""The blocks of a page on its screen: numbers, kinds and outlines."""

from django.utils import translation

from ocrportal.layout.blocks import Paragraph
from ocrportal.results import Block, Cell, Field, PageResult, Table
from ocrportal.web.views.page.blocks import BlockOutline, BlockTag, block_outlines, tag_of
from ocrportal.web.views.page.parts import parts_of
from tests.exporters.pages import corners, laid_out, line, page_of, price_list


def test_blocks_are_numbered_in_reading_order_with_their_kinds():
    outlines = block_outlines(laid_out(price_list()))
    assert [outline.tag.number for outline in outlines] == [1, 2, 3]
    assert [outline.tag.kind for outline in outlines] == ["body", "table", "body"]


def test_an_outline_contains_the_lines_of_its_paragraph():
    lines = [
        line("It was a bright cold day in", 100, 100, 500, 130),
        line("April", 100, 135, 180, 165),
    ]
    (outline,) = block_outlines(laid_out(page_of(lines)))
    assert outline == BlockOutline(BlockTag(1, "body", "Paragraph"), 100, 100, 400, 65)


def test_outlines_are_in_pixels_of_the_upright_image():
    """A page of 1000 x 1400 pixels that is turned by 90° is 1400 pixels wide."""
    result = PageResult(1000, 1400, (line("up", 100, 200, 140, 500),), rotation=90)
    (outline,) = block_outlines(laid_out(result))
    assert (outline.left, outline.top) == (1400 - 500, 100)
    assert (outline.width, outline.height) == (300, 40)


def test_fields_are_outlined_around_the_places_of_their_values():
    fields = (
        Field(("name",), "张三", box=corners(100, 100, 200, 140)),
        Field(("sex",), "男", box=corners(150, 200, 180, 240)),
        Field(("birth",), "2000"),
    )
    result = PageResult(1000, 1400, (), fields=fields, rotation=180)
    (outline,) = block_outlines(laid_out(result, "id-card"))
    assert outline.tag.kind == "fields"
    assert (outline.left, outline.top, outline.width, outline.height) == (800, 1160, 100, 140)


def test_the_text_has_the_numbers_of_the_outlines_and_of_blocks_without_a_place():
    tables = (
        Table(1, 1, (Cell("a", 0, 0),), box=corners(100, 300, 500, 400)),
        Table(1, 1, (Cell("b", 0, 0),)),
    )
    page = laid_out(PageResult(1000, 1400, (line("title", 100, 100, 300, 140),), tables=tables))
    assert [view.tag.number for view in parts_of(page).views] == [1, 2, 3]
    assert [outline.tag.number for outline in block_outlines(page)] == [1, 2]


def test_a_figure_without_words_is_outlined_and_named_beside_the_text():
    areas = (Block("figure", "", corners(100, 300, 500, 700)),)
    page = laid_out(PageResult(1000, 1400, (line("title", 100, 100, 300, 140),), blocks=areas))
    assert block_outlines(page)[-1] == BlockOutline(
        BlockTag(2, "figure", "Figure"), 100, 300, 400, 400
    )
    shown = parts_of(page).views[-1]
    assert (shown.tag, shown.lines) == (BlockTag(2, "figure", "Figure"), ())


def test_a_formula_is_outlined_at_its_place_without_lines():
    areas = (Block("formula", "E = mc^2", corners(100, 300, 500, 340)),)
    (outline,) = block_outlines(laid_out(PageResult(1000, 1400, (), blocks=areas)))
    assert outline == BlockOutline(BlockTag(1, "formula", "Formula"), 100, 300, 400, 40)


def test_kinds_are_named_in_the_language_of_the_reader():
    heading = Paragraph((), "Contents", "heading", 2)
    assert tag_of(1, heading).label == "Heading 2"
    with translation.override("zh-hans"):
        assert tag_of(1, heading).label == "标题 2"


def test_a_kind_without_a_label_is_shown_by_its_own_name():
    marginal = Paragraph((), "12", "marginal_note")
    assert tag_of(1, marginal) == BlockTag(1, "marginal_note", "marginal note")
