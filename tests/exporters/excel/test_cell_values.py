from datetime import date

import pytest

from ocrportal.exporters.excel.cell_values import CellValue, column_values, value_of


@pytest.mark.parametrize(
    ("text", "value", "number_format"),
    [
        ("0", 0, "0"),
        ("255", 255, "0"),
        (" -12.50 ", -12.5, "0.00"),
        ("−7", -7, "0"),
        ("1,234,567", 1234567, "#,##0"),
        ("１，２３４．５", 1234.5, "#,##0.0"),
        ("17%", 0.17, "0%"),
        ("-0.5 %", -0.005, "0.0 %"),
        ("(1,234.50)", -1234.5, "#,##0.00_);(#,##0.00)"),
        ("（12.5）", -12.5, "0.0_);(0.0)"),
        ("¥8,400.00", 8400.0, '"¥"#,##0.00'),
        ("￥28.00", 28.0, '"￥"0.00'),
        ("-$5", -5, '"$"0'),
        ("1234567890", 1234567890, "0"),
        ("123456789012.45", 123456789012.45, "0.00"),
        ("+5.2%", 0.052, "+0.0%;-0.0%"),
        ("+1,204", 1204, "+#,##0;-#,##0"),
        ("–1,204", -1204, "#,##0"),
        ("1,204.5-", -1204.5, "#,##0.0;#,##0.0-"),
        ("$(1,204)", -1204, '"$"#,##0_);"$"(#,##0)'),
        ("(€1,204)", -1204, '"€"#,##0_);("€"#,##0)'),
        ("¥-3.20", -3.2, '"¥"0.00;"¥"-0.00'),
        ("£ 1,204.5", 1204.5, '"£ "#,##0.0'),
        ("(5.2%)", -0.052, "0.0%_);(0.0%)"),
    ],
)
def test_numbers_are_shown_as_printed(text, value, number_format):
    found = value_of(text)
    assert found == CellValue(value, number_format)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "number_format"),
    [
        ("2024-03-05", "yyyy-mm-dd"),
        ("2024/3/5", "yyyy/m/d"),
        ("2024/03/05", "yyyy/mm/dd"),
        ("2024年3月5日", 'yyyy"年"m"月"d"日"'),
        ("2024年 03月 05 日", 'yyyy"年"mm"月"dd"日"'),
        ("２０２４年３月５日", 'yyyy"年"m"月"d"日"'),
    ],
)
def test_dates_are_shown_as_printed(text, number_format):
    assert value_of(text) == CellValue(date(2024, 3, 5), number_format)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "合计", "1a", "1e5", "١٢", "①", "1 234", "+86", "=1+1", "NaN", "1/2", "3:4"),
        # identifiers
        *(
            "007",
            "00.5",
            "1234567890123456",
            "13800138000",
            "6222021234567890123",
            "0.1234567890123456",
        ),
        # numbers that may mean something else
        *("(1)", "(2024)", "(-1.5)", "(1.5", "1.5)", "1,23", "12,34", "1.234,5", "-0", "€1.234"),
        *("$1.5", "¥10%", "100元", ".5", "1.", "12-", "1.5-", "-5-", "(-1,200)", "¥-¥5", "$5元"),
        # no dates, or not for sure
        *("2024-3-5", "2024-02-30", "2024/13/1", "1900-01-01", "2024.3.5", "3/5/2024", "2024年3月"),
        "0000-01-01",
    ],
)
def test_ambiguous_values_remain_text(text):
    assert value_of(text) is None


def _values(*texts: str) -> list[object]:
    """The values of a column with one head row."""
    values = column_values(texts, 1)
    return [value.value if isinstance(value, CellValue) else value for value in values]


def test_numbers_in_brackets_are_losses_among_amounts_and_items_elsewhere():
    assert _values("2023年", "1,204.50", "(5)", "（87）") == ["2023年", 1204.5, -5, -87]
    assert _values("Item", "(1)", "(2)") == ["Item", "(1)", "(2)"]


def test_a_column_of_identifiers_remains_text():
    assert _values("合同编号", "20240115", "20240116") == ["合同编号", "20240115", "20240116"]
    assert _values("Tel.", "5551234", "5559876") == ["Tel.", "5551234", "5559876"]
    assert _values("Number", "12", "7") == ["Number", 12, 7]


def test_what_is_printed_in_place_of_a_number_remains_text():
    assert _values("Fees", "1,204", "-", "—", "12万元") == ["Fees", 1204, "-", "—", "12万元"]


@pytest.mark.parametrize(
    ("column", "values", "number_format"),
    [
        (("1,204.50万元", "(87万元)", "-"), (1204.5, -87, "-"), '#,##0.00"万元"'),
        (("3亿", "12.5亿", "0"), (3, 12.5, 0), '0"亿"'),
        (("98 元", "1 元", "3.1%"), (98, 1, 0.031), '0" 元"'),
        (("1,204.50 €", "17,00 €"), ("1,204.50 €", "17,00 €"), None),
        (("1 204 567", "17", "-98 120"), (1204567, 17, -98120), r"#\ ###\ ##0"),
        (("1\u202f204.5", "17"), (1204.5, 17), r"#\ ##0.0"),
        (("204 567", "17"), ("204 567", 17), None),
        (("1,204-", "17-", "5"), (-1204, -17, 5), "#,##0;#,##0-"),
    ],
    ids=["10,000", "100,000,000", "1", "other", "spaces", "narrow spaces", "two numbers", "minus"],
)
def test_amounts_in_a_column_keep_their_look(column, values, number_format):
    found = column_values(["Amount", *column], 1)
    assert _values("Amount", *column)[1:] == list(values)
    if number_format:
        assert found[1].number_format == number_format


def test_numbers_of_different_units_remain_text():
    assert _values("金额", "3亿元", "800万元", "12.5") == ["金额", "3亿元", "800万元", 12.5]
