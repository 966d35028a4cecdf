from dataclasses import replace

from ocrportal.exporters.positional.words import PlacedWord, placed_paragraph
from ocrportal.geometry import Rect
from ocrportal.results import Char, Line
from tests.exporters.pages import line, page_of, paragraphs, recorded


def _words(*lines: Line, **about) -> list[PlacedWord]:
    page = replace(page_of(lines), **about)
    return [
        word
        for paragraph in paragraphs(page)
        for placed in placed_paragraph(page.upright(), paragraph.lines).lines
        for word in placed.words
    ]


def test_words_have_the_bounds_and_the_mean_confidence_of_their_characters():
    chars = (
        Char("a", 0.0, 0.1, 1.0),
        Char("b", 0.1, 0.25, 0.5),
        Char(" ", 0.25, 0.5, 0.1),
        Char("c", 0.5, 1.0, 0.9),
    )
    printed = Line("ab c", ((100, 50), (300, 50), (300, 80), (100, 80)), 0.8, chars)
    assert _words(printed) == [
        PlacedWord("ab", Rect(100, 50, 150, 80), 0.75, space_after=True),
        PlacedWord("c", Rect(200, 50, 300, 80), 0.9, space_after=False),
    ]


def test_without_character_boxes_han_is_estimated_twice_as_wide_as_latin():
    assert _words(line("中文 abc", 0, 0, 80, 20)) == [
        PlacedWord("中文", Rect(0, 0, 40, 20), 1.0, space_after=True),
        PlacedWord("abc", Rect(50, 0, 80, 20), 1.0, space_after=False),
    ]


def test_pieces_of_a_row_are_separated_by_a_space_in_latin_only():
    latin = _words(line("one", 0, 0, 60, 20), line("two", 65, 0, 120, 20))
    assert [(word.text, word.space_after) for word in latin] == [("one", True), ("two", False)]
    han = _words(line("中", 0, 0, 20, 20), line("文", 21, 0, 41, 20))
    assert [(word.text, word.space_after) for word in han] == [("中", False), ("文", False)]


def test_bounds_are_those_on_the_upright_page():
    # On an image rotated by 90° the text runs from the bottom to the top.
    sideways = Line("abc", ((10, 300), (10, 100), (40, 100), (40, 300)), 1.0)
    (word,) = _words(sideways, rotation=90)
    assert word.rect == Rect(1100, 10, 1300, 40)


def test_bounds_are_within_the_page_and_not_empty():
    (word,) = _words(line("abc", -5, -5, 2000, 20.4))
    assert word.rect == Rect(0, 0, 1000, 21)
    (word,) = _words(line("abc", 2000, 5, 2000, 5))
    assert word.rect == Rect(999, 5, 1000, 6)


def test_a_real_page_keeps_the_order_and_the_text_of_its_rows():
    page = recorded("columns_en")
    placed = [placed_paragraph(page, part.lines) for part in paragraphs(page)]
    rows = [
        [
            "".join(word.text + " " * word.space_after for word in row.words)
            for row in paragraph.lines
        ]
        for paragraph in placed
    ]
    assert rows == [[row.text for row in part.lines] for part in paragraphs(page)]
    for paragraph in placed:
        assert all(
            paragraph.rect.left <= row.rect.left < row.rect.right <= paragraph.rect.right
            for row in paragraph.lines
        )
