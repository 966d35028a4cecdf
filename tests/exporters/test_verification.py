"""Verification detects damage to files, and finds no problem in correct ones."""

import io
from dataclasses import replace
from itertools import islice

import docx
import pikepdf
import pytest
from PIL import Image, ImageDraw

from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.pdf.searchable import write_searchable_pdf
from ocrportal.exporters.verification import PROBLEMS, SAMPLE
from ocrportal.exporters.word.document import write_word
from ocrportal.exporters.writing import write_document
from ocrportal.layout.document import LaidOutDocument
from ocrportal.results import PageResult
from tests.exporters.pages import document_of, recognised_pages, verified

from .pages import SAMPLES, document, page_of, recorded, typed
from .pdfs import read_as, saved, scan_pdf, with_text


def _scan(result: PageResult | None = None) -> LaidOutDocument:
    """A real scan with its recognised text."""
    result = result or recorded("page_zh")
    image = (SAMPLES / "page_zh.png").read_bytes()
    (page,) = recognised_pages(document(result))
    return document_of(replace(page, read_image=lambda: image), title="scan")


def _pdf(doc: LaidOutDocument) -> io.BytesIO:
    out = io.BytesIO()
    write_searchable_pdf(doc, out)
    out.seek(0)
    return out


def test_a_correct_file_has_no_problems():
    score = verified(_scan(), "pdf", _pdf(_scan()))
    assert (score.text, score.fonts, score.problems) == (1.0, True, ())
    assert score.on_ink is not None
    assert score.on_ink > 0.95


def test_rules_that_touch_words_do_not_count_as_ink():
    """The rules of a table may touch the text above and below."""
    result = recorded("page_zh")
    image = Image.open(SAMPLES / "page_zh.png").convert("L")
    pen = ImageDraw.Draw(image)
    for line in result.lines:
        heights = [y for _x, y in line.box]
        for y in (min(heights), max(heights)):
            pen.line((0, y, image.width, y), fill=0, width=3)
    ruled = io.BytesIO()
    image.save(ruled, "PNG")
    (page,) = recognised_pages(document(result))
    page = replace(page, read_image=ruled.getvalue)
    sound = document_of(page, title="table")
    score = verified(sound, "pdf", _pdf(sound))
    assert score.problems == ()
    assert score.on_ink is not None
    assert score.on_ink > 0.9


@pytest.mark.parametrize(("across", "down"), [(0, 11), (0, -11), (300, 0)])
def test_text_moved_off_its_ink_is_detected(across, down):
    moved = io.BytesIO()
    with pikepdf.open(_pdf(_scan())) as pdf:
        contents = pdf.pages[0].obj.Contents.read_bytes()
        shift = b" 0 0 cm BT 3 Tr"
        assert shift in contents
        contents = contents.replace(shift, b" %d %d cm BT 3 Tr" % (across, down))
        pdf.pages[0].obj.Contents = pdf.make_stream(contents)
        pdf.save(moved)
    score = verified(_scan(), "pdf", moved)
    assert score.text == 1.0
    assert score.on_ink is not None
    assert score.on_ink < 0.6
    assert score.problems == ("text-off-ink",)


def test_missing_characters_are_detected():
    result = recorded("page_zh")
    first, *rest = result.lines
    shorter = replace(first, text=first.text[:-3], chars=first.chars[:-3])
    score = verified(_scan(), "pdf", _pdf(_scan(replace(result, lines=(shorter, *rest)))))
    assert 0.99 < score.text < 1.0
    without = verified(_scan(), "pdf", _pdf(_scan(replace(result, lines=tuple(rest[10:])))))
    assert without.text < score.text - 0.1
    assert without.problems == ("text-differs",)


def test_a_font_that_is_not_embedded_is_detected():
    pdf = scan_pdf()
    with_text(pdf, b"BT /F1 9 Tf 50 50 Td (Stamp) Tj ET")
    doc = read_as(saved(pdf))
    score = verified(doc, "pdf", _pdf(doc))
    assert not score.fonts
    assert "font-not-embedded" in score.problems


def test_missing_pages_are_detected():
    score = verified(read_as(saved(scan_pdf(2)), 1, 2), "pdf", _pdf(read_as(saved(scan_pdf()))))
    assert score.problems == ("pages-missing",)


def test_a_page_with_its_own_text_counts_as_correct():
    doc = read_as((SAMPLES / "rotated.pdf").read_bytes(), engine="pdf", size=(200, 50))
    assert verified(doc, "pdf", _pdf(document_of(*recognised_pages(doc)))).text == 1.0


def test_a_long_document_is_verified_by_a_sample_with_its_last_page():
    book = read_as(saved(scan_pdf(60)), *range(1, 61))
    written = _pdf(book)
    assert SAMPLE == 20
    assert verified(_misread(book, 2), "pdf", written).text == 1.0
    assert verified(_misread(book, 60), "pdf", written).text < 1.0


def _misread(book: LaidOutDocument, number: int) -> LaidOutDocument:
    """The document with another text on one of its pages."""
    pages = list(recognised_pages(book))
    result = pages[number - 1].result
    lines = tuple(replace(line, text="nothing of the kind") for line in result.lines)
    pages[number - 1] = replace(pages[number - 1], result=replace(result, lines=lines))
    return document_of(*pages, title=book.title)


def test_a_word_file_is_verified():
    out = io.BytesIO()
    write_word(_scan(), out)
    sound = verified(_scan(), "docx", out)
    assert (sound.text, sound.on_ink, sound.problems) == (1.0, None, ())
    other = verified(document(recorded("page_en")), "docx", out)
    assert other.text < 0.1
    assert other.problems == ("text-differs",)


def test_headers_that_only_neighbouring_pages_show_are_not_missing_in_word():
    rows = ["一行。", "二行。", "三行。", "四行。"]
    book = document(*(page_of(typed("馆藏与采购", top=40) + typed(row, top=300)) for row in rows))
    out = io.BytesIO()
    write_word(book, out)
    body = docx.Document(out).paragraphs
    assert "馆藏与采购" not in [paragraph.text for paragraph in body]
    assert verified(book, "docx", out).problems == ()


@pytest.mark.parametrize("key", ["docx", "pdf"])
def test_pages_that_the_writer_did_not_get_are_missing(key):
    """Their text is not expected, so it cannot differ."""
    book = document(*(page_of(typed(row)) for row in ("一行。", "二行。", "三行。")))
    whole = io.BytesIO()
    write_document(book, FORMATS[key], whole)
    (source,) = book.documents
    cut = replace(source, iter_pages=lambda: islice(source.iter_pages(), 2))
    shorter = replace(book, documents=(cut,))
    assert "pages-missing" in verified(shorter, key, whole).problems


def test_every_problem_has_a_message():
    assert all(str(message).endswith(".") for message in PROBLEMS.values())
