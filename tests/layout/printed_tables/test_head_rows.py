import pytest

from ocrportal.layout.printed_tables.head_rows import head_rows
from ocrportal.results import Cell, Table


def _table(*rows: list[str]) -> Table:
    cells = [
        Cell(text, row, column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return Table(len(rows), len(rows[0]), tuple(cells))


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["Item", "Amount"], ["Cash", "1,204"], ["Fees", "(87)"]], 1),
        (
            [
                ["项目", "2023年", "2022年"],
                ["货币资金", "1,204.50", "987.00"],
                ["费用", "-", "3.5"],
            ],
            1,
        ),
        ([["", "销售额"], ["", "万元"], ["东区", "12.5"], ["西区", "8.0"]], 2),
        ([["Cash", "1,204"], ["Fees", "87"]], 0),
        ([["Year", "Event"], ["First", "Founded"], ["Then", "Moved"]], 0),
        ([["Item", "Amount"]], 0),
    ],
)
def test_a_head_has_words_or_periods_above_numbers(rows, count):
    assert head_rows(_table(*rows)) == count


def test_a_title_and_cells_over_two_rows_belong_to_the_head():
    table = Table(
        5,
        3,
        (
            Cell("Revenue", 0, 0, column_span=3),
            Cell("Region", 1, 0, row_span=2),
            Cell("Amount", 1, 1, column_span=2),
            Cell("net", 2, 1),
            Cell("gross", 2, 2),
            Cell("East", 3, 0),
            Cell("12.5", 3, 1),
            Cell("14.0", 3, 2),
            Cell("West", 4, 0),
            Cell("7.0", 4, 1),
            Cell("8.5", 4, 2),
        ),
    )
    assert head_rows(table) == 3
