import pypdfium2 as pdfium
import pytest
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.readers.pdf_characters import characters
from ocrportal.ingest.readers.text_lines import lines_of
from ocrportal.results import Line, Type
from tests.ingest.pdfs import drawn


def line_drawn(draw) -> Line:
    with pdfium.PdfDocument(drawn(draw)) as document:
        (line,), _ = lines_of(list(characters(document[0], (1190, 1684))))
    return line


@pytest.mark.parametrize(
    ("font", "expected"),
    [
        ("Helvetica", Type(24, font="sans")),
        ("Helvetica-Bold", Type(24, bold=True, font="sans")),
        ("Helvetica-Oblique", Type(24, italic=True, font="sans")),
        ("Times-BoldItalic", Type(24, bold=True, italic=True, font="serif")),
        ("Courier", Type(24, font="mono")),
    ],
)
def test_a_line_has_the_weight_the_slant_and_the_kind_of_its_font(font: str, expected: Type):
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 12)
        canvas.drawString(100, 700, "Two words")

    (run,) = line_drawn(draw).runs
    assert (run.start, run.end, run.type) == (0, 1, expected)


def test_colours_are_kept_and_shades_of_grey_are_not():
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(HexColor("#c00000"))
        canvas.drawString(100, 700, "red")
        canvas.setFillColor(HexColor("#777777"))
        canvas.drawString(118, 700, "grey")

    assert [run.type.colour for run in line_drawn(draw).runs] == ["#c00000", ""]


def test_a_bold_word_within_a_line_is_a_run_from_its_first_letter():
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(100, 700)
        for font, word in (
            ("Helvetica", "plain "),
            ("Helvetica-Bold", "bold "),
            ("Helvetica", "x"),
        ):
            text.setFont(font, 12)
            text.textOut(word)
        canvas.drawText(text)

    line = line_drawn(draw)
    assert line.text == "plain bold x"
    assert [run.type.bold for run in line.runs] == [False, True, False]
    starts = [line.chars[line.text.index(word)].start for word in ("plain", "bold", "x")]
    assert [run.start for run in line.runs] == pytest.approx(starts)


def test_an_outline_makes_type_bold_and_a_shear_italic():
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(100, 700)
        text.setTextRenderMode(2)
        text.setTextTransform(1, 0, 0.3, 1, 100, 700)
        text.textOut("drawn")
        canvas.drawText(text)

    (run,) = line_drawn(draw).runs
    assert (run.type.bold, run.type.italic) == (True, True)
