import io

import openpyxl

from ocrportal.exporters.excel import page_sheets
from ocrportal.exporters.excel.workbook import write_workbook
from ocrportal.exporters.options import ExportOptions
from tests.exporters.pages import answered, document, page_of, typed


def _book(*results, **about):
    out = io.BytesIO()
    write_workbook(document(*results, **about), out, ExportOptions(sheets="pages"))
    return openpyxl.load_workbook(out)


def test_a_page_is_a_sheet_in_its_order():
    book = _book(answered("general-table.merged"), page_of(typed("第二页")))
    assert book.sheetnames == ["Page 1", "Page 2"]
    rows = [list(row) for row in book["Page 1"].values]
    texts = [row[0] for row in rows]
    assert texts.index("显示器") == texts.index("产品") + 2
    assert {"销售统计表", "制表人：李四"} <= set(texts)
    top = texts.index("产品") + 1
    ranges = {str(cells) for cells in book["Page 1"].merged_cells.ranges}
    assert {f"A{top}:A{top + 1}", f"B{top}:C{top}"} <= ranges
    assert list(book["Page 2"].values) == [("第二页",)]


def test_fields_are_beside_their_labels():
    sheet = _book(answered("vat-invoice"), service="vat-invoice")["Page 1"]
    rows = [row[:2] for row in sheet.values]
    assert ("Kind of VAT invoice", "special") in rows
    assert ("Items", None) in rows


def test_a_row_is_as_high_as_the_text_across_its_columns():
    sheet = _book(page_of(typed("字" * 100, em=5)))["Page 1"]
    assert sheet["A1"].alignment.wrap_text
    assert sheet.row_dimensions[1].height == 45


def test_a_page_that_exceeds_a_sheet_becomes_several_sheets(monkeypatch):
    monkeypatch.setattr(page_sheets, "MAX_ROWS", 3)
    assert _book(answered("general-table.merged")).sheetnames == ["Page 1", "Text"]


def test_an_entry_of_the_contents_is_two_cells():
    (sheet,) = _book(page_of(typed("第一章 总则…………1"))).worksheets
    assert [cell.value for cell in sheet[1]][:2] == ["第一章 总则", "1"]
