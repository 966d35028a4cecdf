"""Content beyond the limits of a sheet; the tests lower the limits."""

import io

import openpyxl
import pytest

from ocrportal.exporters.excel import sheets
from ocrportal.exporters.excel.sheets import Book, Grid, is_too_long, pieces
from ocrportal.exporters.excel.workbook import write_workbook
from ocrportal.results import Cell, PageResult, Table
from tests.exporters.pages import document


@pytest.fixture
def small(monkeypatch):
    """Sheets of three rows and two columns."""
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    monkeypatch.setattr(sheets, "MAX_COLUMNS", 2)


def _saved(book: Book):
    out = io.BytesIO()
    book.save(out, "x")
    return openpyxl.load_workbook(out)


def test_rows_and_columns_continue_on_further_sheets_with_the_header(small):
    book = Book()
    rows = [["a", "b", "c"], *([n, n, n] for n in range(3))]
    assert book.add_grid("t", Grid(rows, head_rows=1)) == 4
    assert {sheet.title: list(sheet.values) for sheet in _saved(book)} == {
        "t": [("a", "b"), (0, 0), (1, 1)],
        "t (2)": [("a", "b"), (2, 2)],
        "t (3)": [("c",), (0,), (1,)],
        "t (4)": [("c",), (2,)],
    }


def test_a_text_is_divided_into_cells_between_characters():
    text = "x" + "𠮷" * 40_000
    parts = list(pieces(text))
    assert is_too_long(text)
    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le")) <= 2 * 32_767 for part in parts)


def test_a_shortened_cell_ends_with_an_ellipsis_and_the_full_text_is_in_the_text_sheet():
    text = "y" * 40_000
    page = PageResult(9, 9, (), tables=(Table(1, 1, (Cell(text, 0, 0),)),))
    out = io.BytesIO()
    write_workbook(document(page), out)
    book = openpyxl.load_workbook(out)
    assert book["Page 1"]["A1"].value.endswith("y …")
    assert "".join(row[1] for row in list(book["Text"].values)[1:]) == text
