"""Pictures inside PDF: what comes out of the PDF is what went in."""

import io

import pypdfium2
import pytest
from PIL import Image

from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.searchable_pdf import write_searchable_pdf

from .pages import page_of


def _gradient(mode: str) -> Image.Image:
    grey = Image.linear_gradient("L").resize((64, 48))
    if mode == "P":
        return Image.merge("RGB", (grey, grey.rotate(180), grey)).quantize(17)
    if mode in ("1", "L"):
        return grey.convert(mode)
    return Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180))).convert(mode)


def _through_pdf(stored: bytes) -> tuple[bytes, Image.Image]:
    page = ExportPage(1, page_of([], 64, 48), lambda: stored, 72.0)
    out = io.BytesIO()
    write_searchable_pdf(ExportDocument("x", lambda: iter([page])), out)
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        image = next(pdf[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
        return out.getvalue(), image.get_bitmap().to_pil().convert("RGB")


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_is_taken_over_byte_for_byte(mode):
    stored = _saved(_gradient(mode), "JPEG")
    pdf, _ = _through_pdf(stored)
    assert stored in pdf


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_a_plain_png_is_taken_over_without_decoding(mode):
    stored = _saved(_gradient(mode), "PNG")
    rows = stored[stored.index(b"IDAT") + 4 :][:40]
    pdf, shown = _through_pdf(stored)
    assert rows in pdf
    assert shown.tobytes() == _gradient(mode).convert("RGB").tobytes()


def test_transparent_parts_become_white_paper():
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
