import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from lxml import etree, html

from ocrportal.exporters.excel.workbook import write_workbook
from ocrportal.exporters.options import ExportOptions
from ocrportal.results import Cell, Field, PageResult, Table
from tests.exporters.pages import answered, document, line, page_of, recorded, typed


def _written(*results, options=None, **about) -> io.BytesIO:
    out = io.BytesIO()
    write_workbook(document(*results, **about), out, options or ExportOptions())
    return out


def _book(*results, **about):
    return openpyxl.load_workbook(_written(*results, **about))


def _rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _page_with(*rows: tuple[str, ...]) -> PageResult:
    cells = [Cell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return PageResult(100, 100, (), tables=(Table(len(rows), len(rows[0]), tuple(cells)),))


def test_pages_without_tables_are_one_sheet_with_a_row_per_paragraph():
    zh, en = page_of([line("第一页", 0, 0, 60, 20)]), page_of([line("two", 0, 0, 60, 20)])
    book = _book(zh, page_of([]), en, title="扫描")
    assert book.sheetnames == ["Text"]
    assert _rows(book["Text"]) == [["Page", "Text"], [1, "第一页"], [3, "two"]]
    assert book.properties.title == "扫描"
    assert not book.properties.creator


def test_an_empty_document_is_an_empty_sheet():
    assert _rows(_book(page_of([]), page_of([]))["Text"]) == [["Page", "Text"]]


@pytest.mark.parametrize("sheets", ["tables", "pages"])
def test_a_sheet_of_a_workbook_keeps_its_name(sheets):
    named = replace(_page_with(("a", "b")), details={"sheet": "2024/预算"})
    book = _book(_page_with(("c",)), named, options=ExportOptions(sheets=sheets))
    assert book.sheetnames[:2] == ["Page 1", "2024 预算"]


def test_each_table_is_a_sheet_with_its_merged_cells():
    merged = answered("general-table.merged")
    twice = PageResult(100, 100, (), tables=_page_with(("a",)).tables + _page_with(("b",)).tables)
    book = _book(merged, twice)
    assert book.sheetnames == ["Page 1", "Page 2", "Page 2 (2)", "Text"]
    assert _rows(book["Page 1"]) == [
        ["产品", "销量", None],
        [None, "上半年", "下半年"],
        ["显示器", 120, 135],
        ["合计：255", None, None],
    ]
    assert {str(cells) for cells in book["Page 1"].merged_cells.ranges} == {
        "A1:A2",
        "B1:C1",
        "A4:C4",
    }
    assert _rows(book["Text"])[1:] == [[1, "销售统计表"], [1, "制表人：李四"]]


def test_fields_are_a_sheet_with_a_row_per_page_and_a_column_per_label():
    first = PageResult(9, 9, (), fields=(Field(("name",), "张三"), Field(("sex",), "男")))
    last = PageResult(9, 9, (), fields=(Field(("sex",), "女"), Field(("birth",), "2000-03-06")))
    book = _book(first, page_of([]), last, service="id-card")
    assert book.sheetnames == ["Fields"]
    assert _rows(book["Fields"]) == [
        ["Page", "Name", "Sex", "Date of birth"],
        [1, "张三", "男", None],
        [3, None, "女", datetime(2000, 3, 6)],
    ]


def test_labels_have_the_title_of_their_group_and_items_have_a_sheet():
    card = _book(answered("id-card.double"), service="id-card")["Fields"]
    assert card["B1"].value == "Front or main page: Name"
    book = _book(answered("vat-invoice"), service="vat-invoice")
    assert book.sheetnames == ["Fields", "Page 1 Items"]
    assert _rows(book["Page 1 Items"])[1][3:] == [300, 28, 8400, 0.17, 1428]


def test_a_key_that_is_printed_twice_keeps_both_values():
    page = PageResult(9, 9, (), fields=(Field(("备注",), "一"), Field(("备注",), "二")))
    assert _rows(_book(page)["Fields"]) == [["Page", "备注", "备注 (2)"], [1, "一", "二"]]


def test_labels_beyond_the_last_column_are_written_as_text():
    fields = tuple(Field((f"键{number}",), "值") for number in range(16_385))
    book = _book(PageResult(9, 9, (), fields=fields))
    assert book["Fields"].max_column == 16_384
    assert _rows(book["Text"])[1:] == [[1, "键16383: 值"], [1, "键16384: 值"]]


def test_numbers_and_dates_are_converted_and_identifiers_are_not():
    sheet = _book(
        _page_with(("1,234.50", "12%", "2024年3月5日", "007", "6222021234567890123", "(1)"))
    )["Page 1"]
    assert _rows(sheet) == [
        [1234.5, 0.12, datetime(2024, 3, 5), "007", "6222021234567890123", "(1)"]
    ]
    assert [cell.number_format for cell in sheet[1]][:3] == [
        "#,##0.00",
        "0%",
        'yyyy"年"m"月"d"日"',
    ]
    assert [cell.data_type for cell in sheet[1]] == ["n", "n", "d", "s", "s", "s"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", '=cmd|" /C calc"!A0', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "#N/A", "TRUE"),
        *("<script>alert(1)</script>", "&amp;", "א\u202eב", " blanks ", "a\nb"),
    ],
)
def test_text_is_never_a_formula(text):
    page = PageResult(
        100,
        100,
        (line(text, 0, 0, 90, 20),),
        tables=_page_with((text,)).tables,
        fields=(Field((text,), text),),
    )
    file = _written(page)
    book = openpyxl.load_workbook(file)
    cells = [book["Page 1"]["A1"], book["Fields"]["B1"], book["Fields"]["B2"], book["Text"]["B2"]]
    for cell in cells:
        assert (cell.data_type, cell.value.strip()) == ("s", text.strip())
        assert bool(cell.quotePrefix) == (cell.value[0] in "=+-@\t")
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            assert not list(etree.fromstring(package.read(name)).iter("{*}f"))


def test_characters_that_xml_forbids_are_removed():
    sheet = _book(_page_with(("a\x00\x1b\ud800b", "\x00", "")), title="\x00t\ud800")["Page 1"]
    assert [cell.value for cell in sheet[1]][:2] == ["ab", None]


def test_columns_are_as_wide_as_their_content_within_limits():
    cells = (
        Cell("一二三四五六七八", 0, 0),
        Cell("x" * 500, 0, 1),
        Cell("y" * 50, 1, 0, column_span=2),
    )
    sheet = _book(PageResult(100, 100, (), tables=(Table(2, 3, cells),)))["Page 1"]
    widths = [sheet.column_dimensions[column].width for column in "ABC"]
    assert widths == [18, 62, 8]
    assert sheet["B1"].alignment.wrap_text
    assert not sheet["A1"].alignment.wrap_text


def test_a_text_longer_than_a_cell_is_cut():
    assert len(_book(_page_with(("x" * 40_000,)))["Page 1"]["A1"].value) == 32_767


def test_the_pages_of_a_video_have_their_time():
    book = _book(page_of([line("text", 0, 0, 90, 20)]), times=[65])
    assert _rows(book["Text"]) == [["Page", "Text"], ["00:01:05", "text"]]


def test_a_real_page_is_complete():
    page = recorded("receipt_en")
    written = "".join(str(row[1]) for row in _rows(_book(page)["Text"])[1:])
    assert all(word in written for entry in page.lines for word in entry.text.split())


def test_the_options_for_lines_and_headers():
    text = typed("\u3000\u3000" + "甲" * 18, "乙" * 20, "丙" * 5, top=300)
    pages = [page_of([line("某某公司年度报告", 400, 20, 560, 40), *text])] * 3
    printed = ExportOptions(lines="printed", headers_footers=False)
    rows = _rows(_book(*pages, options=printed)["Text"])
    assert rows[1:4] == [[1, "甲" * 18], [1, "乙" * 20], [1, "丙" * 5]]
    assert len(rows) == 10


def _statement() -> PageResult:
    """Amounts at the right of labels, below a centered head."""
    rows = [
        ("Item", "2023"),
        ("Sales", "1,204.50"),
        ("Fees", "(87)"),
        ("Interest", "−3.25"),
        ("Tax", "-"),
        ("Total", "1,114.25"),
    ]
    cells, lines = [], []
    for row, (label, amount) in enumerate(rows):
        top, width = 40 * row, 10 * len(amount)
        cells.append(Cell(label, row, 0, box=line("", 0, top, 300, top + 40).box))
        cells.append(Cell(amount, row, 1, box=line("", 300, top, 600, top + 40).box))
        right = 590 if row else 450 + width / 2
        lines.append(line(label, 10, top + 10, 10 + 10 * len(label), top + 30))
        lines.append(line(amount, right - width, top + 10, right, top + 30))
    table = Table(len(rows), 2, tuple(cells), box=line("", 0, 0, 600, 240).box, head_rows=1)
    return replace(page_of(lines), tables=(table,))


def test_the_head_of_a_table_is_bold_and_stays_in_view():
    sheet = _book(_statement())["Page 1"]
    assert sheet.freeze_panes == "A2"
    assert [[cell.font.b for cell in row] for row in sheet["A1:B2"]] == [[True] * 2, [False] * 2]


def test_cells_are_aligned_as_printed():
    sheet = _book(_statement())["Page 1"]
    assert [cell.alignment.horizontal for cell in sheet["B"]] == ["center", *["right"] * 5]
    assert {cell.alignment.horizontal for cell in sheet["A"]} == {"left"}


def test_sums_in_libreoffice_equal_the_printed_totals(tmp_path):
    book = _book(_statement())
    sheet = book["Page 1"]
    sheet["C6"] = "=SUM(B2:B5)-B6"
    for name in book.sheetnames[1:]:
        del book[name]
    book.save(tmp_path / "statement.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "csv", "statement.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    rows = list(csv.reader((tmp_path / "statement.csv").read_text("utf-8").splitlines()))
    assert [row[1] for row in rows] == ["2023", "1204.5", "-87", "-3.25", "-", "1114.25"]
    assert float(rows[5][2]) == 0


def test_libreoffice_shows_numbers_as_printed(tmp_path):
    columns = [
        ["Amount", "1,204.50万元", "(87万元)", "-", "(3.25万元)"],
        ["Sales", "$(1,204)", "¥-3.20", "£ 17.00", "1,204.5-"],
        ["Change", "+5.2%", "-0.5 %", "(3.2%)", "-"],
        ["Tax", "1 204 567", "17", "-98 120", "0"],
    ]
    cells = [
        Cell(text, row, column)
        for column, texts in enumerate(columns)
        for row, text in enumerate(texts)
    ]
    book = _book(replace(page_of([]), tables=(Table(5, 4, tuple(cells), head_rows=1),)))
    book.save(tmp_path / "looks.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "html", "looks.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    shown = html.parse(tmp_path / "looks.html").xpath("//td")
    assert [cell.text_content().strip() for cell in shown] == [
        text for row in zip(*columns, strict=True) for text in row
    ]
    numbers = [cell for cell in shown if cell.get("sdval")]
    assert len(numbers) == 14
