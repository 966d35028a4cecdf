"""The text of a file, compared with the picture of its page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.base import PageImage
from ocrportal.results import Char, Line, PageResult
from ocrportal.workers.embedded_text import own_text
from ocrportal.workers.embedded_text.own_text import check_own_text
from tests.ingest.pdfs import drawn, with_map
from tests.ingest.sources import opened

LETTER = b"Payment of this invoice is due within thirty days"
ITSELF = b"<00> <ff> <0000>"


def page_of(data: bytes | str, number: int = 1) -> tuple[PageImage, PageResult]:
    with opened(data) as pages:
        page = pages.read_page(number)
    assert page.own_text is not None
    return page, page.own_text


def checked(data: bytes | str) -> tuple[list[str] | None, tuple[str, ...]]:
    """The text that is used of the first page, and the notes."""
    found = check_own_text(*page_of(data), threads=1)
    return found.text and [line.text for line in found.text.lines], found.notes


def test_text_that_the_page_shows_is_used() -> None:
    assert checked(with_map(LETTER, ITSELF)) == ([LETTER.decode()], ())


@pytest.mark.parametrize("name", ["born_digital_zh.pdf", "ligatures.pdf", "vertical.pdf"])
def test_a_text_that_is_right_is_unchanged(name: str) -> None:
    page, text = page_of(name)
    assert check_own_text(page, text, threads=1).text == text


@pytest.mark.parametrize("angle", [0, 90, 180])
def test_a_page_whose_letters_are_all_shifted_by_one_is_recognised(angle: int) -> None:
    shifted = b"<20> <20> <0020> <41> <7a> <0042>"
    _, text = page_of(with_map(LETTER, shifted, angle))
    assert text.lines[0].text.startswith("Qbznfou")
    assert checked(with_map(LETTER, shifted, angle)) == (None, ("text-differs",))


def test_a_page_with_one_wrong_font_of_two_is_recognised() -> None:
    # The headings are right, and the lines below are drawn over invisible other text.
    def draw(canvas: Canvas) -> None:
        for number in range(6):
            canvas.setFont("Helvetica", 20)
            canvas.drawString(72, 760 - 100 * number, f"Heading number {number} of this page")
            canvas.setFont("Helvetica", 11)
            for row in range(4):
                y = 730 - 100 * number - 16 * row
                canvas.drawString(72, y, "Every word of this line is printed")
                canvas.setFillAlpha(0.0)
                canvas.drawString(72, y, "Qtrlp hfgs ak wyd xzvb nm unjqkod")
                canvas.setFillAlpha(1.0)

    assert checked(drawn(draw))[1] == ("text-differs",)


def test_chinese_text_with_another_text_in_the_file_is_recognised() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    shown, hidden = "付款期限为收到发票之日起三十天内", "我们昨晚在山上看见一只白色猫头鹰"

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 14)
        for number in range(10):
            canvas.setFillAlpha(1.0)
            canvas.drawString(72, 760 - 30 * number, shown)
            canvas.setFillAlpha(0.0)
            canvas.drawString(72, 760 - 30 * number, hidden)

    assert checked(drawn(draw))[1] == ("text-differs",)


def test_text_without_its_spaces_is_recognised() -> None:
    # The map names no character for the space, and a narrow glyph is drawn for it.
    def draw(canvas: Canvas) -> None:
        for number in range(10):
            canvas.setFont("Helvetica", 12)
            x = 72.0
            for word in ("it", "is", "due", "on", "the", "first", "day", "of", "May"):
                canvas.drawString(x, 760 - 20 * number, word)
                x += canvas.stringWidth(word) + 2.1

    page, text = page_of(drawn(draw))
    assert " " not in text.lines[0].text
    assert check_own_text(page, text, threads=1).notes == ("text-differs",)


def test_characters_without_a_meaning_are_read() -> None:
    # 1 of 49 has no Unicode value: fewer than make the text of a page useless.
    ranges = b"<00> <4f> <0000> <50> <50> <e000> <51> <ff> <0051>"
    _, text = page_of(with_map(LETTER, ranges))
    assert text.lines[0].text.startswith("\ufffdayment")
    assert checked(with_map(LETTER, ranges)) == ([LETTER.decode()], ("text-repaired",))


def test_a_character_that_cannot_be_read_is_marked(monkeypatch) -> None:
    class Blind:
        def read_lines(self, image, boxes):
            return [Line("", box, 0.0) for box in boxes]

    monkeypatch.setattr(own_text, "line_reader", lambda threads: Blind())
    ranges = b"<00> <4f> <0000> <50> <50> <e000> <51> <ff> <0051>"
    assert checked(with_map(LETTER, ranges)) == (["〓" + LETTER.decode()[1:]], ("text-repaired",))


@pytest.mark.parametrize(
    ("text", "chars", "completed"),
    [
        ("\ufffdשלום", (), ()),  # from right to left
        ("\ufffdffice", ("\ufffd", "ffi", "c", "e"), ("o", "ffi", "c", "e")),  # a ligature
    ],
)
def test_a_line_is_completed_whatever_its_characters_are(
    text: str, chars: tuple[str, ...], completed: tuple[str, ...], monkeypatch
) -> None:
    class Reader:
        def read_lines(self, image, boxes):
            return [Line("o" + text[1:], box, 0.9) for box in boxes]

    monkeypatch.setattr(own_text, "line_reader", lambda threads: Reader())
    page, own = page_of(with_map(LETTER, ITSELF))
    steps = [Char(each, i / 4, (i + 1) / 4, 1.0) for i, each in enumerate(chars)]
    line = replace(own.lines[0], text=text, chars=tuple(steps))
    found = check_own_text(page, replace(own, lines=(line,)), threads=1).text
    assert found is not None
    assert found.lines[0].text == "o" + text[1:]
    assert tuple(char.text for char in found.lines[0].chars) == completed


def test_a_script_that_the_engine_cannot_read_is_not_doubted() -> None:
    # Georgian letters for Latin ones: the page cannot be checked.
    assert checked(with_map(LETTER, b"<20> <20> <0020> <41> <7a> <10d0>"))[1] == ()
