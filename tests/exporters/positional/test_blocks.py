from dataclasses import replace

from ocrportal.exporters.positional.blocks import PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import PlacedLine
from ocrportal.geometry import Rect
from ocrportal.results import Cell, Field, PageResult, Table
from tests.exporters.pages import corners, laid_out, line, page_of, price_list, recorded


def _text(line: PlacedLine) -> str:
    return "".join(word.text + " " * word.space_after for word in line.words)


def _shown(result: PageResult) -> list:
    """Paragraphs as lists of lines; tables with the printed lines and the texts of their cells."""
    return [
        [[(*map(_text, cell.lines), *cell.texts) for cell in row] for row in part.rows]
        if isinstance(part, PlacedTable)
        else list(map(_text, part.lines))
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


def test_the_lines_of_a_table_are_only_in_its_cells():
    assert _shown(price_list()) == PRICES
    (table,) = (
        part for part in placed_blocks(laid_out(price_list())) if isinstance(part, PlacedTable)
    )
    assert table.rect == Rect(100, 200, 500, 340)
    assert [cell.rect for row in table.rows for cell in row][:2] == [
        Rect(100, 200, 500, 260),
        Rect(100, 260, 300, 300),
    ]


def test_lines_are_matched_to_cells_without_positions():
    page = price_list()
    (table,) = page.tables
    cells = tuple(replace(cell, box=None) for cell in table.cells)
    assert _shown(replace(page, tables=(replace(table, cells=cells),))) == PRICES


def test_a_line_across_two_cells_is_replaced_by_the_text_of_the_cells():
    table = _table("Green", "12", box=corners(100, 200, 500, 240))
    page = replace(page_of([line("Green 12", 110, 205, 400, 235)]), tables=(table,))
    assert _shown(page) == [[[("Green",), ("12",)]]]


def test_a_line_within_a_table_that_no_cell_contains_is_kept():
    table = _table("Green", box=corners(100, 200, 500, 240))
    page = replace(page_of([line("stamp", 110, 205, 400, 235)]), tables=(table,))
    assert sorted(map(str, _shown(page))) == ["['stamp']", "[[('Green',)]]"]


def test_cells_with_equal_texts_have_their_own_lines():
    boxes = [corners(100, 200, 300, 240), corners(300, 200, 500, 240)]
    cells = tuple(Cell("1", 0, column, box=box) for column, box in enumerate(boxes))
    table = Table(rows=1, columns=2, cells=cells, box=corners(100, 200, 500, 240))
    lines = [line("1", 310, 205, 330, 235), line("1", 110, 205, 130, 235)]
    (part,) = placed_blocks(laid_out(replace(page_of(lines), tables=(table,))))
    assert [cell.lines[0].rect.left for cell in part.rows[0]] == [110, 310]


def test_a_table_without_a_position_is_last_unless_the_lines_contain_it():
    lines = [line("Green tea: 12", 100, 100, 400, 130)]
    assert _shown(replace(page_of(lines), tables=(_table("Green", "12"),))) == [["Green tea: 12"]]
    assert _shown(replace(page_of(lines), tables=(_table("Black", "12"),))) == [
        ["Green tea: 12"],
        [[("Black",), ("12",)]],
    ]


def test_a_table_on_a_rotated_page_has_upright_positions():
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


def test_a_page_without_tables_has_all_its_lines():
    page = recorded("page_zh")
    printed = "".join(entry.text for entry in page.lines)
    shown = "".join(row for rows in _shown(page) for row in rows)
    assert sorted(shown.replace(" ", "")) == sorted(printed.replace(" ", ""))


def test_the_lines_of_fields_are_at_their_places_among_the_text():
    lines = [
        line("Heading of the letter", 100, 100, 500, 130),
        line("Name: Zhang", 100, 200, 300, 230),
        line("Closing words", 100, 300, 400, 330),
    ]
    page = replace(page_of(lines), fields=(Field(("Name",), "Zhang", box=lines[1].box),))
    assert _shown(page) == [["Heading of the letter"], ["Name: Zhang"], ["Closing words"]]
