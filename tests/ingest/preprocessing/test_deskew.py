"""Pages that are skewed by a few degrees."""

import numpy as np
import pytest
from PIL import Image

from bench.transforms import tilted, turned
from ocrportal.ingest.preprocessing.deskew import deskew, skew_of
from ocrportal.ingest.preprocessing.pixels import map_points, pixels_of
from tests.ingest.sources import SAMPLES

PAGES = ["page_zh.png", "page_en.tif"]


@pytest.mark.parametrize("degrees", [-10.0, -7.0, -1.0, 0.5, 3.0, 10.0])
@pytest.mark.parametrize("name", PAGES)
def test_the_skew_of_a_page_is_measured_to_a_tenth_of_a_degree(name, degrees):
    page = tilted(Image.open(SAMPLES / name), degrees)  # Pillow rotates counterclockwise
    assert skew_of(pixels_of(page)) == pytest.approx(degrees, abs=0.1)


def test_the_skew_of_a_page_rotated_by_90_degrees_is_measured():
    page = turned(tilted(Image.open(SAMPLES / "page_zh.png"), 3), 90)
    assert skew_of(pixels_of(page)) == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("name", [*PAGES, "columns_ja.jpg", "cmyk.jpg"])
def test_a_page_without_skew_is_unchanged(name):
    assert deskew(pixels_of(Image.open(SAMPLES / name))) is None


def test_a_page_with_a_few_words_is_unchanged():
    page = Image.new("L", (1654, 2339), 255)
    page.paste(Image.open(SAMPLES / "line_mixed.jpg").resize((120, 15)), (300, 300))
    assert deskew(pixels_of(page)) is None


def test_a_deskewed_page_is_complete_and_has_no_skew():
    page = pixels_of(tilted(Image.open(SAMPLES / "page_zh.png"), 4))
    warped = deskew(page)
    assert warped is not None
    assert skew_of(warped.pixels) == pytest.approx(0, abs=0.1)
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)
    there = map_points(np.linalg.inv(warped.inverse), corners)
    high, wide = warped.pixels.shape[:2]
    assert there.min() >= -1
    assert (there <= np.array([wide, high]) + 1).all()


def test_the_added_border_has_the_colour_of_the_paper():
    page = tilted(Image.open(SAMPLES / "page_zh.png"), 4)
    tinted = Image.fromarray(np.minimum(np.asarray(page), np.array([240, 230, 200], np.uint8)))
    warped = deskew(pixels_of(tinted))
    assert warped is not None
    assert warped.pixels[0, 0].tolist() == [240, 230, 200]
