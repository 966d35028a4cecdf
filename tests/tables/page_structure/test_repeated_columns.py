"""Columns of a page that have columns within them are no table."""

import pytest

from tests.tables.drawn_page import Page


@pytest.fixture
def page() -> Page:
    return Page()


def _write_columns(page: Page, headings: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    """Two columns of pairs of texts on a common line grid, interrupted by headings."""
    for left, interrupted in zip((40, 480), headings, strict=True):
        for number in range(16):
            if number in interrupted:
                page.write(left + 60, 40 + 36 * number, "heading")
            else:
                page.write(left, 40 + 36 * number, f"find{number % 7}all")
                page.write(left + 170, 40 + 36 * number, "read" + "x" * (number % 5))


def test_columns_interrupted_by_headings_of_their_own_are_no_table(page: Page) -> None:
    _write_columns(page, ((4, 9, 13), (2, 7, 11)))
    assert page.found()[0] == []


def test_columns_interrupted_at_the_same_rows_are_a_table(page: Page) -> None:
    _write_columns(page, ((4, 9, 13), (4, 9, 13)))
    assert len(page.found()[0]) == 1
