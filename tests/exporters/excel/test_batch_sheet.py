"""Fields of several documents as one sheet."""

import io
from datetime import datetime

import openpyxl

from ocrportal.exporters.excel.workbook import write_workbook
from ocrportal.results import Field, PageResult
from tests.exporters.pages import answered, document, merged, page_of, typed


def _book(*parts):
    out = io.BytesIO()
    write_workbook(merged("batch", parts), out)
    return openpyxl.load_workbook(out)


def _answer(name: str, title: str):
    return document(answered(name), title=title, service=name.split(".")[0])


def _rows(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.values]


def test_each_document_is_a_row_with_a_column_per_field():
    sheet = _book(_answer("quota-invoice", "=1 first"), _answer("quota-invoice", "second"))[
        "Fields"
    ]
    assert _rows(sheet) == [
        ["Document", "Invoice amount", "Invoice code", "Position", "Invoice number"],
        ["=1 first", 50, "244031XXXX11", "广东省深圳市", "91XXXX61"],
        ["second", 50, "244031XXXX11", "广东省深圳市", "91XXXX61"],
    ]
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)
    assert sheet.freeze_panes == "B2"
    assert sheet["B1"].font.bold


def test_invoice_numbers_remain_text_and_days_become_dates():
    row = _book(_answer("invoice-verification", "a"))["Fields"]
    shown = dict(
        zip(*(tuple(cell.value for cell in cells) for cells in row.iter_rows()), strict=True)
    )
    assert shown["Invoice number"] == "12528000"
    assert shown["Date of issue"] == datetime(2020, 8, 9)


def test_invoice_items_are_a_sheet_with_the_document_in_each_row():
    book = _book(_answer("vat-invoice", "one"), _answer("vat-invoice", "two"))
    assert book.sheetnames == ["Fields", "Items"]
    items = _rows(book["Items"])
    assert items[0][:2] == ["Document", "Goods or service"]
    assert [row[0] for row in items[1:]] == ["one", "two"]
    assert items[1][4:] == [300, 28, 8400, 0.17, 1428]


def test_each_ticket_on_a_page_is_a_row():
    rows = _rows(_book(_answer("auto-classification.mixed", "mixed"))["Fields"])
    assert rows[0][:3] == ["Document", "No.", "Kind of document"]
    assert [row[:2] for row in rows[1:3]] == [["mixed", 1], ["mixed", 2]]
    assert rows[0].count("Invoice code") == 1


def test_each_page_with_fields_is_a_row():
    cards = document(
        *(PageResult(9, 9, (), fields=(Field(("name",), name),)) for name in ("张三", "李四")),
        title="cards",
        service="id-card",
    )
    rows = _rows(_book(cards)["Fields"])
    assert rows == [["Document", "Page", "Name"], ["cards", 1, "张三"], ["cards", 2, "李四"]]


def test_documents_without_fields_have_a_note_and_keep_their_text():
    letter = document(page_of(typed("一封信")), title="letter")
    book = _book(letter, _answer("vin", "car"), document(title="unread"))
    rows = _rows(book["Fields"])
    assert rows[0] == ["Document", "Note", "VIN"]
    assert [row[:2] for row in rows[1:]] == [
        ["letter", "No fields were found."],
        ["car", None],
        ["unread", "No fields were found."],
    ]
    assert _rows(book["Text"])[1] == ["letter", 1, "一封信"]


def test_a_repeated_label_keeps_both_values():
    twice = PageResult(9, 9, (), fields=(Field(("备注",), "一"), Field(("备注",), "二")))
    assert _rows(_book(document(twice, title="a"))["Fields"]) == [
        ["Document", "备注", "备注 (2)"],
        ["a", "一", "二"],
    ]


def test_labels_beyond_the_last_column_share_it():
    fields = tuple(Field((f"键{number}",), "值") for number in range(16_390))
    sheet = _book(document(PageResult(9, 9, (), fields=fields), title="a"))["Fields"]
    assert sheet.max_column < 16_384
    assert sheet.cell(2, sheet.max_column).value.endswith("键16389: 值")
