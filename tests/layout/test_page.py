import math
import random
from dataclasses import replace

import pytest

from ocrportal.layout.blocks import FieldGroup, TextLine
from ocrportal.layout.placement import assign_lines
from ocrportal.results import Block, Field, Line, PageResult
from tests.calls import calls
from tests.exporters.pages import (
    corners,
    joined_text,
    laid_out,
    line,
    page_of,
    paragraphs,
    printed_text,
    recorded,
    typed,
)


def _scattered(seed: int) -> PageResult:
    """Lines of random sizes, positions and directions."""
    chance = random.Random(seed)
    lines = []
    for _ in range(chance.choice([1, 2, 5, 30, 80])):
        x, y = chance.uniform(-50, 1000), chance.uniform(-50, 1400)
        width, height = chance.choice([0, 5, 50, 400]), chance.choice([0, 3, 20, 60])
        angle = chance.choice([0, 0, 0.02, -0.05, math.pi / 2, chance.uniform(-3, 3)])
        cos, sin = math.cos(angle), math.sin(angle)
        corners = ((0, 0), (width, 0), (width, height), (0, height))
        box = tuple((x + dx * cos - dy * sin, y + dx * sin + dy * cos) for dx, dy in corners)
        lines.append(Line(chance.choice(["中文", "abc def", "-", "1.", " ", "“"]), box, 1.0))
    return page_of(lines)


def test_the_text_has_a_line_per_paragraph_or_per_printed_row():
    page = recorded("page_en")
    assert len(joined_text(page).split("\n")) == 2
    assert len(printed_text(page).split("\n")) == 8


def test_a_row_has_the_indices_of_its_recognised_lines():
    page = page_of([line("right", 300, 100, 360, 120), line("left", 100, 100, 150, 120)])
    (paragraph,) = paragraphs(page)
    assert paragraph.lines == (TextLine(pieces=("left ", "right"), indices=(1, 0)),)
    assert paragraph.lines[0].text == "left right"


def test_a_hyphenated_word_is_joined_in_the_paragraph_only():
    page = page_of(
        [
            line("This page is about nothing but hyphe-", 100, 100, 600, 120),
            line("nation at the end of a printed line.", 100, 130, 560, 150),
        ]
    )
    assert joined_text(page).startswith("This page is about nothing but hyphenation at")
    assert printed_text(page).startswith("This page is about nothing but hyphe-\n")


def test_the_printed_lines_of_fields_are_in_reading_order():
    box = corners(100, 200, 300, 230)
    lines = [
        line("Heading of the letter", 100, 100, 500, 130),
        Line("Name: Zhang", box, 1.0),
        line("Closing words", 100, 300, 400, 330),
    ]
    page = laid_out(replace(page_of(lines), fields=(Field(("Name",), "Zhang", box=box),)))
    assert isinstance(page.blocks[0], FieldGroup)
    assert [block.text for block in page.blocks[1:]] == ["Heading of the letter", "Closing words"]
    assert [printed.text for printed in page.printed_lines()] == [entry.text for entry in lines]


def test_a_page_without_text_has_no_paragraphs():
    page = page_of([line("   ", 0, 0, 100, 20)])
    assert laid_out(page).blocks == ()
    assert joined_text(page) == ""


def test_a_rotated_page_is_read_upright():
    text = joined_text(recorded("turned_zh"))
    assert text.startswith("CHAPTER 5.")


def test_one_line_is_one_paragraph():
    assert joined_text(page_of(typed("唯一的一行"))) == "唯一的一行"


@pytest.mark.parametrize("seed", range(40))
def test_every_line_with_text_appears_exactly_once(seed):
    page = _scattered(seed)
    shown = [i for part in paragraphs(page) for row in part.lines for i in row.indices]
    assert sorted(shown) == [i for i, ln in enumerate(page.lines) if ln.text.strip()]


def _columns(rows: int, stagger: float, gap: float) -> PageResult:
    """Two columns of ragged, wrapped lines with ``gap`` after three of them.

    The lines at the right are lower by ``stagger``.
    """
    chance = random.Random(rows)
    tops = [100 + 24 * row + gap * (row // 3) for row in range(rows)]
    return page_of(
        line("some words of text", left, top, left + 400 + chance.choice([0, -9, -40]), top + 20)
        for y in tops
        for left, top in ((100, y), (600, y + stagger))
    )


@pytest.mark.parametrize(("stagger", "gap"), [(0, 0), (11, 0), (0, 30), (11, 30)])
def test_twice_as_many_lines_are_about_twice_the_work(stagger, gap):
    few, many = (_columns(rows, stagger, gap) for rows in (150, 300))
    assert calls(lambda: laid_out(many)) < 2.5 * calls(lambda: laid_out(few))


def _figures_with_words(rows: int) -> PageResult:
    """Rows of ten figures, with a line in each."""
    places = [(100 * column, 50 * row) for row in range(rows) for column in range(10)]
    boxes = [line("", left, top, left + 80, top + 40).box for left, top in places]
    words = [line("words", left + 10, top + 10, left + 60, top + 30) for left, top in places]
    return replace(page_of(words), blocks=tuple(Block("figure", "", box) for box in boxes))


def test_twice_as_many_figures_are_about_twice_the_work():
    few, many = map(_figures_with_words, (10, 20))
    assert calls(lambda: assign_lines(many)) < 2.5 * calls(lambda: assign_lines(few))
