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


def test_a_head_above_the_heading_of_a_group_is_in_the_table(page: Page) -> None:
    for right, text in ((460, "2024"), (660, "2023")):
        page.write(right - LETTER * 4, 60, text)
    page.write(76, 100, "Assets", bold=True)
    for n in range(1, 6):
        page.write(100, 100 + 40 * n, f"thing{n}")
        for right, text in ((460, f"{n}1.50"), (660, f"{n * 3}7.25")):
            page.write(right - LETTER * len(text), 100 + 40 * n, text)
    (table,), _ = page.found()
    assert table.texts()[:2] == [["", "2024", "2023"], ["Assets", "", ""]]


def test_a_head_over_the_gutter_of_two_columns_is_in_the_table(page: Page) -> None:
    page.write(356, 60, "Group")
    page.write(656, 60, "Bank")
    rights = (360, 480, 640, 760)
    for right, text in zip(rights, ("2024", "2023", "2024", "2023"), strict=True):
        page.write(right - LETTER * 4, 100, text)
    for n in range(1, 6):
        page.write(100, 100 + 40 * n, f"thing{n}")
        for right, text in zip(rights, ("1.50", "2.75", "9.25", "8.50"), strict=True):
            page.write(right - LETTER * len(text), 100 + 40 * n, text)
    (table,), _ = page.found()
    assert [text for text in table.texts()[0] if text] == ["Group", "Bank"]


def test_lines_above_a_ruling_and_a_head_below_it_are_not_in_the_table(page: Page) -> None:
    for y in (140, 400):
        page.ruling(100, y, 700, y)
    for y, texts in ((60, ("No", "4379195757")), (100, ("Date", "2021-10-23"))):
        page.write(110, y, texts[0])
        page.write(690 - LETTER * len(texts[1]), y, texts[1])
    rows = [["item", "count", "price"], *[[f"thing{n}", f"{n}", f"{n}.50"] for n in range(1, 6)]]
    for number, row in enumerate(rows):
        for text, right in zip(row, (110 + LETTER * len(row[0]), 460, 690), strict=True):
            page.write(right - LETTER * len(text), 150 + 40 * number, text)
    (table,), _ = page.found()
    assert table.texts() == rows


def test_tables_beside_each_other_keep_their_heads_above_rulings(page: Page) -> None:
    rows = [["name", "kind"], *[[f"n{n}", f"{n}5"] for n in range(5)]]
    for left in (40, 450):
        for number, row in enumerate(rows):
            for x, text in zip((left + 10, left + 250), row, strict=True):
                page.write(x, 108 + 40 * number, text)
            page.ruling(left, 140 + 40 * number, left + 380, 140 + 40 * number)
    tables, _ = page.found()
    assert [table.texts() for table in tables] == [rows, rows]
