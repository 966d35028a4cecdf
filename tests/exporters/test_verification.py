"""Files broken on purpose: the check has to see it, and see nothing wrong in sound ones."""

import io
from dataclasses import replace

import docx
import pikepdf
import pytest
from PIL import Image, ImageDraw

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.pdf.searchable import write_searchable_pdf
from ocrportal.exporters.verification import PROBLEMS, SAMPLE, check_pdf, check_word
from ocrportal.exporters.word.document import write_word
from ocrportal.results import PageResult

from .pages import SAMPLES, document, page_of, recorded, typed
from .pdfs import read_as, saved, scan_pdf, with_text


def _scan(result: PageResult | None = None) -> ExportDocument:
    """A real scan with what was read on it."""
    result = result or recorded("page_zh")
    image = (SAMPLES / "page_zh.png").read_bytes()
    (page,) = document(result).iter_pages()
    return ExportDocument("scan", lambda: iter([replace(page, read_image=lambda: image)]))


def _pdf(doc: ExportDocument) -> io.BytesIO:
    out = io.BytesIO()
    write_searchable_pdf(doc, out)
    out.seek(0)
    return out


def test_a_sound_file_has_no_problems():
    score = check_pdf(_scan(), _pdf(_scan()))
    assert (score.text, score.fonts, score.problems) == (1.0, True, ())
    assert score.on_ink is not None
    assert score.on_ink > 0.95


def test_rules_that_touch_the_words_are_not_taken_for_ink():
    """As in a table whose rows leave no room above and below."""
    result = recorded("page_zh")
    image = Image.open(SAMPLES / "page_zh.png").convert("L")
    pen = ImageDraw.Draw(image)
    for line in result.lines:
        heights = [y for _x, y in line.box]
        for y in (min(heights), max(heights)):
            pen.line((0, y, image.width, y), fill=0, width=3)
    ruled = io.BytesIO()
    image.save(ruled, "PNG")
    (page,) = document(result).iter_pages()
    page = replace(page, read_image=ruled.getvalue)
    sound = ExportDocument("table", lambda: iter([page]))
    score = check_pdf(sound, _pdf(sound))
    assert score.problems == ()
    assert score.on_ink is not None
    assert score.on_ink > 0.9


@pytest.mark.parametrize(("across", "down"), [(0, 11), (0, -11), (300, 0)])
def test_text_moved_off_its_ink_is_seen(across, down):
    moved = io.BytesIO()
    with pikepdf.open(_pdf(_scan())) as pdf:
        contents = pdf.pages[0].obj.Contents.read_bytes()
        shift = b" 0 0 cm BT 3 Tr"
        assert shift in contents
        contents = contents.replace(shift, b" %d %d cm BT 3 Tr" % (across, down))
        pdf.pages[0].obj.Contents = pdf.make_stream(contents)
        pdf.save(moved)
    score = check_pdf(_scan(), moved)
    assert score.text == 1.0
    assert score.on_ink is not None
    assert score.on_ink < 0.6
    assert score.problems == ("text-off-ink",)


def test_missing_characters_are_seen():
    result = recorded("page_zh")
    first, *others = result.lines
    shorter = replace(first, text=first.text[:-3], chars=first.chars[:-3])
    score = check_pdf(_scan(), _pdf(_scan(replace(result, lines=(shorter, *others)))))
    assert 0.99 < score.text < 1.0
    without = check_pdf(_scan(), _pdf(_scan(replace(result, lines=tuple(others[10:])))))
    assert without.text < score.text - 0.1
    assert without.problems == ("text-differs",)


def test_a_font_that_is_not_in_the_file_is_seen():
    pdf = scan_pdf()
    with_text(pdf, b"BT /F1 9 Tf 50 50 Td (Stamp) Tj ET")
    doc = read_as(saved(pdf))
    score = check_pdf(doc, _pdf(doc))
    assert not score.fonts
    assert "font-not-embedded" in score.problems


def test_missing_pages_are_seen():
    score = check_pdf(read_as(saved(scan_pdf(2)), 1, 2), _pdf(read_as(saved(scan_pdf()))))
    assert score.problems == ("pages-missing",)


def test_a_page_with_its_own_text_counts_as_sound():
    doc = read_as((SAMPLES / "rotated.pdf").read_bytes(), engine="pdf", size=(200, 50))
    assert check_pdf(doc, _pdf(replace(doc, open_pdf=None))).text == 1.0


def test_a_book_is_judged_by_a_sample_with_its_last_page():
    book = read_as(saved(scan_pdf(60)), *range(1, 61))
    written = _pdf(book)
    assert SAMPLE == 20
    assert check_pdf(_misread(book, 2), written).text == 1.0
    assert check_pdf(_misread(book, 60), written).text < 1.0


def _misread(book: ExportDocument, number: int) -> ExportDocument:
    """As if something else had been recognised on one of the pages."""
    pages = list(book.iter_pages())
    result = pages[number - 1].result
    lines = tuple(replace(line, text="nothing of the kind") for line in result.lines)
    pages[number - 1] = replace(pages[number - 1], result=replace(result, lines=lines))
    return replace(book, iter_pages=lambda: iter(pages))


def test_a_word_file_is_read_back_too():
    out = io.BytesIO()
    write_word(_scan(), out)
    sound = check_word(_scan(), out)
    assert (sound.text, sound.on_ink, sound.problems) == (1.0, None, ())
    other = check_word(document(recorded("page_en")), out)
    assert other.text < 0.1
    assert other.problems == ("text-differs",)


def test_running_heads_that_only_the_pages_around_tell_are_not_missed_in_word():
    rows = ["一行。", "二行。", "三行。", "四行。"]
    book = document(*(page_of(typed("馆藏与采购", top=40) + typed(row, top=300)) for row in rows))
    out = io.BytesIO()
    write_word(book, out)
    body = docx.Document(out).paragraphs
    assert "馆藏与采购" not in [paragraph.text for paragraph in body]
    assert check_word(book, out).problems == ()


def test_every_problem_can_be_told():
    assert all(str(message).endswith(".") for message in PROBLEMS.values())
