"""Tables whose columns and rows only their text shows."""

import pytest

from tests.tables.drawn_page import LETTER, Page


@pytest.fixture
def page() -> Page:
    return Page()


def _invoice(page: Page, *, addresses: bool = True, sums: bool = True) -> list[list[str]]:
    """An invoice without rulings, with right-aligned numbers."""
    if addresses:
        for y, pair in ((40, ("north rail company", "the water board")), (80, ("no 71", "no 902"))):
            page.write(76, y, pair[0])
            page.write(370, y, pair[1])
    rows = [["item", "count", "price"]]
    rows += [[f"thing{n}", str(7 * n), f"{n * 31}.50"] for n in range(1, 6)]
    for number, row in enumerate(rows):
        page.write(100, 120 + 40 * number, row[0])
        for text, right in zip(row[1:], (460, 660), strict=True):
            page.write(right - LETTER * len(text), 120 + 40 * number, text)
    if sums:
        for number, label in enumerate(("sum", "tax")):
            page.write(404, 370 + 30 * number, label)
            page.write(668 - 6 * LETTER, 370 + 30 * number, "915.20")
    return rows


def test_addresses_above_and_sums_below_numbers_are_not_rows_of_their_table(page: Page) -> None:
    rows = _invoice(page)
    (table,), _ = page.found()
    assert table.texts() == rows


def test_sums_aligned_with_their_column_are_rows_of_the_table(page: Page) -> None:
    rows = _invoice(page, addresses=False, sums=False)
    page.write(460 - 3 * LETTER, 360, "sum")
    page.write(660 - 6 * LETTER, 360, "915.20")
    (table,), _ = page.found()
    assert table.texts() == [*rows, ["", "sum", "915.20"]]


def test_a_head_above_the_first_ruling_is_in_the_table(page: Page) -> None:
    rows = [["name", "place", "kind"], *[[f"n{n}", f"town{n}", f"k{n}"] for n in range(4)]]
    for number, row in enumerate(rows):
        for x, text in zip((110, 310, 510), row, strict=True):
            page.write(x, 108 + 40 * number, text)
        page.ruling(100, 140 + 40 * number, 700, 140 + 40 * number)
    page.write(110, 20, "something else that is far away")
    (table,), _ = page.found()
    assert table.texts() == rows


def test_heads_at_the_left_of_numbers_at_the_right_are_in_their_columns(page: Page) -> None:
    for x, text in zip((100, 230, 480), ("item", "2024", "2025"), strict=True):
        page.write(x, 100, text)
    rows = [[f"thing{n}", f"{n}1.50", f"{n}7.25"] for n in range(1, 6)]
    for number, row in enumerate(rows):
        for x, text in zip((100, 400, 650), row, strict=True):
            page.write(x, 140 + 40 * number, text)
    (table,), _ = page.found()
    assert table.texts() == [["item", "2024", "2025"], *rows]


def test_names_as_long_as_their_column_begin_new_rows(page: Page) -> None:
    rows = [["name", "unit", "place", "note"]]
    rows += [
        ["司马相如及其子女", "水务集团有限公司", "东湖岸边居民小区", "" if n % 2 else "大雨"]
        for n in range(6)
    ]
    for number, row in enumerate(rows):
        for x, text in zip((100, 250, 420, 600), row, strict=True):
            if text:
                page.write(x, 100 + 40 * number, text)
    (table,), _ = page.found()
    assert table.texts() == rows


def test_one_entry_of_two_lines_among_many_rows_is_one_row(page: Page) -> None:
    rows = [[f"name{n}", "the institute", f"place{n}"] for n in range(12)]
    y = 60
    for number, row in enumerate(rows):
        for x, text in zip((100, 300, 600), row, strict=True):
            page.write(x, y, text)
        if number == 4:
            y += 25
            page.write(300, y, "of soil")
            row[1] = "the institute\nof soil"
        y += 42
    (table,), _ = page.found()
    assert table.texts() == rows
