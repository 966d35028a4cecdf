"""Faint pages."""

import numpy as np
import pytest
from PIL import Image

from bench.transforms import faint
from ocrportal.ingest.preprocessing.contrast import enhance_contrast, strength_of
from ocrportal.ingest.preprocessing.pixels import pixels_of
from tests.ingest.sources import SAMPLES


@pytest.mark.parametrize("share", [0.15, 0.3])
def test_faint_ink_is_made_dark_on_even_white_paper(share):
    page = pixels_of(faint(Image.open(SAMPLES / "page_zh.png"), share))
    darker = enhance_contrast(page)
    assert darker is not None
    before, after = strength_of(page), strength_of(darker)
    assert before is not None
    assert after is not None
    assert after > 2 * before
    left, right = darker[:, :100], darker[:, -100:]
    assert np.median(left) > 235
    assert abs(float(np.median(left)) - float(np.median(right))) <= 6


def test_a_faint_colour_stays_that_colour():
    grey = np.asarray(Image.open(SAMPLES / "page_zh.png").convert("L"), dtype=np.float32)[..., None]
    red = 245 - (255 - grey) * np.array([0.02, 0.25, 0.25], dtype=np.float32)
    darker = enhance_contrast(red.astype(np.uint8))
    assert darker is not None
    reddest = darker[darker[..., 1].astype(int) < 100].mean(axis=0)
    assert reddest[0] > reddest[1] + 60


@pytest.mark.parametrize("name", ["page_zh.png", "page_en.tif", "receipt_en.jpg", "dark_en.png"])
def test_a_page_with_dark_ink_is_unchanged(name):
    assert enhance_contrast(pixels_of(Image.open(SAMPLES / name))) is None


def test_blank_paper_is_unchanged():
    assert enhance_contrast(np.full((900, 700), 250, np.uint8)) is None
