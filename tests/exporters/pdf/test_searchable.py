"""The text that poppler and PDFium (Chrome, Edge) copy from the exported PDF."""

import io
import math
import subprocess
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdfium2 import raw

from ocrportal.errors.export import ExportError
from ocrportal.exporters.pdf.searchable import write_searchable_pdf
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import Char, Line, PageResult
from tests.exporters.pages import (
    SAMPLES,
    answered,
    document,
    document_of,
    line,
    page_of,
    picture,
    printed_text,
    recorded,
)

RECORDED = ["page_zh", "page_en", "receipt_en", "turned_zh", "columns_en"]


def _written(doc: LaidOutDocument) -> bytes:
    out = io.BytesIO()
    write_searchable_pdf(doc, out)
    return out.getvalue()


def _in_pdfium(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        text = pdf[page].get_textpage().get_text_range()
    # PDFium returns a hyphen at the end of a line and the line break as one character.
    return text.replace("\r\n", "\n").replace("\ufffe", "-\n").replace("\x02", "-\n")


def _in_poppler(data: bytes, *options: str) -> str:
    run = subprocess.run(
        ["pdftotext", "-nopgbrk", *options, "-", "-"], input=data, check=True, capture_output=True
    )
    assert run.stderr == b""
    return run.stdout.decode()


def _leaning(page: PageResult, degrees: float) -> PageResult:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    lines = tuple(
        replace(ln, box=tuple((x * cos - y * sin, x * sin + y * cos) for x, y in ln.box))
        for ln in page.lines
    )
    return replace(page, lines=lines)


@pytest.mark.parametrize("name", [*RECORDED, "columns_ja"])
def test_copied_text_is_exactly_the_recognised_text_in_reading_order(name):
    page = recorded(name)
    expected = printed_text(page)
    data = _written(document(page))
    assert _in_pdfium(data) == expected
    assert _in_poppler(data, "-raw").split() == expected.split()


@pytest.mark.parametrize(
    ("name", "degrees"), [("page_en", -1), ("page_en", 0.5), ("page_zh", -3), ("receipt_en", -3)]
)
def test_skewed_text_is_copied_word_by_word(name, degrees):
    page = _leaning(recorded(name), degrees)
    expected = printed_text(page)
    assert _in_pdfium(_written(document(page))).split() == expected.split()


def test_a_column_beside_horizontal_rows_is_copied_in_one_piece():
    rows = [line("LEVEL ROWS OF A PAPER", 40, 40 * n, 960, 40 * n + 30) for n in range(1, 10)]
    column = Line("殘酷的記錄又來", ((700, 500), (700, 780), (664, 780), (664, 500)), 1.0)
    page = page_of([*rows, column], 1000, 1000)
    assert _in_pdfium(_written(document(page))).split()[-1] == column.text


def test_poppler_keeps_words_and_adds_no_spaces_between_han_characters():
    text = _in_poppler(_written(document(recorded("page_zh"))))
    assert "您也可以手动使用任何文本编辑器修改 debian/changelog 文件，只要您能够遵\n" in text


def test_a_space_is_kept_between_touching_boxes():
    page = page_of([line("9.00", 100, 100, 180, 120), line("100", 178, 100, 238, 120)])
    data = _written(document(page))
    assert _in_pdfium(data) == "9.00 100"
    assert _in_poppler(data).strip() == "9.00 100"


def test_characters_outside_the_basic_plane_are_copied():
    text = "𠮷野家𪚥龘😀(\\)"
    data = _written(document(page_of([line(text, 100, 100, 400, 140)])))
    assert _in_pdfium(data) == text
    assert _in_poppler(data).strip() == text


def test_every_basic_character_is_copied_unchanged():
    chars = [chr(code) for code in range(0x21, 0x3000, 97)] + list("，。\u00a0ＡＺ한")
    # Poppler reorders right-to-left letters and combining marks, so these are left out.
    chars = [char for char in chars if unicodedata.bidirectional(char) not in ("R", "AL", "NSM")]
    chars = [char for char in chars if char.isprintable() and not unicodedata.combining(char)]
    page = page_of([line(char, 10, 20 * n, 30, 20 * n + 14) for n, char in enumerate(chars)])
    data = _written(document(replace(page, height=20 * len(chars))))
    assert sorted(_in_poppler(data, "-raw").split()) == sorted(c for c in chars if not c.isspace())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_image_is_upright_and_its_bytes_are_unchanged(rotation):
    scan = Image.open(SAMPLES / "page_en.tif").convert("L")
    stored = io.BytesIO()
    scan.rotate(rotation, expand=True).save(stored, "JPEG", quality=95)
    width, height = scan.size if rotation in (0, 180) else reversed(scan.size)
    result = PageResult(width, height, (), rotation=rotation)
    page = RecognisedPage(1, result, stored.getvalue, 72.0)
    data = _written(document_of(page, title="x"))
    assert stored.getvalue() in data
    with pypdfium2.PdfDocument(data) as pdf:
        assert pdf[0].get_size() == scan.size
        shown = pdf[0].render(scale=1).to_pil().convert("L")
    difference = ImageChops.difference(shown, scan).convert("L")
    assert sum(n * count for n, count in enumerate(difference.histogram())) / (640 * 480) < 5


def test_text_is_on_its_ink():
    page = page_of([line("ABCDEFGHIJ", 200, 300, 600, 340)], 700, 1000)
    with pypdfium2.PdfDocument(_written(document(page, dpi=72.0))) as pdf:
        text = pdf[0].get_textpage()
        boxes = [text.get_charbox(n) for n in range(10)]
    assert [round(box[0]) for box in boxes] == list(range(200, 600, 40))
    assert round(boxes[-1][2]) == 600
    assert all(1000 - 340 < bottom < top < 1000 - 300 for _, bottom, _, top in boxes)


def test_rounding_errors_of_many_words_do_not_accumulate():
    pitch, width = 15, 8.5  # pixels; the rest is a blank
    whole = 39 * pitch + width
    starts = [100 + pitch * n for n in range(40)]
    chars = [
        Char(text, (start - 100) / whole, (start + length - 100) / whole, 1.0)
        for n in starts
        for text, start, length in (("x", n, width), (" ", n + width, pitch - width))
    ]
    row = line("x " * 39 + "x", 100, 300, 100 + whole, 320)
    page = page_of([replace(row, chars=tuple(chars[:-1]))], 800, 1000)
    with pypdfium2.PdfDocument(_written(document(page, dpi=72.0))) as pdf:
        text = pdf[0].get_textpage()
        words = [text.get_charbox(2 * n) for n in range(40)]
    assert [left for left, _, _, _ in words] == pytest.approx(starts, abs=2)
    assert [right for _, _, right, _ in words] == pytest.approx(
        [start + width for start in starts], abs=2
    )


def test_skewed_and_vertical_text_follows_its_line():
    falling = Line("leaning", ((100, 100), (500, 300), (490, 320), (90, 120)), 1.0)
    down = Line("竖排文字", ((600, 100), (600, 500), (560, 500), (560, 100)), 1.0)
    with pypdfium2.PdfDocument(
        _written(document(page_of([falling, down], 700, 1000), dpi=72.0))
    ) as pdf:
        text = pdf[0].get_textpage()
        places = {text.get_text_range(n, 1): text.get_charbox(n) for n in range(text.count_chars())}
    left, _, _, top = places["g"]
    assert left > 420
    assert 1000 - top > 250
    assert 560 < places["字"][0] < places["字"][2] < 600
    assert 1000 - places["字"][1] > 490


def test_the_text_is_invisible_and_its_font_glyphless():
    blank = picture(400, 400, "PNG")
    result = page_of([line("INK?", 50, 100, 350, 200)], 400, 400)
    doc = document_of(RecognisedPage(1, result, lambda: blank, 72.0), title="x")
    with pypdfium2.PdfDocument(_written(doc)) as pdf:
        (text,) = pdf[0].get_objects([raw.FPDF_PAGEOBJ_TEXT])
        mode = raw.FPDFTextObj_GetTextRenderMode(text)
        assert mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        assert pdf[0].render(scale=2).to_pil().convert("L").getextrema() == (255, 255)


def test_the_file_has_title_and_language_but_no_author():
    data = _written(document(recorded("page_zh"), title="报告 (2024)"))
    with pypdfium2.PdfDocument(data) as pdf:
        about = pdf.get_metadata_dict()
    assert about["Title"] == "报告 (2024)"
    assert about["Author"] == ""
    assert b"/Lang (zh-CN)" in data
    assert b"/Lang (en-US)" in _written(document(recorded("page_en")))


def test_each_page_has_its_paper_size():
    pages = [page_of([], 1654, 2339), page_of([], 2339, 1654)]
    with pypdfium2.PdfDocument(_written(document(*pages))) as pdf:
        sizes = [tuple(round(side) for side in page.get_size()) for page in pdf]
    assert sizes == [(595, 842), (842, 595)]


@pytest.mark.parametrize("name", RECORDED)
def test_text_adds_little_to_a_page(name):
    page = recorded(name)
    one, many = (_written(document(*[page] * count)) for count in (1, 11))
    image = len(picture(page.width, page.height))
    characters = sum(len(ln.text) for ln in page.lines)
    assert (len(many) - len(one)) / 10 - image < 1100 + 1.6 * characters
    assert len(one) - image < 4000 + 1.6 * characters


def test_the_file_is_valid():
    data = _written(document(recorded("page_zh"), recorded("page_en")))
    run = subprocess.run(["pdffonts", "-"], input=data, check=True, capture_output=True)
    assert run.stderr == b""
    (font,) = run.stdout.decode().splitlines()[2:]
    assert font.split()[:7] == [
        "OCRPortalGlyphless",
        "CID",
        "TrueType",
        "Identity-H",
        "yes",
        "no",
        "yes",
    ]


def test_an_unreadable_image_is_an_export_error():
    page = RecognisedPage(1, page_of([]), lambda: b"no picture", None)
    with pytest.raises(ExportError):
        _written(document_of(page, title="x"))


def test_fields_and_tables_without_a_position_are_searchable():
    for name, words in [("vat-invoice", "60543XXX"), ("general-table", "表格区域识别文字块2")]:
        data = _written(document(answered(name), service=name))
        assert words in _in_pdfium(data)
        assert words in _in_poppler(data)


def test_text_without_a_position_is_on_the_page_row_by_row():
    data = _written(document(answered("bank-receipt"), service="bank-receipt"))
    rows = [row.strip() for row in _in_pdfium(data).split("\n")]
    assert "付款人户名: 示例贸易有限公司" in rows
    assert len(rows) == 15


def test_text_with_a_position_is_written_once():
    data = _written(document(answered("insurance-policy"), service="insurance-policy"))
    assert _in_pdfium(data).count("P0000000000000001") == 1
