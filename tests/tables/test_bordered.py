"""Rulings that do not form a complete grid."""

from tests.tables.drawn_page import Page


def test_rulings_that_enclose_no_rectangles_are_in_doubt() -> None:
    page = Page()
    page.grid([100, 300, 500], [100, 140, 180])
    for row, text in enumerate(["one", "two"]):
        page.write(110, 108 + 40 * row, text)
        page.write(310, 108 + 40 * row, text)
    [certain], _ = page.found()
    # Two sides are erased, so that three cells are one area.
    page.erase(302, 138, 498, 142)
    page.erase(298, 142, 302, 178)
    [table], _ = page.found()
    assert (certain.doubts, table.doubts) == ((), ("incomplete-rulings",))
