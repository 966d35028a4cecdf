"""The contents of a page and the texts of its copy buttons."""

import json

from ocrportal.catalogue.spec import services
from ocrportal.engines.huawei.parsing.response import parse_response
from ocrportal.results import Cell, Char, Field, Line, PageResult, Table
from ocrportal.web.views.page.context import Piece
from ocrportal.web.views.page.parts import CellView, PageParts, parts_of
from tests.exporters.pages import laid_out

BOX = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
BELOW = tuple((x, y + 40) for x, y in BOX)


def shown(cell: CellView) -> str:
    return "".join(piece.text for piece in cell.pieces)


def read(samples, service: str, variant: str) -> PageParts:
    raw = json.loads((samples / "cloud" / f"{service}{variant}.json").read_text("utf-8"))
    entry = services()[service]
    result = parse_response(entry, raw, width=2000, height=1400, scale_x=1, scale_y=1)
    return parts_of(laid_out(result, service))


def test_fields_have_labels_the_clouds_own_names_and_texts_to_copy():
    fields = (Field(("front", "name"), "张三"), Field(("front", "sex"), "男"))
    parts = parts_of(laid_out(PageResult(100, 100, (), fields=fields), "id-card"))
    (view,) = parts.views
    assert view.kind == "fields"
    name, sex = view.entries
    assert (name.label, name.names, name.value) == ("Name", "front.name", "张三")
    assert (parts.texts[name.key], parts.texts[sex.key]) == ("张三", "男")
    assert parts.texts["fields"].endswith("Name\t张三\nSex\t男")


def test_doubtful_values_say_how_sure_the_engine_is():
    fields = (
        Field(("name",), "张三", 0.41),
        Field(("sex",), "男", 0.99),
        Field(("birth",), "2000"),
    )
    (view,) = parts_of(laid_out(PageResult(100, 100, (), fields=fields), "id-card")).views
    assert [entry.percent for entry in view.entries] == [41, None, None]


def test_fields_and_cells_point_to_their_places_on_the_picture():
    cells = (Cell("a", 0, 0), Cell("b", 0, 1, box=BOX))
    fields = (Field(("name",), "张三"), Field(("sex",), "男", box=BELOW))
    result = PageResult(100, 100, (), tables=(Table(1, 2, cells),), fields=fields)
    fields_view, table = parts_of(laid_out(result, "id-card")).views
    assert [entry.outlines for entry in fields_view.entries] == [(), ("field-1",)]
    assert [cell.outline for cell in table.rows[0]] == ["", "cell-0-1"]


def test_the_same_field_twice_points_to_two_places():
    same = Field(("note",), "x", box=BOX)
    again = Field(("note",), "x", box=BOX)
    (view,) = parts_of(laid_out(PageResult(100, 100, (), fields=(same, again)))).views
    assert [entry.outlines for entry in view.entries] == [("field-0",), ("field-1",)]


def test_tables_keep_their_merged_cells(samples):
    parts = read(samples, "general-table", ".merged")
    (table,) = [view for view in parts.views if view.kind == "table"]
    spans = [[(shown(c), c.row_span, c.column_span) for c in row] for row in table.rows]
    assert spans[0] == [("产品", 2, 1), ("销量", 1, 2)]
    assert spans[1] == [("上半年", 1, 1), ("下半年", 1, 1)]
    assert parts.texts[table.key].splitlines()[0] == "产品\t销量\t"


def test_items_of_an_invoice_are_a_table_with_labels(samples):
    parts = read(samples, "vat-invoice", "")
    (items,) = [view for view in parts.views if view.kind == "items"]
    assert items.columns[0] == "Goods or service"
    assert items.rows[0][0].value == "食品A"
    assert parts.texts[items.key].splitlines()[0].startswith("Items")
    assert "食品A\t200g/盒" in parts.texts["fields"]


def test_text_in_a_table_is_not_shown_a_second_time():
    lines = (Line("title", BOX, 0.9), Line("cell", BELOW, 0.9))
    table = Table(1, 1, (Cell("cell", 0, 0, box=BELOW),), box=BELOW)
    parts = parts_of(laid_out(PageResult(100, 100, lines, tables=(table,))))
    text, table_view = parts.views
    assert [line.indices for line in text.lines] == [(0,)]
    assert shown(table_view.rows[0][0]) == "cell"
    assert parts.texts["joined"] == "title\ncell"


def test_a_line_keeps_its_index_when_earlier_lines_are_shown_elsewhere():
    lines = (Line("cell", BOX, 0.9), Line("after", BELOW, 0.5))
    table = Table(1, 1, (Cell("cell", 0, 0, box=BOX),), box=BOX)
    parts = parts_of(laid_out(PageResult(100, 100, lines, tables=(table,))))
    (line,) = parts.views[-1].lines
    assert (line.indices, line.pieces) == ((1,), (Piece("after", 50),))


def test_doubtful_characters_of_a_cell_are_pieces_of_their_own():
    chars = (Char("1", 0, 0.5, 0.99), Char("7", 0.5, 1, 0.4))
    lines = (Line("17", BOX, 0.7, chars), Line("km", BELOW, 0.99))
    frame = ((0.0, 0.0), (99.0, 0.0), (99.0, 99.0), (0.0, 99.0))
    table = Table(1, 1, (Cell("17\nkm", 0, 0, confidence=0.9, box=frame),), box=frame)
    (view,) = parts_of(laid_out(PageResult(100, 100, lines, tables=(table,)))).views
    assert view.rows[0][0].pieces == (
        Piece("1", None),
        Piece("7", 40),
        Piece("\n", None),
        Piece("km", None),
    )


def test_a_cell_that_is_not_made_of_lines_is_doubtful_as_a_whole():
    cells = (Cell("ab", 0, 0, confidence=0.5, box=BOX), Cell("cd", 1, 0, confidence=0.9))
    table = Table(2, 1, cells, box=BOX)
    result = PageResult(100, 100, (Line("a", BOX, 0.9),), tables=(table,))
    (view,) = parts_of(laid_out(result)).views
    assert [row[0].pieces for row in view.rows] == [(Piece("ab", 50),), (Piece("cd", None),)]


def test_text_can_be_copied_as_paragraphs_or_as_printed():
    below = tuple((x, y + 25) for x, y in BOX)
    lines = (Line("你好世", BOX, 0.99), Line("界", below, 0.99))
    parts = parts_of(laid_out(PageResult(100, 100, lines)))
    assert (parts.texts["joined"], parts.texts["kept"]) == ("你好世界", "你好世\n界")
    assert "fields" not in parts.texts


def test_places_without_a_cell_stay_empty_so_that_no_column_shifts():
    table = Table(2, 2, (Cell("a", 0, 1, box=BOX), Cell("b", 1, 0)))
    (view,) = parts_of(laid_out(PageResult(100, 100, (), tables=(table,)))).views
    assert [[shown(cell) for cell in row] for row in view.rows] == [["", "a"], ["b", ""]]
    assert [cell.outline for cell in view.rows[0]] == ["", "cell-0-0"]
