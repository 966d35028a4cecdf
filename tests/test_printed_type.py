"""Type measured in the picture of a page, which is drawn from a PDF file with known fonts."""

from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from ocrportal.ingest.readers.pdf_characters import characters
from ocrportal.ingest.readers.text_lines import lines_of
from ocrportal.printed_type import with_measured_types
from ocrportal.results import Char, Line, Type, TypeRun
from tests.ingest.pdfs import drawn

TEXT = "The quick brown fox jumps over the lazy dog"
PLACE = (100, 640)
"""In points: the line that differs from the rest of the page."""


def page(draw) -> tuple[NDArray[np.uint8], list[Line]]:
    """Its picture and lines, of which neither the font nor the size is known."""

    def with_text(canvas: Canvas) -> None:
        for row in range(6):
            canvas.setFont("Times-Roman", 11)
            canvas.drawString(100, 780 - 20 * row, TEXT)
        draw(canvas)

    with pdfium.PdfDocument(drawn(with_text)) as document:
        picture = document[0].render(scale=200 / 72).to_pil().convert("RGB")
        lines, _ = lines_of(list(characters(document[0], picture.size)))
    return np.asarray(picture), [replace(line, runs=()) for line in lines]


def types_of(draw) -> list[tuple[str, Type]]:
    """The text and type of each run of the last line; the other lines are plain."""
    pixels, lines = page(draw)
    *plain, last = with_measured_types(pixels, lines)
    assert [run.type for line in plain for run in line.runs] == [Type()] * len(plain)
    return [
        (
            "".join(char.text for char in last.chars if run.start <= char.start < run.end),
            run.type,
        )
        for run in last.runs
    ]


@pytest.mark.parametrize(
    ("font", "expected"),
    [
        ("Times-Roman", Type()),
        ("Times-Bold", Type(bold=True)),
        ("Times-Italic", Type(italic=True)),
        ("Times-BoldItalic", Type(bold=True, italic=True)),
    ],
)
def test_weight_and_slant_are_measured_against_the_other_text(font: str, expected: Type):
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 11)
        canvas.drawString(*PLACE, TEXT)

    assert types_of(draw) == [(TEXT, expected)]


def test_a_bold_word_is_found_within_a_line():
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(*PLACE)
        for font, part in (("Roman", "The quick "), ("Bold", "brown fox "), ("Roman", "jumps")):
            text.setFont(f"Times-{font}", 11)
            text.textOut(part)
        canvas.drawText(text)

    assert types_of(draw) == [
        ("The quick ", Type()),
        ("brown fox ", Type(bold=True)),
        ("jumps", Type()),
    ]


def test_larger_type_is_not_bold():
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 24)
        canvas.drawString(*PLACE, "The quick brown fox")

    assert types_of(draw) == [("The quick brown fox", Type())]


def test_underlines_and_colours_are_seen():
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(HexColor("#c00000"))
        canvas.setStrokeColor(HexColor("#c00000"))
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(*PLACE, TEXT)
        canvas.line(PLACE[0], PLACE[1] - 2, PLACE[0] + canvas.stringWidth(TEXT), PLACE[1] - 2)

    ((text, found),) = types_of(draw)
    assert (text, found.underline) == (TEXT, True)
    red, green, blue = bytes.fromhex(found.colour.removeprefix("#"))
    assert red > 150 > 60 > max(green, blue)


def test_a_known_font_is_not_measured_again():
    pixels, lines = page(lambda canvas: canvas.drawString(*PLACE, TEXT))
    known = [replace(line, runs=(TypeRun(0, 1, Type(12, font="serif")),)) for line in lines]
    assert with_measured_types(pixels, known) == known


def test_lines_without_places_of_characters_stay_as_they_are():
    pixels, lines = page(lambda canvas: None)
    bare = [replace(line, chars=()) for line in lines]
    assert with_measured_types(pixels, bare) == bare


@pytest.mark.parametrize("distance", [2, 4])
def test_a_rule_that_reaches_beyond_the_line_does_not_underline_it(distance: float):
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(*PLACE, TEXT)
        canvas.line(50, PLACE[1] - distance, 500, PLACE[1] - distance)

    assert types_of(draw) == [(TEXT, Type())]


def test_characters_without_text_are_left_out():
    pixels, lines = page(lambda canvas: canvas.drawString(*PLACE, TEXT))
    last = replace(lines[-1], chars=(Char("", 0, 0, 1.0), *lines[-1].chars))
    assert with_measured_types(pixels, [*lines[:-1], last])[-1].runs


def test_a_picture_beside_faint_text_is_neither_its_ink_nor_its_paper():
    pixels = np.full((200, 400, 3), 255, np.uint8)
    pixels[:, :95] = pixels[:, 146:] = 0
    pixels[85:105, 118:122] = 228
    box = ((100.0, 80.0), (140.0, 80.0), (140.0, 110.0), (100.0, 110.0))
    lines = [Line("1", box, 0.9, (Char("1", 0.0, 1.0, 0.9),))]
    assert with_measured_types(pixels, lines) == lines
