"""Tables whose columns have little evidence."""

from tests.tables.drawn_page import Page


def test_a_borderless_table_of_words_is_in_doubt() -> None:
    page = Page()
    words = ["alpha", "beta", "gamma", "delta", "omega"]
    for row in range(5):
        for column in range(3):
            page.write(60 + 270 * column, 60 + 36 * row, words[(row + column) % 5])
    [table], _ = page.found()
    assert table.doubts == ("weak-columns",)


def test_a_column_with_an_entry_in_few_rows_is_in_doubt() -> None:
    page = Page()
    for row in range(12):
        page.write(60, 40 + 36 * row, "alpha")
        page.write(300, 40 + 36 * row, f"{row}1.50")
        page.write(640, 40 + 36 * row, f"{row}3.25")
    [certain], _ = page.found()
    for row in (3, 4):
        page.write(460, 40 + 36 * row, "beta")
    [table], _ = page.found()
    assert (certain.doubts, certain.columns) == ((), 3)
    assert (table.doubts, table.columns) == (("weak-columns",), 4)


def test_answers_to_choose_from_are_not_a_table() -> None:
    page = Page()
    for row in range(5):
        for column, letter in enumerate("ABCD"):
            page.write(60 + 200 * column, 60 + 36 * row, f"{letter}. alpha")
    assert page.found()[0] == []


def test_two_columns_of_lines_of_which_some_are_split_are_not_a_table() -> None:
    """Speeches on two facing pages: a gap after the name or a comma makes no third column."""
    page = Page()
    for row in range(17):
        if row % 4:
            page.write(60, 60 + 36 * row, "alpha beta gamma delta epsilon")
        else:
            page.write(60, 60 + 36 * row, "alpha")
            page.write(168 + 24 * (row % 3), 60 + 36 * row, "beta gamma")
        page.write(500, 60 + 36 * row, "omega psi")
    for row in (3, 9):
        page.write(720, 60 + 36 * row, "epsilon")
    assert page.found()[0] == []
