from docx import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable

from ocrportal.exporters.word.tables import table_element
from ocrportal.layout.fields import (
    Entry,
    FieldGroup,
    ItemTable,
)
from ocrportal.results import Cell, Table


def _write(paragraph, text: str, bold: bool) -> None:
    paragraph.add_r().text = f"*{text}*" if bold else text


def _grid(table: Table, **how) -> list[list[str]]:
    word = WordTable(table_element(table, _write, **how), Document())
    return [[cell.text for cell in row.cells] for row in word.rows]


def test_positions_without_a_cell_are_empty_cells():
    table = Table(2, 2, (Cell("a", 0, 1), Cell("b", 1, 0)))
    assert _grid(table) == [["", "a"], ["b", ""]]


def test_a_cell_may_span_rows_and_columns_at_once():
    table = Table(3, 3, (Cell("big", 0, 0, 2, 2), Cell("c", 0, 2), Cell("d", 2, 1, 1, 2)))
    assert _grid(table) == [["big", "big", "c"], ["big", "big", ""], ["", "d", "d"]]


def test_labels_are_bold_and_narrow():
    group = FieldGroup("", (Entry("Name", "张三"), Entry("Sex", "男")))
    table = group.as_table()
    assert _grid(table, labels=True) == [["*Name*", "张三"], ["*Sex*", "男"]]
    widths = [
        int(w.get(qn("w:w"))) for w in table_element(table, _write, labels=True).iter(qn("w:tcW"))
    ]
    assert widths == [1500, 3500] * 2


def test_the_header_row_of_items_is_bold_and_repeated_on_each_page():
    items = ItemTable("Goods", ("Name", "Tax"), ((Entry("Name", "a"), Entry("Tax", "")),))
    table = items.as_table()
    assert _grid(table, head_row=True) == [["*Name*", "*Tax*"], ["a", ""]]
    heads = table_element(table, _write, head_row=True).findall(f".//{qn('w:tblHeader')}")
    assert len(heads) == 1
