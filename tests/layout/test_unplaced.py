from dataclasses import replace

from ocrportal.catalogue.spec import services
from ocrportal.layout.unplaced import unplaced_text
from ocrportal.results import Block, Cell, Field, Table
from tests.exporters.pages import answered, laid_out, line, page_of


def test_fields_without_a_place_have_their_labels():
    label = services()["vin"].label_of("vin")
    assert list(unplaced_text(laid_out(answered("vin"), "vin"))) == [f"{label}: JN8BYXXXXXXXX7207"]


def test_values_in_the_lines_are_not_repeated():
    page = replace(page_of([line("姓名：小 明", 0, 0, 90, 20)]), fields=(Field(("姓名",), "小明"),))
    assert list(unplaced_text(laid_out(page))) == []
    assert list(unplaced_text(laid_out(answered("insurance-policy"), "insurance-policy"))) == []


def test_tables_and_text_without_a_place_are_given_row_by_row():
    assert list(unplaced_text(laid_out(answered("general-table"), "general-table"))) == [
        "文字区域识别文字块1",
        "表格区域识别文字块1 表格区域识别文字块2",
    ]


def test_a_cell_of_two_lines_is_placed_although_another_line_is_between_them():
    lines = [
        line("first half", 0, 0, 90, 20),
        line("beside", 100, 0, 190, 20),
        line("and second", 0, 20, 90, 40),
        line("it", 100, 20, 190, 40),
    ]
    left, right = (((x, 0.0), (x + 100, 0.0), (x + 100, 40.0), (x, 40.0)) for x in (-5.0, 95.0))
    cells = (
        Cell("first half and second", 0, 0, box=left),
        Cell("beside it", 0, 1, box=right),
    )
    box = (left[0], *right[1:3], left[3])
    page = replace(page_of(lines), tables=(Table(1, 2, cells, box=box),))
    assert list(unplaced_text(laid_out(page))) == []


def test_what_a_code_encodes_is_given_although_a_line_is_in_it():
    code = Block("code", "https://example.org/1", line("", 100, 200, 300, 400).box)
    page = replace(page_of([line("ACME", 150, 280, 250, 310)]), blocks=(code,))
    assert list(unplaced_text(laid_out(page))) == [code.text]
