"""How many rows of a table are its head."""

from __future__ import annotations

import pytest

from tests.tables.drawn_page import Page

XS = (110, 310, 510)
WORDS = [["name", "place", "kind"], *[[f"city{c}", f"by{c}", f"{c}{c}"] for c in "abcdef"]]


def _write(page: Page, rows: list[list[str]], *, bold: tuple[int, ...] = ()) -> None:
    for number, row in enumerate(rows):
        for x, text in zip(XS, row, strict=True):
            page.write(x, 108 + 40 * number, text, bold=number in bold)


def _grid(page: Page, rows: int) -> None:
    page.grid([100, 300, 500, 700], [100 + 40 * n for n in range(rows + 1)])


def _head_rows(page: Page) -> int:
    (table,), _ = page.found()
    return table.head_rows


def test_words_above_numbers_are_a_head():
    page = Page()
    rows = [
        ["thing", "2024", "sum"],
        *[[f"t{c}", f"{n}1.5", f"{n}7"] for n, c in enumerate("abcd")],
    ]
    _write(page, rows)
    _grid(page, len(rows))
    assert _head_rows(page) == 1


def test_a_row_of_words_above_words_is_not_a_head():
    page = Page()
    _write(page, WORDS)
    _grid(page, len(WORDS))
    assert _head_rows(page) == 0


@pytest.mark.parametrize(
    ("bold", "count"), [((0,), 1), ((0, 6), 1), ((0, 2, 3, 5), 0), ((0, 1), 2)]
)
def test_bold_rows_above_plain_ones_are_a_head(bold: tuple[int, ...], count: int):
    page = Page()
    _write(page, WORDS, bold=bold)
    _grid(page, len(WORDS))
    assert _head_rows(page) == count


@pytest.mark.parametrize(("shaded", "count"), [((0,), 1), ((0, 1), 2), ((0, 2, 4, 6), 0)])
def test_rows_on_another_background_are_a_head(shaded: tuple[int, ...], count: int):
    page = Page()
    for row in shaded:
        page.fill(100, 100 + 40 * row, 700, 140 + 40 * row)
    _write(page, WORDS)
    _grid(page, len(WORDS))
    assert _head_rows(page) == count


@pytest.mark.parametrize(("below", "count"), [((0,), 1), (range(6), 0)])
def test_the_only_ruling_ends_the_head(below: tuple[int, ...], count: int):
    page = Page()
    _write(page, WORDS)
    for row in (-1, *below, 6):
        page.ruling(100, 140 + 40 * row, 700, 140 + 40 * row)
    assert _head_rows(page) == count


def test_a_bold_row_of_numbers_above_numbers_is_data():
    page = Page()
    rows = [[f"t{c}", f"{n}1.5", f"{n}7"] for n, c in enumerate("abcde", 1)]
    _write(page, rows, bold=(0,))
    _grid(page, len(rows))
    assert _head_rows(page) == 0


def test_a_cell_that_continues_below_is_not_in_the_head():
    page = Page()
    _write(page, [WORDS[0], ["", *WORDS[1][1:]], *WORDS[2:]], bold=(0,))
    _grid(page, len(WORDS))
    page.erase(102, 138, 298, 142)
    assert _head_rows(page) == 0
