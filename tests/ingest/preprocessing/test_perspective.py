"""Photos of sheets of paper."""

import numpy as np
import pytest
from PIL import Image

from bench.transforms import photographed, tilted
from ocrportal.ingest.preprocessing.perspective import correct_perspective, find_sheet
from ocrportal.ingest.preprocessing.pixels import map_points, pixels_of
from tests.ingest.sources import SAMPLES

CORNERS = np.array([[0.21, 0.12], [0.83, 0.09], [0.95, 0.9], [0.07, 0.93]])
"""The corners of the sheet in the generated photos, as shares of the sides."""


def photo(name: str = "page_zh.png", *, busy: bool) -> Image.Image:
    return photographed(Image.open(SAMPLES / name), busy=busy)


@pytest.mark.parametrize("name", ["page_zh.png", "page_en.tif"])
@pytest.mark.parametrize("busy", [False, True], ids=["dark table", "busy table"])
def test_the_corners_of_a_sheet_are_found(name, busy):
    image = photo(name, busy=busy)
    found = find_sheet(pixels_of(image))
    assert found is not None
    assert found == pytest.approx(CORNERS * image.size, abs=0.004 * max(image.size))


def test_the_corrected_sheet_fills_its_picture():
    warped = correct_perspective(pixels_of(photo(busy=True)))
    assert warped is not None
    height, width = warped.pixels.shape[:2]
    # The ratio is between that of the longer and that of the shorter sides.
    assert height / width == pytest.approx(2339 / 1654, rel=0.15)
    edges = [warped.pixels[8], warped.pixels[-8], warped.pixels[:, 8], warped.pixels[:, -8]]
    assert all(np.percentile(edge, 5) > 140 for edge in edges)


def test_the_corners_of_the_page_map_to_those_of_the_sheet():
    image = photo(busy=False)
    warped = correct_perspective(pixels_of(image))
    assert warped is not None
    height, width = warped.pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)
    back = map_points(warped.inverse, corners)
    assert back == pytest.approx(CORNERS * image.size, abs=0.004 * max(image.size))


def test_a_sheet_that_is_cut_off_is_unchanged():
    image = photo(busy=False)
    assert (
        correct_perspective(pixels_of(image.crop((0, 0, image.width, round(0.8 * image.height)))))
        is None
    )


@pytest.mark.parametrize(
    "name",
    ["page_zh.png", "page_en.tif", "receipt_en.jpg", "columns_ja.jpg", "dark_en.png", "cmyk.jpg"],
)
def test_pictures_other_than_photos_of_a_sheet_are_unchanged(name):
    assert correct_perspective(pixels_of(Image.open(SAMPLES / name))) is None


def test_a_skewed_scan_on_white_is_unchanged():
    assert correct_perspective(pixels_of(tilted(Image.open(SAMPLES / "page_zh.png"), 5))) is None
