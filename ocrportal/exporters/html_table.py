"""HTML tables, for HTML files and for merged cells in Markdown."""

from __future__ import annotations

from ocrportal.exporters.markup import escaped
from ocrportal.results import Cell, Table


def html_table(table: Table, *, head_row: bool = False, labels: bool = False) -> str:
    """The ``table`` element, without empty lines, which would end it in Markdown.

    ``head_row``: the first row contains column labels. ``labels``: the first column contains
    row labels.
    """
    rows = []
    for row in table.grid():
        cells = [
            _cell(
                cell,
                "col" if head_row and not cell.row else "row" if labels and not cell.column else "",
            )
            for cell in row
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
