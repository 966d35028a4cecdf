"""Tables as HTML, for web pages and for what Markdown has no tables for."""

from __future__ import annotations

from ocrportal.exporters.markup import escaped
from ocrportal.results import Cell, Table


def html_table(table: Table, *, head_row: bool = False, labels: bool = False) -> str:
    """The ``table`` element, without empty lines, which would end it in Markdown.

    ``head_row``: the first row holds the labels of the columns. ``labels``: the first
    column holds those of the rows.
    """
    at = {(cell.row, cell.column): cell for cell in table.cells}
    covered = {
        (cell.row + down, cell.column + right)
        for cell in table.cells
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    }
    rows = []
    for row in range(table.rows):
        cells = [
            _cell(
                at.get((row, column)) or Cell("", row, column),
                "col" if head_row and row == 0 else "row" if labels and column == 0 else "",
            )
            for column in range(table.columns)
            if (row, column) in at or (row, column) not in covered
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    return f"<table>\n{''.join(rows)}</table>"


def _cell(cell: Cell, scope: str) -> str:
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    text = "<br>".join(escaped(row.strip()) for row in cell.text.splitlines() if row.strip())
    if scope:
        return f'<th scope="{scope}" dir="auto"{spans}>{text}</th>'
    return f'<td dir="auto"{spans}>{text}</td>'
