"""QR codes and barcodes on drawn pages."""

from types import SimpleNamespace

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from zxingcpp import BarcodeFormat

from ocrportal.figures import find_figures
from ocrportal.figures.codes import find_codes, is_in_code, with_codes, without_codes
from ocrportal.geometry import Rect
from ocrportal.results import Block, Line


def symbol(content: str, kind: BarcodeFormat, module: int = 3) -> Image.Image:
    code = zxingcpp.create_barcode(content, kind)
    drawn = np.array(
        zxingcpp.write_barcode_to_image(code, scale=module, add_quiet_zones=False), np.uint8
    )
    return Image.fromarray(drawn)


def page_with(*symbols: tuple[int, int, Image.Image]) -> Image.Image:
    page = Image.new("RGB", (1000, 1400), "white")
    for left, top, drawn in symbols:
        page.paste(drawn.convert("RGB"), (left, top))
    return page


def found(page: Image.Image) -> list[Block]:
    return find_codes(np.asarray(page))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (BarcodeFormat.QRCode, "https://example.org/发票?id=7"),
        (BarcodeFormat.Aztec, "ticket 7"),
        (BarcodeFormat.Code128, "SF1234567890"),
        (BarcodeFormat.Code39, "ABC-1234"),
        (BarcodeFormat.EAN13, "6901234567892"),
    ],
)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_code_is_found_at_its_place_and_read(kind, content, rotation):
    drawn = symbol(content, kind)
    page = page_with((200, 300, drawn)).rotate(rotation, expand=True)
    (code,) = found(page)
    assert (code.kind, code.text) == ("code", content)
    place = Rect.around(code.box)
    true = Rect(*page.convert("L").point(lambda level: 255 - level).getbbox())
    assert place.intersection(true).area > 0.85 * true.area
    assert place.area < 1.1 * true.area


@pytest.mark.parametrize("kind", [BarcodeFormat.DataMatrix, BarcodeFormat.PDF417])
def test_a_code_of_another_format_is_read_where_a_figure_is_found(kind):
    page = page_with((200, 300, symbol("parcel 7", kind, 5)))
    draw = ImageDraw.Draw(page)
    for x in range(100, 900, 12):
        draw.line((x, 104, x + 6, 120), fill="black", width=2)
    lines = [Line("text", Rect(100, 100, 900, 124).quad, 0.99)]
    areas, _ = find_figures(np.asarray(page), lines, [])
    assert [(area.kind, area.text) for area in areas] == [("code", "parcel 7")]


def test_a_code_that_cannot_be_read_is_found_without_text():
    drawn = symbol("https://example.org/1", BarcodeFormat.QRCode, 6)
    draw = ImageDraw.Draw(drawn)
    for x in range(54, 132, 12):
        draw.rectangle((x, 54, x + 5, 132), fill=0)
    (code,) = found(page_with((200, 300, drawn)))
    assert (code.kind, code.text) == ("code", "")


def test_text_and_drawings_are_not_codes():
    page = page_with()
    draw = ImageDraw.Draw(page)
    for top in range(100, 1300, 40):
        for left in range(100, 900, 25):
            draw.text((left, top), "IIlH", fill="black", font_size=24)
    for x in range(300, 700, 8):
        draw.line((x, 500, x, 700), fill="black", width=4)
    assert found(page) == []


def test_a_page_without_its_codes_has_the_colour_around_them():
    page = Image.new("RGB", (600, 600), (230, 220, 200))
    page.paste(symbol("https://example.org/1", BarcodeFormat.QRCode).convert("RGB"), (200, 200))
    pixels = np.asarray(page)
    plain = without_codes(pixels, find_codes(pixels))
    assert np.unique(plain.reshape(-1, 3), axis=0).tolist() == [[230, 220, 200]]
    assert without_codes(pixels, []) is pixels


def test_misreadings_of_the_pattern_are_in_the_code_and_text_over_it_is_not():
    read = Block("code", "https://example.org/1", Rect(200, 200, 300, 300).quad)
    unread = Block("code", "", read.box)
    pattern = Line("回品", Rect(210, 240, 290, 264).quad, 0.5)
    text = Line("invoice", Rect(210, 240, 290, 264).quad, 0.99)
    beside = Line("scan me 回", Rect(190, 240, 500, 264).quad, 0.5)
    assert [is_in_code(line, [read]) for line in (pattern, text, beside)] == [True, True, False]
    assert [is_in_code(line, [unread]) for line in (pattern, text, beside)] == [True, False, False]
    assert not is_in_code(pattern, [Block("figure", "", read.box)])


def test_a_code_that_is_noticed_at_no_place_is_not_found(monkeypatch):
    # The reader reports such codes on some noisy pages only.
    nowhere = SimpleNamespace(x=0, y=0)
    corners = ("top_left", "top_right", "bottom_right", "bottom_left")
    noticed = SimpleNamespace(
        valid=False,
        text="",
        format=BarcodeFormat.QRCode,
        position=SimpleNamespace(**dict.fromkeys(corners, nowhere)),
    )

    def read_barcodes(_, formats=None, *, return_errors=False, **options):
        return [noticed] if return_errors else []

    monkeypatch.setattr(zxingcpp, "read_barcodes", read_barcodes)
    assert found(page_with()) == []


@pytest.mark.parametrize(
    "box",
    [Rect(10, 10, 10, 10), Rect(10, 10, 110, 10), Rect(2000, 10, 2050, 60)],
    ids=["a point", "a line", "outside the page"],
)
def test_a_place_without_pixels_has_no_codes_and_its_figure_stays(box):
    figure = Block("figure", "", box.quad)
    image = np.asarray(page_with())
    assert with_codes(image, [figure], [box.quad]) == [figure]
