"""Printed rows that are one row of their table."""

import pytest

from tests.tables.drawn_page import LETTER, Page


@pytest.fixture
def page() -> Page:
    return Page()


def _write(page: Page, rows: list[tuple[str, ...]], *, pitch: int = 36) -> None:
    for number, (label, *texts) in enumerate(rows):
        page.write(100, 100 + pitch * number, label)
        for text, right in zip(filter(None, texts), (560, 720), strict=False):
            page.write(right - LETTER * len(text), 100 + pitch * number, text)


def test_a_label_goes_on_above_the_numbers_in_its_last_line(page: Page) -> None:
    _write(
        page,
        [
            ("Revenue", "81", "(2,783)"),
            ("Costs_of_sales_and_other", "", ""),
            ("northern_expenses", "70", "(436,763)"),
            ("Wages", "7,534", "297"),
            ("Rent", "2,913", "1,734"),
        ],
    )
    (table,), _ = page.found()
    assert table.texts()[1] == ["Costs_of_sales_and_other northern_expenses", "70", "(436,763)"]
    assert table.rows == 4


@pytest.mark.parametrize("heading", ["Costs", "Costs_and_other_expenses"])
def test_the_heading_of_a_group_is_a_row_above_its_first_entry(page: Page, heading: str) -> None:
    _write(
        page,
        [
            ("Revenue", "81", "(2,783)"),
            (heading, "", ""),
            ("Wages_in_northern_places", "70", "(436,763)"),
            ("Fares", "7,534", "297"),
            ("Rent", "2,913", "1,734"),
        ],
    )
    (table,), _ = page.found()
    assert table.texts()[1] == [heading, "", ""]
    assert table.rows == 5


def test_years_below_words_are_the_second_line_of_a_head(page: Page) -> None:
    for y, row in ((70, ("Item", "Actual", "Plan", "Plan")), (96, ("", "2023", "2024", "2025"))):
        for x, text in zip((100, 300, 460, 620), row, strict=True):
            if text:
                page.write(x, y, text)
    for number in range(5):
        for x, text in zip((100, 300, 460, 620), ("thing", "7.25", "8.50", "9.75"), strict=True):
            page.write(x, 140 + 44 * number, text)
    (table,), _ = page.found()
    assert table.rows == 6
    assert ["".join(text.split()) for text in table.texts()[0]] == [
        "Item",
        "Actual2023",
        "Plan2024",
        "Plan2025",
    ]
