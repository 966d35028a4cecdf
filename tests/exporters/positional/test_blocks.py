from dataclasses import replace

from ocrportal.exporters.positional.blocks import PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import Place, PlacedRow
from ocrportal.results import Cell, PageResult, Table
from tests.exporters.pages import corners, laid_out, line, page_of, price_list, recorded


def _text(row: PlacedRow) -> str:
    return "".join(word.text + " " * word.blank for word in row.words)


def _told(result: PageResult) -> list:
    """Paragraphs as lists of rows; tables with the printed and the other rows of their cells."""
    return [
        [[(*map(_text, cell.rows), *cell.texts) for cell in row] for row in part.rows]
        if isinstance(part, PlacedTable)
        else list(map(_text, part.rows))
        for part in placed_blocks(laid_out(result))
    ]


def _table(*texts: str, **about) -> Table:
    cells = tuple(Cell(text, 0, column) for column, text in enumerate(texts))
    return Table(rows=1, columns=len(texts), cells=cells, **about)


PRICES = [
    ["Above the table"],
    [[("Price list", "of tea")], [("Green",), ("12",)], [(), ("sold out",)]],
    ["Below the table"],
]


def test_a_table_stands_in_order_with_its_lines_in_their_cells_alone():
    assert _told(price_list()) == PRICES
    (table,) = (
        part for part in placed_blocks(laid_out(price_list())) if isinstance(part, PlacedTable)
    )
    assert table.place == Place(100, 200, 500, 340)
    assert [cell.place for row in table.rows for cell in row][:2] == [
        Place(100, 200, 500, 260),
        Place(100, 260, 300, 300),
    ]


def test_where_cells_have_no_places_the_place_of_the_table_is_enough():
    page = price_list()
    (table,) = page.tables
    cells = tuple(replace(cell, box=None) for cell in table.cells)
    assert _told(replace(page, tables=(replace(table, cells=cells),))) == PRICES


def test_a_line_over_two_cells_is_left_to_the_text_of_the_cells():
    table = _table("Green", "12", box=corners(100, 200, 500, 240))
    page = replace(page_of([line("Green 12", 110, 205, 400, 235)]), tables=(table,))
    assert _told(page) == [[[("Green",), ("12",)]]]


def test_what_a_table_frames_but_does_not_say_stays_a_line():
    table = _table("Green", box=corners(100, 200, 500, 240))
    page = replace(page_of([line("stamp", 110, 205, 400, 235)]), tables=(table,))
    assert sorted(map(str, _told(page))) == ["['stamp']", "[[('Green',)]]"]


def test_of_equal_texts_each_cell_has_its_own_line():
    boxes = [corners(100, 200, 300, 240), corners(300, 200, 500, 240)]
    cells = tuple(Cell("1", 0, column, box=box) for column, box in enumerate(boxes))
    table = Table(rows=1, columns=2, cells=cells, box=corners(100, 200, 500, 240))
    lines = [line("1", 310, 205, 330, 235), line("1", 110, 205, 130, 235)]
    (part,) = placed_blocks(laid_out(replace(page_of(lines), tables=(table,))))
    assert [cell.rows[0].place.left for cell in part.rows[0]] == [110, 310]


def test_a_table_of_no_place_comes_last_unless_the_lines_tell_it_already():
    lines = [line("Green tea: 12", 100, 100, 400, 130)]
    assert _told(replace(page_of(lines), tables=(_table("Green", "12"),))) == [["Green tea: 12"]]
    assert _told(replace(page_of(lines), tables=(_table("Black", "12"),))) == [
        ["Green tea: 12"],
        [[("Black",), ("12",)]],
    ]


def test_a_page_that_lies_on_its_side_has_its_table_where_the_reader_sees_it():
    page = price_list()

    def turned(box):
        return tuple((y, 1000 - x) for x, y in box)

    (table,) = page.tables
    sideways = replace(
        page,
        width=1400,
        height=1000,
        rotation=90,
        lines=tuple(replace(entry, box=turned(entry.box)) for entry in page.lines),
        tables=(
            replace(
                table,
                box=turned(table.box),
                cells=tuple(replace(cell, box=turned(cell.box)) for cell in table.cells),
            ),
        ),
    )
    assert [*placed_blocks(laid_out(sideways))] == [*placed_blocks(laid_out(page))]


def test_pages_without_tables_have_all_of_their_lines():
    page = recorded("page_zh")
    printed = "".join(entry.text for entry in page.lines)
    told = "".join(row for rows in _told(page) for row in rows)
    assert sorted(told.replace(" ", "")) == sorted(printed.replace(" ", ""))
