"""Text that does not fit into the cells of a table."""

from tests.tables.drawn_page import Page


def test_text_over_the_side_of_its_cell_is_in_doubt() -> None:
    page = Page()
    page.grid([100, 300, 500], [100, 140, 180])
    for x, y, text in ((110, 108, "one"), (310, 108, "two"), (110, 148, "three")):
        page.write(x, y, text)
    [certain], _ = page.found()
    page.write(310, 148, "goesonbesidethetable")
    [table], _ = page.found()
    assert (certain.doubts, table.doubts) == ((), ("text-over-sides",))
