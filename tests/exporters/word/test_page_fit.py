"""Whether a Word file prints as the page does: places, columns, and the number of pages."""

import io
import subprocess

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from ocrportal.exporters.word.document import write_word
from ocrportal.exporters.word.line_breaks import Word
from ocrportal.exporters.word.page_fit import Fit, Piece, page_fit
from ocrportal.results import Line
from tests.exporters.pages import document, line, page_of, price_list

WIDTH, HEIGHT = 1000, 1414
DPI = 121.0
"""The page is A4."""
POINTS = 72 / DPI
LEFT = "左栏的文字一行一行写到栏的右边。"
RIGHT = "右栏的文字也是一行行写到右边。"


def _written(*results) -> io.BytesIO:
    out = io.BytesIO()
    write_word(document(*results, dpi=DPI), out)
    out.seek(0)
    return out


def _column(text: str, left: int, top: int, rows: int) -> list:
    return [
        line(text, left, top + 40 * row, left + 400, top + 25 + 40 * row) for row in range(rows)
    ]


def _two_columns(rows: int = 20):
    heading = line("横跨两栏的标题在上面的中间位置", 250, 80, 750, 112)
    columns = [*_column(LEFT, 80, 200, rows), *_column(RIGHT, 520, 200, rows)]
    return page_of([heading, *columns], WIDTH, HEIGHT)


def _space_above(paragraph) -> float:
    return paragraph.paragraph_format.space_before.pt


def test_a_gap_is_as_high_as_printed_however_high_it_is():
    rows = [line(LEFT, 80, top, 480, top + 25) for top in (100, 900)]
    first, second = docx.Document(_written(page_of(rows, WIDTH, HEIGHT))).paragraphs
    pitch = first.paragraph_format.line_spacing.pt
    assert _space_above(first) == 0
    assert _space_above(second) == pytest.approx(800 * POINTS - pitch, abs=1)


def test_each_page_begins_at_its_own_height():
    pages = [page_of([line(LEFT, 80, top, 480, top + 25)], WIDTH, HEIGHT) for top in (100, 500)]
    word = docx.Document(_written(*pages))
    spaces = [_space_above(paragraph) for paragraph in word.paragraphs]
    assert spaces == pytest.approx([0, 400 * POINTS], abs=1)


def test_an_indent_is_kept_however_deep_it_is():
    rows = [line(LEFT, 80, 100, 900, 125), line("深", 700, 300, 725, 325)]
    _first, deep = docx.Document(_written(page_of(rows, WIDTH, HEIGHT))).paragraphs
    assert deep.paragraph_format.left_indent.pt == pytest.approx(620 * POINTS, abs=2)


def test_columns_are_a_section_with_a_break_between_them():
    word = docx.Document(_written(_two_columns()))
    kinds = [
        (section._sectPr.find(qn("w:cols")).get(qn("w:num")), section.start_type.name)
        for section in word.sections
    ]
    assert kinds == [(None, "NEW_PAGE"), ("2", "CONTINUOUS")]
    breaks = word.element.body.xpath(".//w:br[@w:type='column']")
    assert len(breaks) == 1
    assert word.sections[0].left_margin == word.sections[1].left_margin


def test_text_above_and_below_columns_is_across_the_page():
    page = _two_columns(rows=8)
    below = line("下面又是通栏的文字，从左边一直写到右边，", 80, 700, 920, 725)
    word = docx.Document(_written(page_of([*page.lines, below], WIDTH, HEIGHT)))
    columns = [section._sectPr.find(qn("w:cols")).get(qn("w:num")) for section in word.sections]
    assert columns == [None, "2", None]


def test_a_page_after_columns_begins_on_a_new_page():
    plain = page_of([line(LEFT, 80, 100, 900, 125)], WIDTH, HEIGHT)
    word = docx.Document(_written(_two_columns(), plain))
    assert [section.start_type.name for section in word.sections][-1] == "NEW_PAGE"


def test_a_heading_over_a_table_has_the_gap_between_them_as_its_own():
    word = docx.Document(_written(price_list()))
    above = word.paragraphs[0]
    assert above.text == "Above the table"
    assert above.paragraph_format.space_after.pt == pytest.approx(70 * POINTS, abs=6)


def test_a_long_screenshot_runs_over_pages_of_a4_in_readable_type():
    rows = [line(RIGHT * 2, 80, 100 + 90 * row, 1000, 140 + 90 * row) for row in range(150)]
    word = docx.Document(_written(page_of(rows, 1080, 15500)))
    section = word.sections[0]
    assert (section.page_width.pt, section.page_height.pt) == (595, 842)
    assert word.paragraphs[0].runs[0].font.size.pt > 10


def _vertical_page():
    """Five columns from the right of the page, and a page number below their middle."""
    text = "竖排的文字一列一列从右向左写在纸上"
    columns = [
        Line(text, ((right, 100), (right, 900), (right - 30, 900), (right - 30, 100)), 1.0)
        for right in range(900, 650, -50)
    ]
    return page_of([*columns, line("7", 490, 1330, 510, 1355)], WIDTH, HEIGHT)


def test_vertical_text_is_written_vertically_from_the_right():
    section = docx.Document(_written(_vertical_page())).sections[0]
    assert section._sectPr.find(qn("w:textDirection")).get(qn("w:val")) == "tbRl"
    assert (section.page_width.pt, section.page_height.pt) == pytest.approx((595, 841), abs=1)
    margins = (section.top_margin.pt, section.right_margin.pt)
    assert margins == pytest.approx((100 * POINTS, 90 * POINTS), abs=6)


def test_a_page_of_rows_after_vertical_text_has_rows():
    rows = page_of([line(LEFT, 80, 100, 900, 125)], WIDTH, HEIGHT)
    first, second = docx.Document(_written(_vertical_page(), rows)).sections
    assert first._sectPr.find(qn("w:textDirection")) is not None
    assert second._sectPr.find(qn("w:textDirection")) is None


def _joined_pages() -> list:
    """A paragraph that runs on over the page break, between two paragraphs."""
    text = "A line of a paragraph that is as long as all of them"
    above = line("The paragraph above, which ends here.", 80, 100, 600, 125)
    lines = [line(text, 80, top, 920, top + 25) for top in (1200, 1240, 1280)]
    rest = [line(text, 80, top, 920, top + 25) for top in (100, 140)]
    end = line("and its end.", 80, 180, 300, 205)
    below = line("The paragraph below, which is another one.", 80, 300, 700, 325)
    return [page_of([above, *lines], WIDTH, HEIGHT), page_of([*rest, end, below], WIDTH, HEIGHT)]


def test_a_paragraph_over_two_pages_is_broken_where_the_page_ends():
    word = docx.Document(_written(*_joined_pages()))
    _above, joined, below = word.paragraphs
    (page_break,) = joined._p.xpath(".//w:br[@w:type='page']")
    before = "".join(page_break.xpath("preceding::w:t[ancestor::w:p[1]]/text()"))
    assert before.count("A line of") == 3
    assert joined.text.count("A line of") == 5
    assert not below.paragraph_format.page_break_before


def test_text_below_the_end_of_a_paragraph_of_the_page_before_is_at_its_height():
    """The lines above it, which are two or three in Word, are written on the page before."""
    _above, joined, below = docx.Document(_written(*_joined_pages())).paragraphs
    pitch = joined.paragraph_format.line_spacing.pt
    lines = (200 * POINTS - _space_above(below)) / pitch
    assert 1.8 < lines < 3.2


def _piece(gap: float, words: str = "", fixed: float = 0.0) -> Piece:
    """A piece whose text has a line of 100 points for each word."""
    lines = tuple(Word(10.0, 0.0, 0.0, 10, is_space=False) for _ in words)
    return Piece(gap, fixed, lines, (100.0, 100.0), size=10.0, pitch=12.0)


def test_a_page_that_has_room_keeps_its_gaps_and_sizes():
    assert page_fit([[[_piece(20, "ab"), _piece(20, "cd")]]], 95) == Fit()


def test_gaps_are_smaller_before_type_is():
    fit = page_fit([[[_piece(20, "ab"), _piece(20, "cd")]]], 80)
    assert fit.sizes == 1.0
    assert fit.gaps == 0.7


def test_type_is_at_most_a_tenth_smaller():
    fit = page_fit([[[_piece(0, "abcdefgh")]]], 20)
    assert fit.sizes == 0.9
    assert fit.type_size(10.5) == 9.0


def test_the_highest_column_of_each_part_counts():
    above, columns = [[_piece(0, fixed=50)]], [[_piece(40, "a")], [_piece(0, "abc")]]
    assert page_fit([above, columns], 50 + 53 + 2) == Fit()
    assert page_fit([above, columns], 50 + 52).gaps < 1


def test_letters_may_be_wider_in_the_font_that_a_reader_has():
    words = (Word(0.0, 10.0, 12.8, 20, is_space=False),) * 2
    latin = Piece(30, 0.0, words, (220.0, 220.0), size=10.0, pitch=12.0)
    assert page_fit([[[latin]]], 56).gaps < 1
    assert page_fit([[[latin]]], 57) == Fit()


def test_a_full_page_has_room_for_one_more_line():
    """In a wider font some paragraph may have a line more than is estimated."""
    page = [[[_piece(0, "x" * 40)]]]
    assert page_fit(page, 40 * 12 + 2).sizes < 1
    assert page_fit(page, 41.4 * 12 + 2) == Fit()


def test_libreoffice_prints_each_page_on_one_page_with_its_lines_at_their_heights(tmp_path):
    """A full page, a page of columns and a page with a line at its foot."""
    full = page_of(_column(LEFT * 2, 80, 60, 32), WIDTH, HEIGHT)
    foot = page_of(
        [*_column(LEFT, 80, 300, 3), line("页面最下面的一行", 80, 1330, 300, 1355)], WIDTH, HEIGHT
    )
    pages = [full, _two_columns(26), foot]
    (tmp_path / "export.docx").write_bytes(_written(*pages).getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "export.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    with pypdfium2.PdfDocument(tmp_path / "export.pdf") as pdf:
        assert len(pdf) == 3
        text = pdf[2].get_textpage()
        found = text.search("页面最下面的一行").get_next()
        _left, bottom, _right, top = text.get_charbox(found[0])
        assert 842 - (bottom + top) / 2 == pytest.approx(1342 * POINTS, abs=0.01 * 842)
        for page, side in ((0, LEFT), (1, RIGHT)):
            text = pdf[page].get_textpage()
            left, *_ = text.get_charbox(text.search(side[:4]).get_next()[0])
            assert left == pytest.approx((80, 520)[page] * POINTS, abs=6)
            text.close()
