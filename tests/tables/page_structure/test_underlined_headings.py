"""Rulings below headings are no rulings of a table."""

import pytest

from tests.tables.drawn_page import Page


@pytest.fixture
def page() -> Page:
    return Page()


def _write_groups(page: Page) -> None:
    """Three groups of pairs of texts."""
    for top in (80, 260, 440):
        for number in range(3):
            page.write(60, top + 34 * number, f"find{number}all")
            page.write(400, top + 34 * number, "read" + "x" * number)


def test_groups_with_underlined_headings_are_no_table(page: Page) -> None:
    _write_groups(page)
    for top, heading in ((40, "results"), (220, "outlook"), (400, "payment")):
        page.write(60, top, heading)
        page.ruling(50, top + 30, 800, top + 30)
    assert page.found()[0] == []


def test_a_table_below_a_caption_with_rulings_between_its_groups_is_found(page: Page) -> None:
    _write_groups(page)
    page.write(60, 36, "table7")
    for y in (66, 240, 420, 560):
        page.ruling(50, y, 800, y)
    assert len(page.found()[0]) == 1
