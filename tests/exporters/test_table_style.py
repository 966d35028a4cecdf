from ocrportal.exporters.table_style import CellStyle, TableStyle, table_style
from ocrportal.layout.blocks import TableBlock, TextLine
from ocrportal.results import Cell, Line, PageResult, Table

HEIGHT = 20
LETTER = 10


def _line(text: str, left: float, top: float) -> Line:
    right, bottom = left + LETTER * len(text), top + HEIGHT
    return Line(text, ((left, top), (right, top), (right, bottom), (left, bottom)), 1.0)


def _cell(text: str, row: int, column: int, *, columns: int = 1) -> Cell:
    """Columns are 300 pixels wide, and rows 60 pixels high."""
    left, top = 100.0 + 300 * column, 200.0 + 60 * row
    right, bottom = left + 300 * columns, top + 60
    box = (left, top), (right, top), (right, bottom), (left, bottom)
    return Cell(text, row, column, column_span=columns, box=box)


def _style(cells: list[Cell], lines: list[Line]) -> TableStyle:
    rows = max(cell.row for cell in cells) + 1
    table = Table(rows, 3, tuple(cells))
    printed = tuple(TextLine((line.text,), (place,)) for place, line in enumerate(lines))
    found = table_style(TableBlock(table, printed), PageResult(1200, 1000, lines=tuple(lines)))
    assert found is not None
    return found


def _column(x_of, top: float = 20) -> list[CellStyle]:
    """The styles of the second column, with texts at the places of ``x_of``."""
    texts = ["123456", "1234", "12345678", "12"]
    cells = [_cell("name", 0, 0), _cell("", 0, 2)]
    cells += [_cell(text, row, 1) for row, text in enumerate(texts)]
    lines = [_line("name", 110, 220)]
    lines += [
        _line(text, x_of(LETTER * len(text)), 200 + top + 60 * row)
        for row, text in enumerate(texts)
    ]
    return list(_style(cells, lines).cells[2:])


def test_texts_are_aligned_where_their_places_differ_least():
    assert [style.alignment for style in _column(lambda width: 420)] == ["left"] * 4
    assert [style.alignment for style in _column(lambda width: 690 - width)] == ["right"] * 4
    assert [style.alignment for style in _column(lambda width: 560 - width / 2)] == ["centre"] * 4


def test_the_white_beside_a_text_is_its_indent():
    assert [style.indent for style in _column(lambda width: 420)] == [20] * 4
    assert [style.indent for style in _column(lambda width: 690 - width)] == [10] * 4


def test_texts_are_above_below_or_in_the_middle_of_their_cells():
    assert {style.vertical for style in _column(lambda width: 420)} == {"centre"}
    assert {style.vertical for style in _column(lambda width: 420, top=2)} == {"top"}
    assert {style.vertical for style in _column(lambda width: 420, top=38)} == {"bottom"}


def test_an_indented_label_keeps_its_indent():
    texts = ["Income", "of it: rent", "Costs", "Total"]
    cells = [_cell(text, row, 0) for row, text in enumerate(texts)] + [
        _cell("", 0, 1),
        _cell("", 0, 2),
    ]
    lines = [
        _line(text, 130 if row == 1 else 105, 220 + 60 * row) for row, text in enumerate(texts)
    ]
    styles = _style(cells, lines).cells[:4]
    assert [style.alignment for style in styles] == ["left"] * 4
    assert [style.indent for style in styles] == [5, 30, 5, 5]


def test_merged_cells_do_not_hide_the_sides_of_columns():
    cells = [_cell("title", 0, 0, columns=3), *(_cell("x", 1, column) for column in range(3))]
    found = _style(cells, [_line("title", 500, 220)])
    assert found.widths == (300, 300, 300)
    assert found.heights == (60, 60)


def test_a_table_without_positions_has_no_style():
    block = TableBlock(Table(1, 2, (Cell("a", 0, 0), Cell("b", 0, 1))))
    assert table_style(block, PageResult(100, 100, lines=())) is None
