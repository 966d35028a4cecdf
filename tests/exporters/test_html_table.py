from ocrportal.exporters.html_table import html_table
from ocrportal.results import Cell, Table


def test_merged_cells_have_spans_and_covered_cells_are_left_out():
    cells = (Cell("甲", 0, 0, row_span=2), Cell("乙", 0, 1, column_span=2), Cell("丙", 1, 2))
    assert html_table(Table(2, 3, cells)) == (
        "<table>\n"
        '<tr><td dir="auto" rowspan="2">甲</td><td dir="auto" colspan="2">乙</td></tr>\n'
        '<tr><td dir="auto"></td><td dir="auto">丙</td></tr>\n'
        "</table>"
    )


def test_labels_of_columns_and_rows_are_header_cells():
    table = Table(1, 2, (Cell("a", 0, 0), Cell("b", 0, 1)))
    assert '<th scope="col" dir="auto">a</th><th scope="col" dir="auto">b</th>' in html_table(
        table, head_row=True
    )
    assert '<th scope="row" dir="auto">a</th><td dir="auto">b</td>' in html_table(
        table, labels=True
    )


def test_text_is_escaped_without_empty_lines():
    table = Table(1, 1, (Cell("<script>\n\n &amp;\x00 ", 0, 0),))
    assert html_table(table) == (
        '<table>\n<tr><td dir="auto">&lt;script&gt;<br>&amp;amp;</td></tr>\n</table>'
    )
