"""Tables and figures of pages whose text was taken from their file."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocrportal.geometry import Rect
from ocrportal.results import BACKDROP, PageResult
from ocrportal.workers.embedded_text.own_tables import with_figures, with_tables
from tests.ingest.pdfs import drawn
from tests.ingest.sources import opened

ROWS = [
    ["No.", "Name", "Pieces", "Amount"],
    ["1", "High-speed scanner", "2", "45,600.00"],
    ["2", "Cabinet", "4", "12,800.00"],
    ["3", "Dehumidifier of the cellar", "6", "9,300.50"],
]
PROSE = "These sentences run over the whole width of the page, from its left to its right side"
XS = (72, 120, 300, 380, 480)


def result_of(data: bytes | str, number: int = 1) -> PageResult:
    with opened(data) as pages:
        page = pages.read_page(number)
    assert page.own_text is not None
    with Image.open(io.BytesIO(page.data)) as image:
        return with_tables(page.own_text, image)


def texts_of(draw) -> list[list[list[str]]]:
    return [table.texts() for table in result_of(drawn(draw)).tables]


def fill(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 11)
    for row, texts in enumerate(ROWS):
        for left, text in zip(XS, texts, strict=False):
            canvas.drawString(left + 4, 700 - 20 * row, text)


def rule(canvas: Canvas) -> None:
    canvas.grid(XS, [714 - 20 * row for row in range(len(ROWS) + 1)])


def prose(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 11)
    for row in range(8):
        canvas.drawString(72, 600 - 16 * row, PROSE)


def test_a_ruled_table_is_found() -> None:
    assert texts_of(lambda canvas: (prose(canvas), fill(canvas), rule(canvas))) == [ROWS]


def test_a_table_of_aligned_columns_is_found() -> None:
    assert texts_of(lambda canvas: (prose(canvas), fill(canvas))) == [ROWS]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_table_on_a_rotated_page_is_found(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(297.5, 421)
        canvas.rotate(angle)
        canvas.translate(-300, -660)
        fill(canvas)
        rule(canvas)

    result = result_of(drawn(draw))
    assert [table.texts() for table in result.tables] == [ROWS]
    assert result.rotation == angle
    assert (result.width, result.height) < (1700, 2400)
    for table in result.tables:
        assert table.box is not None
        assert all(0 <= x <= result.width and 0 <= y <= result.height for x, y in table.box)


def test_text_that_overflows_its_cell_is_not_split_within_a_word() -> None:
    def draw(canvas: Canvas) -> None:
        fill(canvas)
        rule(canvas)
        canvas.setFont("Helvetica", 11)
        canvas.grid((72, 120, 300, 380, 480), [634, 614])
        canvas.drawString(76, 620, "Uninterruptible")

    [table] = texts_of(draw)
    assert table[-1][0] == "Uninterruptible"


def test_characters_that_go_back_are_kept_in_a_table() -> None:
    page = drawn(lambda canvas: (prose(canvas), fill(canvas), rule(canvas)))
    with opened(page) as pages:
        picture = pages.read_page(1)
    own = picture.own_text
    assert own is not None
    places = [0.4] * 4 + [0.7] * 6 + [0.0] * 5 + [0.3] * 3  # "High", "-speed", " scan", "ner"
    moved = [
        replace(
            line,
            chars=tuple(
                replace(char, start=place, end=place + 0.05)
                for char, place in zip(line.chars, places, strict=True)
            ),
        )
        if line.text == "High-speed scanner"
        else line
        for line in own.lines
    ]
    with Image.open(io.BytesIO(picture.data)) as image:
        found = with_tables(replace(own, lines=tuple(moved)), image)
    assert found.tables
    assert {"High", "-speed scan", "ner"} < {line.text for line in found.lines}


def test_lines_outside_of_a_table_are_unchanged() -> None:
    result = result_of(drawn(lambda canvas: (prose(canvas), fill(canvas), rule(canvas))))
    assert [line.text for line in result.lines].count(PROSE) == 8
    assert PROSE not in " ".join(cell.text for cell in result.tables[0].cells)


@pytest.mark.parametrize(
    "text",
    [
        # Bullets, numbers, code, and contents: their gaps are one below the other.
        "-   An item with some words in it",
        "1.   An item with some words in it",
        "git config --global name of the user",
        "Chapter . . . . . . . . . . . . . . . . . . . 12",
        "Justified   text   with   spaces   that   are   all   wide   as   here",
    ],
)
def test_gaps_below_each_other_are_not_columns(text: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier" if text.startswith("git") else "Helvetica", 12)
        for row in range(12):
            canvas.drawString(72, 740 - 20 * row, text)

    assert texts_of(draw) == []


def test_the_chapters_between_dot_leaders_are_not_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(12):
            if row % 4 == 0:
                canvas.drawString(72, 740 - 20 * row, f"{row // 4}")
                canvas.drawString(100, 740 - 20 * row, "Chapter with a name")
                canvas.drawString(500, 740 - 20 * row, f"{row + 7}")
            else:
                canvas.drawString(100, 740 - 20 * row, "Section " + ". " * 60)
                canvas.drawString(500, 740 - 20 * row, f"{row + 7}")

    assert texts_of(draw) == []


def test_a_list_between_two_rules_is_not_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(72, 760, 520, 760)
        for row in range(9):
            canvas.drawString(72, 740 - 20 * row, "•")
            canvas.drawString(100, 740 - 20 * row, f"Item {row} of this list")
        canvas.line(72, 565, 520, 565)

    assert texts_of(draw) == []


def test_lists_side_by_side_are_not_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        for left in (72, 220, 370):
            for row in range(5):
                canvas.drawString(left, 740 - 20 * row, f"{row + 1}. Item")

    assert texts_of(draw) == []


@pytest.mark.parametrize("name", ["born_digital_zh.pdf", "vertical.pdf", "ligatures.pdf"])
def test_a_page_of_running_text_has_no_tables(name: str) -> None:
    assert result_of(name).tables == ()


def figures_of(draw) -> PageResult:
    with opened(drawn(draw)) as pages:
        page = pages.read_page(1)
    assert page.own_text is not None
    with Image.open(io.BytesIO(page.data)) as image:
        return with_figures(page.own_text, image)


def photo(canvas: Canvas) -> None:
    tones = np.linspace(0, 200, 120 * 90).reshape(90, 120).astype(np.uint8)
    canvas.drawImage(ImageReader(Image.fromarray(tones)), 150, 300, 240, 180)


def test_a_picture_in_the_file_is_a_figure() -> None:
    result = figures_of(lambda canvas: (prose(canvas), photo(canvas)))
    (area,) = result.blocks
    scale = result.width / 595
    place = Rect.around(area.box)
    assert area.kind == "figure"
    assert (place.left, place.right) == pytest.approx((150 * scale, 390 * scale), abs=12)
    assert place.height == pytest.approx(180 * scale, abs=20)


def test_text_over_a_picture_stays_text() -> None:
    def cover(canvas: Canvas) -> None:
        prose(canvas)
        photo(canvas)
        canvas.setFillGray(1)
        for row in range(5):
            canvas.drawString(160, 440 - 24 * row, "The yearly report of the company")

    assert [area.kind for area in figures_of(cover).blocks] == [BACKDROP]


def test_text_alone_has_no_figures() -> None:
    assert figures_of(prose).blocks == ()


def test_a_figure_of_a_rotated_page_is_where_it_is_stored() -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.translate(0, 842)
        canvas.rotate(-90)
        canvas.setFont("Helvetica", 11)
        for row in range(6):
            canvas.drawString(72, 500 - 16 * row, PROSE)
        canvas.drawImage(ImageReader(Image.new("L", (80, 40), 60)), 100, 150, 240, 120)

    result = figures_of(sideways)
    (area,) = result.blocks
    scale = result.width / 595
    expected = Rect(150, 100, 270, 340).scaled(scale)
    assert result.rotation in (90, 270)
    assert tuple(Rect.around(area.box)) == pytest.approx(tuple(expected), abs=15)
