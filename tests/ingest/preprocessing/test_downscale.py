"""Pictures with too many pixels."""

import numpy as np
import pytest
from PIL import Image

from bench.transforms import huge
from ocrportal.ingest.preprocessing.downscale import downscale, small_print
from ocrportal.ingest.preprocessing.pixels import map_points, pixels_of
from tests.ingest.sources import SAMPLES


def test_a_scan_of_600_dpi_is_reduced_to_the_needs_of_its_print():
    page = pixels_of(huge(Image.open(SAMPLES / "page_zh.png")))
    warped = downscale(page)
    assert warped is not None
    assert 0.4 < warped.pixels.shape[0] / page.shape[0] < 0.6
    assert small_print(warped.pixels) == pytest.approx(20, abs=2)


def test_the_bottom_right_corner_maps_to_that_of_the_original():
    page = pixels_of(huge(Image.open(SAMPLES / "page_zh.png")))
    warped = downscale(page)
    assert warped is not None
    (height, width), (high, wide) = warped.pixels.shape[:2], page.shape[:2]
    assert map_points(warped.inverse, np.array([[width, height]]))[0] == pytest.approx([wide, high])


def test_a_large_sheet_with_small_print_keeps_its_pixels():
    sheet = Image.new("L", (3400, 2400), 255)
    page = Image.open(SAMPLES / "page_zh.png").convert("L")
    sheet.paste(page, (0, 0))
    sheet.paste(page, (1700, 0))
    assert downscale(pixels_of(sheet)) is None


def test_a_large_heading_does_not_affect_small_print():
    page = Image.open(SAMPLES / "page_zh.png").convert("L").resize((2480, 3508))
    heading = Image.open(SAMPLES / "page_en.tif").convert("L").crop((30, 60, 500, 110))
    page.paste(heading.resize((2000, 220)), (200, 100))
    assert downscale(pixels_of(page)) is None


def test_a_large_picture_without_print_is_unchanged():
    assert downscale(np.full((3000, 3000), 255, np.uint8)) is None
