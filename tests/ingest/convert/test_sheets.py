"""The cells of workbooks, as LibreOffice passes them on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook as Book

from ocrportal.ingest.convert.office import convert_office
from ocrportal.ingest.convert.sheets import Workbook
from ocrportal.ingest.sniff.file_type import Format


def workbook_of(book: Book, folder: Path) -> Workbook:
    source = folder / "book.xlsx"
    book.save(source)
    return convert_office(
        source,
        Format("xlsx", "", "xlsx"),
        folder,
        seconds=120,
        memory_mb=1024,
        max_unpacked_bytes=100 * 2**20,
    ).workbook


def test_merged_cells_end_where_hidden_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    book = Book()
    for row in range(1, 7):
        book.active.append([f"{column}{row}" for column in "ABCDE"])
    book.active.merge_cells("A2:A4")  # with a hidden row in it
    book.active.merge_cells("B5:D5")  # with a hidden column in it
    book.active.merge_cells("E3:E4")  # it begins in the hidden row
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True

    (sheet,) = workbook_of(book, tmp_path).sheets

    assert sheet.table.texts() == [
        ["A1", "B1", "D1", "E1"],
        ["A2", "B2", "D2", "E2"],
        ["", "B4", "D4", "E3"],
        ["A5", "B5", "", "E5"],
        ["A6", "B6", "D6", "E6"],
    ]
    merged = {c.text: (c.row_span, c.column_span) for c in sheet.table.cells}
    assert (merged["A2"], merged["B5"], merged["E3"]) == ((2, 1), (1, 2), (1, 1))


def test_cells_merges_and_sheets_are_read(tmp_path: Path) -> None:
    book = Book()
    devices = book.active
    devices.title = "设备清单"
    devices.append(["设备清单 2024"])
    devices.merge_cells("A1:C1")
    devices.append(["名称", "金额", "日期"])
    for number in range(1, 121):
        # Too wide for its column: printed as ###.
        devices.append([f"扫描仪{number}", 1234567.5 * number, dt.date(2024, 5, 28)])
        devices.cell(number + 2, 2).number_format = "#,##0.00"
    book.create_sheet("hidden").append(["secret"])
    book["hidden"].sheet_state = "hidden"
    book.create_sheet("empty")
    notes = book.create_sheet("Notes")
    notes["B3"] = "A long text that its neighbour cuts off\nand a second line"
    notes["C3"] = "007"
    notes["C5"] = True
    notes.row_dimensions[4].hidden = True
    notes["B4"] = "hidden row"

    found = workbook_of(book, tmp_path)

    assert found.has_hidden_sheets
    first, second = found.sheets
    assert (first.name, first.first_page, second.name) == ("设备清单", 1, "Notes")
    assert second.first_page == second.last_page == first.last_page + 1 > 2
    assert (first.table.rows, first.table.columns) == (122, 3)
    assert first.table.cells[0].column_span == 3
    assert first.table.texts()[0] == ["设备清单 2024", "", ""]
    assert first.table.texts()[1] == ["名称", "金额", "日期"]
    assert first.table.texts()[121][:2] == ["扫描仪120", "148,148,100.00"]
    assert second.table.texts() == [
        ["A long text that its neighbour cuts off\nand a second line", "007"],
        ["", "TRUE"],
    ]


def test_spaces_and_line_ends_of_a_cell_are_kept(tmp_path: Path) -> None:
    book = Book()
    book.active.append(["a   b", "first\nsecond"])
    [found] = workbook_of(book, tmp_path).sheets
    assert found.table.texts() == [["a   b", "first\nsecond"]]


def test_a_workbook_with_too_many_cells_is_left_to_its_pages(tmp_path: Path, monkeypatch) -> None:
    book = Book()
    for _row in range(3):
        book.active.append([1, 2, 3])
    monkeypatch.setattr("ocrportal.ingest.convert.sheets._MAX_CELLS", 8)
    monkeypatch.setattr(
        "ocrportal.ingest.convert.office.call_isolated",
        lambda function, *arguments, **limits: function(*arguments),
    )
    assert workbook_of(book, tmp_path).sheets == ()
