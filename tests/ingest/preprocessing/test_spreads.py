"""Two pages in one picture, and single pages that look a little like it."""

import pytest
from PIL import Image

from bench.transforms import facing, tilted
from ocrportal.ingest.preprocessing.spreads import gutter
from tests.ingest.sources import SAMPLES

ONE_PAGE = [
    "page_zh.png", "page_en.tif", "receipt_en.jpg", "columns_ja.jpg", "line_mixed.jpg",
    "dark_en.png", "screenshot_zh.webp", "cmyk.jpg",
]  # fmt: skip


def page() -> Image.Image:
    return Image.open(SAMPLES / "page_zh.png").convert("L")


def columns(gap: int) -> Image.Image:
    """A landscape sheet with two columns of print so far apart, and margins of 60 pixels."""
    column = page().crop((260, 300, 1400, 1900))
    width = 2 * column.width + gap + 120
    sheet = Image.new("L", (width, round(width / 1.414)), 255)
    sheet.paste(column, (60, 40))
    sheet.paste(column, (60 + column.width + gap, 40))
    return sheet


@pytest.mark.parametrize("degrees", [-2.0, 0.0, 1.5])
@pytest.mark.parametrize("shadow", [True, False])
def test_facing_pages_are_cut_apart_in_the_gutter(shadow, degrees):
    spread = facing(page(), page(), shadow=shadow, degrees=degrees)
    x = gutter(spread)
    assert x is not None
    assert abs(x - spread.width / 2) < 0.04 * spread.width


def test_the_fold_is_found_to_the_pixel_where_it_casts_a_shadow():
    spread = facing(page(), page(), shadow=True)
    x = gutter(spread)
    assert x is not None
    assert abs(x - spread.width / 2) <= 6


@pytest.mark.parametrize("name", ONE_PAGE)
def test_a_single_page_is_left_whole(name):
    image = Image.open(SAMPLES / name)
    assert gutter(image) is None
    assert gutter(image.transpose(Image.Transpose.ROTATE_90)) is None


def test_two_columns_of_a_landscape_sheet_are_left_together():
    assert gutter(columns(gap=110)) is None


def test_columns_far_apart_are_pages_where_their_margins_are_as_wide():
    assert gutter(columns(gap=300)) is not None


def test_a_line_across_the_middle_keeps_a_sheet_whole():
    sheet = columns(gap=300)
    sheet.paste(page().crop((260, 600, 1400, 640)), (600, 1650))
    assert gutter(sheet) is None


def test_an_empty_half_is_no_page():
    spread = facing(page(), Image.new("L", (1654, 2339), 255), shadow=False)
    assert gutter(spread) is None


def test_a_page_that_lies_askew_is_left_whole():
    assert gutter(tilted(page(), 5)) is None
