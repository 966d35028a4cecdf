import io

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.readers.pdf_text import Unsound, own_text
from ocrportal.results import PageResult
from tests.ingest.pdfs import drawn, with_map
from tests.ingest.sources import SAMPLES, opened


def judged(data: bytes) -> PageResult | Unsound:
    with pdfium.PdfDocument(data) as document:
        page = document[0]
        return own_text(page, page.render(scale=200 / 72).to_pil(), on_picture=False)


def words(canvas: Canvas) -> None:
    for number in range(20):
        canvas.drawString(72, 760 - 20 * number, f"Line {number} of a letter to read")


def text_of(name: str | bytes, number: int = 1) -> list[str]:
    with opened(name) as pages:
        result = pages.read_page(number).own_text
    assert result is not None
    return [line.text for line in result.lines]


def test_the_text_of_a_page_is_extracted() -> None:
    with opened(drawn(words)) as pages:
        page = pages.read_page(1)
    assert page.own_text is not None
    assert (page.own_text.width, page.own_text.height) == (page.width, page.height)
    assert (page.own_text.engine, page.own_text.rotation) == ("pdf", 0)
    assert page.own_text.confidence == 1
    assert page.own_text.lines[7].text == "Line 7 of a letter to read"
    assert (
        "".join(char.text for char in page.own_text.lines[7].chars) == page.own_text.lines[7].text
    )


def test_text_extraction_can_be_switched_off() -> None:
    with opened(drawn(words), preprocessing=Preprocessing(text_layer=False)) as pages:
        assert pages.read_page(1).own_text is None


def test_the_text_of_a_chinese_page_is_extracted() -> None:
    lines = text_of("born_digital_zh.pdf")
    # The file has a space after each character, covered by the next one.
    assert lines[0].split() == ["目", "录"]
    assert lines[2] == "（一九三七年八月一日）"


def test_ligatures_do_not_split_words() -> None:
    text = " ".join(text_of("ligatures.pdf"))
    sentence = (
        "The office staff found it difficult to file efficient affidavits; the raffle was baffling."
    )
    assert text == " ".join([f"{sentence} Attitude, nation."] * 5)


def test_radicals_are_read_as_ideographs() -> None:
    assert text_of("radicals.pdf")[0] == "文件系统的方法"


def test_vertical_columns_start_at_the_top_right() -> None:
    with opened("vertical.pdf") as pages:
        result = pages.read_page(1).own_text
    assert result is not None
    assert [line.text for line in result.lines] == ["日本語", "あいうえお"]
    first, second, third, _ = result.lines[0].box
    assert first[0] == pytest.approx(second[0])
    assert first[1] < second[1]
    assert third[0] < second[0]
    assert result.rotation == 0


def test_invisible_text_is_not_used() -> None:
    assert text_of("invisible.pdf") == ["Visible heading line"]


def test_the_text_layer_of_a_scan_is_not_used() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.radial_gradient("L")), 0, 0, 595, 842)
        words(canvas)

    with opened(drawn(draw)) as pages:
        assert pages.read_page(1).own_text is None


@pytest.mark.parametrize("name", ["scans.pdf", "no"])
def test_a_page_without_text_has_none(name: str) -> None:
    with opened(name if name == "scans.pdf" else drawn(lambda canvas: None)) as pages:
        assert pages.read_page(1).own_text is None


def test_each_page_of_a_mixed_document_is_checked_separately() -> None:
    book = pdfium.PdfDocument.new()
    for source in (drawn(words), (SAMPLES / "scans.pdf").read_bytes(), drawn(words)):
        with pdfium.PdfDocument(source) as part:
            book.import_pages(part, [0])
    buffer = io.BytesIO()
    book.save(buffer)
    book.close()
    with opened(buffer.getvalue()) as pages:
        kinds = [pages.read_page(number).own_text is not None for number in (1, 2, 3)]
    assert kinds == [True, False, True]


def test_covered_text_is_not_used() -> None:
    def draw(canvas: Canvas) -> None:
        words(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(0, 0, 595, 842, fill=1, stroke=0)

    assert judged(drawn(draw)) is Unsound.HIDDEN


def test_an_invisible_line_is_skipped() -> None:
    def draw(canvas: Canvas) -> None:
        words(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 100, "white on white")

    assert all("white" not in line for line in text_of(drawn(draw)))


def test_a_page_of_drawn_letters_is_recognised() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 760, "Figure 1")
        scan = Image.open(SAMPLES / "page_zh.png").convert("L")
        canvas.drawImage(ImageReader(scan), 72, 100, 300, 420)

    assert judged(drawn(draw)) is Unsound.UNEXPLAINED


def test_rules_and_frames_are_not_text() -> None:
    def draw(canvas: Canvas) -> None:
        words(canvas)
        for number in range(20):
            canvas.line(72, 757 - 20 * number, 500, 757 - 20 * number)
        canvas.rect(60, 300, 480, 500)

    assert len(text_of(drawn(draw))) == 20


def test_filled_form_fields_are_recognised() -> None:
    def draw(canvas: Canvas) -> None:
        words(canvas)
        canvas.acroForm.textfield(name="n", value="MMMM", x=100, y=200, width=200, height=30)

    with opened(drawn(draw)) as pages:
        assert pages.read_page(1).own_text is None


def test_characters_come_from_the_unicode_map() -> None:
    assert text_of(with_map(b"Invoice", b"<00> <ff> <0000>")) == ["Invoice"]


def test_a_unicode_map_to_radicals_is_read_as_ideographs() -> None:
    # KANGXI RADICAL SCRIPT, RADICAL LONG ONE and a full-width comma.
    ranges = b"<41> <41> <2f42> <42> <42> <2ed3> <43> <43> <ff0c>"
    assert text_of(with_map(b"ABC", ranges)) == ["文长，"]


@pytest.mark.parametrize("start", [b"e000", b"d800"])
def test_a_unicode_map_to_private_use_characters_is_rejected(start: bytes) -> None:
    assert judged(with_map(b"Invoice", b"<00> <ff> <%s>" % start)) is Unsound.MAP


def test_shifted_letters_are_gibberish() -> None:
    text = b"very many systems analyze every yearly payment"
    # Shifted by the usual distance of letters and glyph ids.
    assert judged(with_map(text, b"<41> <7a> <0024>")) is Unsound.GIBBERISH


def test_dot_leaders_are_not_gibberish() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(20):
            canvas.drawString(72, 760 - 20 * number, "Part" + "." * 60 + str(number))

    assert len(text_of(drawn(draw))) == 20
