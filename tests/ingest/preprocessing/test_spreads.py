"""Two pages in one picture, and single pages with similar gaps."""

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
    """A landscape page with two columns, ``gap`` pixels apart, and margins of 60 pixels."""
    column = page().crop((260, 300, 1400, 1900))
    width = 2 * column.width + gap + 120
    sheet = Image.new("L", (width, round(width / 1.414)), 255)
    sheet.paste(column, (60, 40))
    sheet.paste(column, (60 + column.width + gap, 40))
    return sheet


@pytest.mark.parametrize("degrees", [-2.0, 0.0, 1.5])
@pytest.mark.parametrize("shadow", [True, False])
def test_facing_pages_are_split_in_the_gutter(shadow, degrees):
    spread = facing(page(), page(), shadow=shadow, degrees=degrees)
    x = gutter(spread)
    assert x is not None
    assert abs(x - spread.width / 2) < 0.04 * spread.width


def test_the_shadow_of_a_fold_is_located_to_the_pixel():
    spread = facing(page(), page(), shadow=True)
    x = gutter(spread)
    assert x is not None
    assert abs(x - spread.width / 2) <= 6


@pytest.mark.parametrize("name", ONE_PAGE)
def test_a_single_page_is_not_split(name):
    image = Image.open(SAMPLES / name)
    assert gutter(image) is None
    assert gutter(image.transpose(Image.Transpose.ROTATE_90)) is None


def test_two_columns_of_a_landscape_page_are_not_split():
    assert gutter(columns(gap=110)) is None


def test_distant_columns_with_equal_margins_are_pages():
    assert gutter(columns(gap=300)) is not None


def test_a_line_across_the_centre_prevents_splitting():
    sheet = columns(gap=300)
    sheet.paste(page().crop((260, 600, 1400, 640)), (600, 1650))
    assert gutter(sheet) is None


def test_an_empty_half_is_not_a_page():
    spread = facing(page(), Image.new("L", (1654, 2339), 255), shadow=False)
    assert gutter(spread) is None


def test_a_skewed_page_is_not_split():
    assert gutter(tilted(page(), 5)) is None
