import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrportal.errors.export import ExportError
from ocrportal.layout.blocks import Figure
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.source import RecognisedPage
from ocrportal.pictures import alternative_text, pictures_of
from ocrportal.results import Block, PageResult
from tests.exporters.pages import corners

SIZE = (400, 600)


def _page_with(image, *boxes, rotation=0, kind="PNG"):
    """A laid-out page with a figure in each box of its stored image."""
    file = io.BytesIO()
    image.save(file, kind)
    areas = tuple(Block("figure", "", box) for box in boxes)
    result = PageResult(*image.size, lines=(), blocks=areas, rotation=rotation)
    return lay_out_page(RecognisedPage(1, result, file.getvalue))


def _opened(picture):
    return Image.open(io.BytesIO(picture.data))


def _photo():
    """A page with a gradient, as a photograph has, from (100, 200) to (300, 400)."""
    page = np.full((600, 400, 3), 255, np.uint8)
    page[200:400, 100:300] = np.linspace((20, 60, 90), (250, 200, 120), 200)[None]
    return Image.fromarray(page)


def _chart():
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((120, 250, 160, 380), fill=(200, 30, 30))
    draw.line((100, 380, 300, 380), fill="black", width=3)
    return page


def test_a_photograph_is_cut_out_as_jpeg_in_colour():
    (picture,) = pictures_of(_page_with(_photo(), corners(100, 200, 300, 400))).values()
    image = _opened(picture)
    assert (picture.extension, picture.media_type) == ("jpg", "image/jpeg")
    assert image.size == (picture.width, picture.height) == (200, 200)
    assert image.getpixel((100, 100)) == pytest.approx((135, 130, 105), abs=6)


def test_line_art_is_cut_out_as_png_in_colour():
    (picture,) = pictures_of(_page_with(_chart(), corners(100, 200, 300, 400))).values()
    image = _opened(picture).convert("RGB")
    assert (picture.extension, picture.media_type) == ("png", "image/png")
    assert image.getpixel((40, 100)) == pytest.approx((200, 30, 30), abs=10)
    assert image.getpixel((5, 5)) == (255, 255, 255)


def test_a_black_and_white_page_stays_so():
    page = _chart().convert("1")
    (picture,) = pictures_of(_page_with(page, corners(100, 200, 300, 400))).values()
    assert (_opened(picture).mode, picture.extension) == ("1", "png")


def test_a_figure_of_a_rotated_page_is_upright():
    # Stored rotated by 90° counter-clockwise: the top of the chart is on its left.
    stored = _chart().transpose(Image.Transpose.ROTATE_90)
    box = corners(200, 100, 400, 300)
    (picture,) = pictures_of(_page_with(stored, box, rotation=90)).values()
    (upright,) = pictures_of(_page_with(_chart(), corners(100, 200, 300, 400))).values()
    assert np.array_equal(*(np.asarray(_opened(found)) for found in (picture, upright)))


def test_a_figure_of_a_skewed_page_is_deskewed():
    page = Image.new("L", SIZE, 255)
    quad = ((100, 200), (290, 220), (270, 410), (80, 390))
    ImageDraw.Draw(page).polygon(quad, fill=0)
    (picture,) = pictures_of(_page_with(page, quad)).values()
    image = _opened(picture).convert("L")
    assert image.size == pytest.approx((191, 191), abs=1)
    assert np.asarray(image)[3:-3, 3:-3].max() < 40


def test_a_box_beyond_the_page_is_cut_at_its_edge():
    (picture,) = pictures_of(_page_with(_photo(), corners(-20, 200, 300, 700))).values()
    assert (picture.width, picture.height) == (300, 400)


def test_the_image_of_a_page_without_figures_is_not_read():
    page = _page_with(_photo())
    assert pictures_of(replace(page, source=replace(page.source, read_image=None))) == {}


def test_a_damaged_page_image_is_an_error():
    page = _page_with(_photo(), corners(100, 200, 300, 400))
    damaged = replace(page.source, read_image=lambda: b"no image")
    with pytest.raises(ExportError):
        pictures_of(replace(page, source=damaged))


def test_the_alternative_text_is_the_words_in_the_figure_or_its_kind():
    box = corners(0, 0, 10, 10)
    assert alternative_text(Figure("figure", box, "north\ngate")) == "north gate"
    assert alternative_text(Figure("figure", box)) == "Figure"
    assert alternative_text(Figure("seal", box)) == "Seal"
    assert alternative_text(Figure("code", box)) == "Barcode"
