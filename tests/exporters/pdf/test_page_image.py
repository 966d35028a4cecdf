"""Images in PDF have the pixels of the page image."""

import io

import pypdfium2
import pytest
from PIL import Image

from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.pdf.searchable import write_searchable_pdf
from ocrportal.layout.source import RecognisedPage
from tests.exporters.pages import document_of, page_of


def _gradient(mode: str) -> Image.Image:
    grey = Image.linear_gradient("L").resize((64, 48))
    if mode == "P":
        return Image.merge("RGB", (grey, grey.rotate(180), grey)).quantize(17)
    if mode in ("1", "L"):
        return grey.convert(mode)
    return Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180))).convert(mode)


def _through_pdf(
    stored: bytes, quality: str = "original", dpi: float = 72.0
) -> tuple[bytes, Image.Image]:
    with Image.open(io.BytesIO(stored)) as image:
        page = RecognisedPage(1, page_of([], *image.size), lambda: stored, dpi)
    out = io.BytesIO()
    options = ExportOptions(quality=quality)
    write_searchable_pdf(document_of(page, title="x"), out, options)
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        image = next(pdf[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
        return out.getvalue(), image.get_bitmap().to_pil().convert("RGB")


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_is_embedded_unchanged(mode):
    stored = _saved(_gradient(mode), "JPEG")
    pdf, _ = _through_pdf(stored)
    assert stored in pdf


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_a_simple_png_is_embedded_without_decoding(mode):
    stored = _saved(_gradient(mode), "PNG")
    rows = stored[stored.index(b"IDAT") + 4 :][:40]
    pdf, shown = _through_pdf(stored)
    assert rows in pdf
    assert shown.tobytes() == _gradient(mode).convert("RGB").tobytes()


def test_transparent_pixels_become_white():
    image = _gradient("RGB").convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    _, shown = _through_pdf(_saved(image, "PNG"))
    assert shown.getextrema() == ((255, 255),) * 3


def test_a_cmyk_jpeg_keeps_its_colours():
    stored = _saved(Image.new("CMYK", (64, 48), (0, 255, 255, 0)), "JPEG")
    _, shown = _through_pdf(stored)
    red, green, blue = shown.getpixel((30, 20))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(("quality", "sides"), [("good", (667, 400)), ("small", (500, 300))])
def test_fewer_pixels_make_a_smaller_file(quality, sides):
    noise = Image.effect_noise((1000, 600), 80).convert("RGB")
    stored = _saved(noise, "JPEG", quality=95)
    pdf, shown = _through_pdf(stored, quality, dpi=300.0)
    assert shown.size == sides
    assert len(pdf) < len(stored) / 2


def test_an_image_that_would_become_larger_is_unchanged():
    stored = _saved(_gradient("RGB"), "JPEG", quality=5, optimize=True)
    pdf, _ = _through_pdf(stored, "good")
    assert stored in pdf


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_images_are_lossless(mode):
    page = Image.new("1", (1000, 600), 1)
    page.paste(0, (100, 100, 900, 140))
    page.putpixel((500, 300), 0)
    pdf, shown = _through_pdf(_saved(page.convert(mode), "PNG"), "small", dpi=600.0)
    assert shown.tobytes() == page.convert("RGB").tobytes()
    assert b"CCITTFaxDecode" in pdf
