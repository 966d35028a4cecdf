from itertools import pairwise

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.readers.pdf_characters import Character, characters
from ocrportal.ingest.readers.text_lines import lines_of
from ocrportal.results import Line, Type
from tests.ingest.pdfs import drawn, with_map


def lines_drawn(draw) -> tuple[list[Line], int]:
    with pdfium.PdfDocument(drawn(draw)) as document:
        return lines_of(list(characters(document[0], (1190, 1684))))


def texts(draw) -> list[str]:
    return [line.text for line in lines_drawn(draw)[0]]


def placed(text: str, left: float, top: float) -> Character:
    """A square character of ten pixels in horizontal text."""
    box = (left, top, left + 10, top + 10)
    return Character(text, box, box, (left, top + 8), (1.0, 0.0), 10, True, Type())


def test_the_characters_of_a_line_have_ascending_positions() -> None:
    lines, rotation = lines_drawn(lambda canvas: canvas.drawString(100, 700, "Two words"))
    assert rotation == 0
    assert [line.text for line in lines] == ["Two words"]
    chars = lines[0].chars
    assert "".join(char.text for char in chars) == "Two words"
    assert (chars[0].start, chars[-1].end) == pytest.approx((0, 1), abs=0.02)
    assert all(one.end <= two.start + 0.02 for one, two in pairwise(chars))


def test_the_box_contains_the_line() -> None:
    lines, _ = lines_drawn(lambda canvas: canvas.drawString(100, 700, "Hg"))
    (left, top), _, (right, bottom), _ = lines[0].box
    # 12 points are 24 pixels; the baseline is 142 points below the top.
    assert left == pytest.approx(200, abs=2)
    assert top < 284 - 17 < 284 < bottom < 284 + 10
    assert right == pytest.approx(200 + 24 * (0.722 + 0.556), abs=3)


def test_the_cells_of_a_row_are_separate_lines() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "Name")
        canvas.drawString(200, 700, "Amount")

    assert texts(draw) == ["Name", "Amount"]


def test_words_positioned_one_by_one_are_one_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "Two")
        canvas.drawString(126, 700, "words")

    assert texts(draw) == ["Two words"]


def test_numbers_at_a_fixed_pitch_are_one_word() -> None:
    def draw(canvas: Canvas) -> None:
        for index, char in enumerate("4197.17"):
            canvas.drawString(100 + 9 * index, 700, char)
        canvas.drawString(100, 600, "12.5")
        canvas.drawString(128, 600, "7.25")

    assert texts(draw) == ["4197.17", "12.5 7.25"]


def test_an_exponent_stays_in_its_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "25 m")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(126, 704, "2")

    assert texts(draw) == ["25 m2"]


@pytest.mark.parametrize(
    ("angle", "rotation"), [(0, 0), (90, 90), (180, 180), (270, 270)]
)  # fmt: skip
def test_the_rotation_is_that_of_most_lines(angle: int, rotation: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 20, "x")
        canvas.translate(300, 400)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "a longer line of words")

    lines, found = lines_drawn(draw)
    assert found == rotation
    (x, y), (to_x, to_y), *_ = lines[1].box
    direction = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}[angle]
    assert ((to_x > x + 50) - (to_x < x - 50), (to_y > y + 50) - (to_y < y - 50)) == direction


def test_a_slanted_line_has_a_slanted_box() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(200, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "slanted words")

    lines, _ = lines_drawn(draw)
    (x, y), (to_x, to_y), *_ = lines[0].box
    assert [line.text for line in lines] == ["slanted words"]
    assert (to_x - x) == pytest.approx(y - to_y)
    assert (to_x - x) == pytest.approx(2**0.5 * 72, rel=0.05)


def test_stacked_wide_characters_are_vertical_writing() -> None:
    lines, rotation = lines_of([placed("竖", 50, 10), placed("排", 50, 21), placed("字", 50, 32)])
    assert [line.text for line in lines] == ["竖排字"]
    assert lines[0].box == ((60, 10), (60, 42), (50, 42), (50, 10))
    assert rotation == 0


def test_stacked_numbers_are_separate_lines() -> None:
    lines, _ = lines_of([placed("1", 50, 10), placed("2", 50, 21)])
    assert [line.text for line in lines] == ["1", "2"]


def test_right_to_left_text_is_one_line() -> None:
    lines, _ = lines_of([placed("ש", 70, 10), placed("ל", 60, 10), placed("ם", 50, 10)])
    assert [(line.text, line.chars) for line in lines] == [("שלם", ())]
    assert lines[0].box[0] == (50, 10)


def test_words_from_right_to_left_are_separated() -> None:
    first, second = [placed("א", 90, 10), placed("ב", 80, 10)], [placed("ג", 60, 10)]
    for between in ([], [placed(" ", 70, 10)]):
        [line], _ = lines_of([*first, *between, *second])
        assert line.text == "אב ג"


def test_a_line_with_a_word_from_the_right_at_its_end_keeps_its_spaces() -> None:
    words = [placed(char, 10 + 10 * index, 10) for index, char in enumerate("to be or ")]
    [line], _ = lines_of([*words, placed("א", 110, 10), placed("ב", 100, 10)])
    assert line.text == "to be or אב"
    assert line.box[0] == (10, 10)


@pytest.mark.parametrize("letters", [b"06440627", b"FEFB"])
def test_the_letters_of_an_arabic_ligature_are_in_the_order_of_reading(letters: bytes) -> None:
    # The word is س, the ligature لا and م, from the right.
    data = with_map(b"cWa", b"<61> <61> <0633> <57> <57> <%s> <63> <63> <0645>" % letters)
    with pdfium.PdfDocument(data) as document:
        [line], _ = lines_of(list(characters(document[0], (595, 842))))
    assert line.text == "سلام"


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 30])
def test_the_letters_of_a_ligature_share_its_width(angle: int) -> None:
    # As in many fonts, one code is a glyph of three letters. The glyph of W is wider than 0.7 em,
    # and wider than the letters that follow it.
    data = with_map(
        b"aWce", b"<61> <61> <0061> <57> <57> <006600660069> <63> <65> <0063>", angle=angle
    )
    with pdfium.PdfDocument(data) as document:
        [line], _ = lines_of(list(characters(document[0], (595, 842))))
    assert line.text == "affice"
    places = [(char.start, char.end) for char in line.chars]
    assert all(one[1] <= two[0] + 0.02 for one, two in pairwise(places))
    widths = [end - start for start, end in places[1:4]]
    assert widths == pytest.approx([sum(widths) / 3] * 3, abs=0.02)


def test_a_line_end_ends_a_line() -> None:
    lines, _ = lines_of([placed("a", 50, 10), None, placed("b", 60, 13)])
    assert [line.text for line in lines] == ["a", "b"]


def test_a_line_goes_on_although_pdfium_takes_the_page_for_vertical_writing() -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(30):
            for left in (100, 400):
                for index, char in enumerate("copy"):
                    canvas.drawString(left + 7 * index, 700 - 12 * row, char)

    assert texts(draw) == ["copy"] * 60


def test_spaces_alone_are_not_a_line() -> None:
    assert lines_of([placed(" ", 50, 10)]) == ([], 0)


def test_the_space_before_an_italic_f_stays():
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-BoldItalic", 11)
        canvas.drawString(100, 700, "brown fox jumps")

    assert texts(draw) == ["brown fox jumps"]
