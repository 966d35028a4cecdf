"""Running text beside a table is not a column of it."""

from textwrap import wrap

import pytest

from tests.tables.drawn_page import LETTER, Page

PROSE = (
    "the fox ran back to its den where cubs had waited for the food she found in the wood and "
    "behind the mill by the river a heron stood in shallow water as if nothing had ever happened "
    "until someone on the bridge dropped a bag of apples that went bobbing downstream one by one"
)
NUMBERS = ["408.70", "128.02", "340.40", "207.93", "17.50", "96.11"]


@pytest.fixture
def page() -> Page:
    return Page()


def _write_table(page: Page, top: int, x: int = 500) -> None:
    for number, amount in enumerate(NUMBERS):
        page.write(x, top + 36 * number, f"item{number}")
        page.write(x + 300 - LETTER * len(amount), top + 36 * number, amount)


def test_text_beside_a_table_between_rulings_of_the_page_is_not_in_it(page: Page) -> None:
    page.ruling(40, 60, 840, 60)
    page.ruling(40, 640, 840, 640)
    lines = wrap(PROSE, 33)
    for number, line in enumerate(lines[:6]):
        page.write(50, 100 + 36 * number, line)
    _write_table(page, 100)
    (table,), _ = page.found()
    assert [row[-1] for row in table.texts()] == NUMBERS
    assert table.columns == 2


def test_entries_of_several_lines_are_a_column_of_the_table(page: Page) -> None:
    page.ruling(40, 60, 840, 60)
    page.ruling(40, 640, 840, 640)
    lines = wrap(PROSE, 33)
    for number in range(4):
        page.write(500, 80 + 130 * number, f"item{number}")
        page.write(700, 80 + 130 * number, NUMBERS[number])
        for line in range(2):
            page.write(50, 80 + 130 * number + 30 * line, lines[2 * number + line])
    (table,), _ = page.found()
    assert table.columns == 3
    assert [row[1:] for row in table.texts()] == [[f"item{n}", NUMBERS[n]] for n in range(4)]
