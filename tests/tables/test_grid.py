"""The rulings between the rows of a table without framed cells."""

from tests.tables.drawn_page import LETTER, Page


def _rows(page: Page) -> None:
    for number, row in enumerate((["item", "count"], ["tea", "12"], ["rice", "7"], ["sum", "19"])):
        page.write(100, 110 + 50 * number, row[0])
        page.write(300, 110 + 50 * number, f"kind {number}")
        page.write(600 - LETTER * len(row[1]), 110 + 50 * number, row[1])


def test_only_drawn_edges_are_ruled() -> None:
    page = Page()
    _rows(page)
    for y in (100, 145, 300):
        page.ruling(80, y, 640, y)
    (table,), _ = page.found()
    assert (table.rows, table.ruled_edges) == (4, (0, 1, 4))


def test_a_table_without_rulings_has_no_ruled_edge() -> None:
    page = Page()
    _rows(page)
    (table,), _ = page.found()
    assert table.ruled_edges == ()


def test_the_rulings_of_framed_cells_are_not_listed() -> None:
    page = Page()
    _rows(page)
    for y in (100, 145, 195, 245, 300):
        page.ruling(80, y, 640, y)
    for x in (80, 280, 480, 640):
        page.ruling(x, 100, x, 300)
    (table,), _ = page.found()
    assert table.ruled_edges is None
