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


def test_the_head_of_a_table_is_its_thead():
    cells = (Cell("a", 0, 0), Cell("b", 0, 1, column_span=2), Cell("c", 1, 0), Cell("d", 1, 1))
    assert html_table(Table(2, 3, cells, head_rows=1)) == (
        "<table>\n<thead>\n"
        '<tr><th scope="col" dir="auto">a</th><th scope="colgroup" dir="auto" colspan="2">b</th>'
        "</tr>\n</thead>\n<tbody>\n"
        '<tr><td dir="auto">c</td><td dir="auto">d</td><td dir="auto"></td></tr>\n'
        "</tbody>\n</table>"
    )


def test_labels_of_rows_are_header_cells():
    table = Table(1, 2, (Cell("a", 0, 0), Cell("b", 0, 1)))
    assert '<th scope="row" dir="auto">a</th><td dir="auto">b</td>' in html_table(
        table, labels=True
    )


def test_text_is_escaped_without_empty_lines():
    table = Table(1, 1, (Cell("<script>\n\n &amp;\x00 ", 0, 0),))
    assert html_table(table) == (
        '<table>\n<tr><td dir="auto">&lt;script&gt;<br>&amp;amp;</td></tr>\n</table>'
    )
