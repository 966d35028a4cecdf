"""Blank pages, and pages with very little content."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from ocrportal.ingest.preprocessing.blank_page import is_blank
from tests.ingest.sources import SAMPLES

A4 = (1654, 2339)
PRINTED = ["page_zh.png", "page_en.tif", "receipt_en.jpg", "columns_ja.jpg", "line_mixed.jpg"]
SCREENS = ["dark_en.png", "screenshot_zh.webp", "cmyk.jpg"]


def sheet(shade: int = 243, grain: float = 3.0) -> Image.Image:
    """A scan of blank paper with noise, slightly darker on one side."""
    width, height = A4
    paper = np.linspace(shade, shade - 18, width)[None, :]
    noise = np.random.default_rng(3).normal(0, grain, (height, width))
    return Image.fromarray((paper + noise).clip(0, 255).astype(np.uint8))


def written(text: str, *, ink: int, size: int, at: tuple[int, int] = (800, 2200)) -> Image.Image:
    page = sheet()
    ImageDraw.Draw(page).text(at, text, fill=ink, font=ImageFont.load_default(size))
    return page


def shaded_at_an_edge() -> Image.Image:
    shadow = np.asarray(sheet()).astype(float)
    shadow[:, :40] *= np.linspace(0.2, 1, 40)
    return Image.fromarray(shadow.astype(np.uint8))


def with_punch_holes() -> Image.Image:
    page = sheet()
    for y in (890, 1450):
        ImageDraw.Draw(page).ellipse([70, y, 115, y + 45], fill=30)
    return page


def with_dust() -> Image.Image:
    values = np.asarray(sheet()).copy()
    random = np.random.default_rng(4)
    for y, x in zip(random.integers(0, 2300, 60), random.integers(0, 1600, 60), strict=True):
        values[y : y + 3, x : x + 3] = 90
    return Image.fromarray(values)


def with_a_fold() -> Image.Image:
    page = sheet()
    ImageDraw.Draw(page).line([(0, 1170), (1654, 1176)], fill=170, width=3)
    return page


def with_the_other_side_showing_through() -> Image.Image:
    other = ImageOps.mirror(Image.open(SAMPLES / "page_zh.png").convert("L"))
    blurred = np.asarray(other.filter(ImageFilter.GaussianBlur(3)), dtype=float)
    values = np.asarray(sheet(), dtype=float) - (255 - blurred) * 0.1
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    "make",
    [
        sheet,
        lambda: sheet(grain=7.0),
        lambda: sheet(shade=190),
        lambda: Image.new("1", A4, 1),
        lambda: Image.new("RGB", (1, 1), "white"),
        lambda: Image.new("L", (400, 300), 0),
        shaded_at_an_edge,
        with_punch_holes,
        with_dust,
        with_a_fold,
        with_the_other_side_showing_through,
    ],
    ids=[
        "scanned", "grainy", "grey", "white", "one pixel", "black", "shadow", "holes", "dust",
        "fold", "show-through",
    ],
)  # fmt: skip
def test_a_page_without_content_is_blank(make):
    assert is_blank(make())


@pytest.mark.parametrize("name", PRINTED + SCREENS)
def test_a_page_with_text_is_not_blank(name):
    assert not is_blank(Image.open(SAMPLES / name))


def test_a_page_number_is_content():
    assert not is_blank(written("7", ink=60, size=26))


def test_a_page_number_near_the_edge_is_content():
    assert not is_blank(written("12", ink=60, size=26, at=(1560, 2270)))


def test_a_faint_stamp_is_content():
    assert not is_blank(written("RECEIVED", ink=195, size=70, at=(400, 900)))


def test_light_print_in_a_dark_box_is_content():
    page = Image.new("L", A4, 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle([300, 300, 1300, 900], fill=40)
    draw.text((500, 500), "SOLD", fill=240, font=ImageFont.load_default(60))
    assert not is_blank(page)


def test_a_picture_without_bare_paper_is_not_blank():
    values = np.random.default_rng(5).integers(0, 256, (40, 60))
    photo = Image.fromarray(values.astype(np.uint8)).resize((900, 600), Image.Resampling.BICUBIC)
    assert not is_blank(photo)
