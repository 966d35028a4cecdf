import math

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.readers.pdf_characters import PageMap, characters
from tests.ingest.pdfs import assembled, drawn

CONTENT = b"BT /F 24 Tf 1 0 0 1 60 50 Tm (Hi) Tj ET"


def page_of(boxes: bytes, rotate: int = 0) -> bytes:
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %s /Rotate %d /Contents 4 0 R /Resources << /Font"
        b" << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>" % (boxes, rotate),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(CONTENT), CONTENT),
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "boxes",
    [
        b"/MediaBox [0 0 200 100]",
        b"/MediaBox [0 0 400 300] /CropBox [40 20 180 120]",
        b"/MediaBox [-100 -50 150 120]",
        b"/MediaBox [200 100 0 0]",
        b"/MediaBox [20 10 200 100] /CropBox [-500 -500 900 900]",
    ],
)
def test_characters_are_located_at_their_ink(boxes: bytes, rotate: int) -> None:
    with pdfium.PdfDocument(page_of(boxes, rotate)) as document:
        page = document[0]
        picture = page.render(scale=4).to_pil().convert("L")
        found = [each for each in characters(page, picture.size) if each is not None]
    assert [each.text for each in found] == ["H", "i"]
    ink = picture.point(lambda value: 255 * (value < 128)).getbbox()
    around = (
        min(each.ink[0] for each in found),
        min(each.ink[1] for each in found),
        max(each.ink[2] for each in found),
        max(each.ink[3] for each in found),
    )
    assert around == pytest.approx(ink, abs=4)
    expected = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotate]
    assert found[0].direction == pytest.approx(expected, abs=1e-6)
    assert found[0].size == pytest.approx(96, rel=0.02)


def test_line_ends_are_reported() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "ab")
        canvas.drawString(100, 600, "cd")

    with pdfium.PdfDocument(drawn(draw)) as document:
        found = list(characters(document[0], (595, 842)))
    assert (
        "".join("|" if each is None else each.text for each in found).replace("||", "|") == "ab|cd"
    )


def test_text_outside_of_the_page_is_skipped() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "in")
        canvas.drawString(700, 700, "out")

    with pdfium.PdfDocument(drawn(draw)) as document:
        found = [each.text for each in characters(document[0], (595, 842)) if each is not None]
    assert "".join(found).strip() == "in"


def test_slanted_words_keep_their_direction() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(200, 400)
        canvas.rotate(30)
        canvas.drawString(0, 0, "slanted")

    with pdfium.PdfDocument(drawn(draw)) as document:
        first = next(each for each in characters(document[0], (595, 842)) if each is not None)
    angle = math.degrees(math.atan2(first.direction[1], first.direction[0]))
    assert angle == pytest.approx(-30, abs=0.1)


def test_a_page_map_includes_the_rotation_of_the_page() -> None:
    upright = PageMap(left=10, bottom=20, across=2, up=2, turned=0, width=200, height=100)
    assert upright.point(10, 20) == (0, 100)
    assert upright.vector(1, 0) == (2, 0)
    turned = PageMap(left=10, bottom=20, across=2, up=2, turned=90, width=100, height=200)
    assert turned.point(10, 20) == (0, 0)
    assert turned.vector(1, 0) == (0, 2)


def test_characters_with_an_actual_text_in_a_form_are_where_they_are_printed() -> None:
    # As Chromium writes ideographs whose glyph is a radical too.
    def stream(entries: bytes, content: bytes) -> bytes:
        head = b"<< %s /Length %d >>" % (entries, len(content))
        return head + b"\nstream\n" + content + b"\nendstream"

    cmap = (
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"2 beginbfchar <61> <2F29> <62> <4E2D> endbfchar"
    )
    data = assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /X 5 0 R >> >> >>",
        stream(b"", b"q 0.25 0 0 0.25 10 20 cm /X Do Q"),
        stream(
            b"/Type /XObject /Subtype /Form /BBox [0 0 4000 4000]"
            b" /Resources << /Font << /F 6 0 R >> >>",
            b"BT /F 80 Tf 1 0 0 1 600 2400 Tm (b) Tj 48 0 Td"
            b" /Span << /ActualText <FEFF5C0F> >> BDC (a) Tj EMC 48 0 Td (b) Tj ET",
        ),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 7 0 R >>",
        stream(b"", cmap),
    )
    with pdfium.PdfDocument(data) as document:
        found = [each for each in characters(document[0], (595, 842)) if each is not None]
    assert [each.text for each in found] == ["中", "小", "中"]
    # Each is as wide as 0.6 of its size of 80 · 0.25 = 20.
    assert [each.origin for each in found] == [
        pytest.approx((160 + 12 * number, 842 - 620), abs=0.1) for number in range(3)
    ]
    assert all(each.room.left <= each.ink.center_x <= each.room.right for each in found)
    assert found[0].ink.right < found[1].ink.center_x < found[2].ink.left
