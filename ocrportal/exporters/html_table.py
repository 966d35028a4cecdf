"""HTML tables, for HTML files and for merged cells in Markdown."""

from __future__ import annotations

from ocrportal.markup import escaped
from ocrportal.results import Cell, Table


def html_table(table: Table, *, labels: bool = False) -> str:
    """The ``table`` element, without empty lines, which would end it in Markdown.

    The head of the table is its ``thead`` element. ``labels``: the first column contains row
    labels.
    """
    rows = []
    for number, row in enumerate(table.grid()):
        is_head = number < table.head_rows
        cells = [_cell(cell, _scope(cell, is_head=is_head, labels=labels)) for cell in row]
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    head, body = "".join(rows[: table.head_rows]), "".join(rows[table.head_rows :])
    if head:
        head, body = f"<thead>\n{head}</thead>\n", f"<tbody>\n{body}</tbody>\n"
    return f"<table>\n{head}{body}</table>"


def _scope(cell: Cell, *, is_head: bool, labels: bool) -> str:
    """What a header cell labels; empty for any other cell."""
    if is_head:
        return "colgroup" if cell.column_span > 1 else "col"
    return "row" if labels and not cell.column else ""


def _cell(cell: Cell, scope: str) -> str:
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    text = "<br>".join(escaped(row.strip()) for row in cell.text.splitlines() if row.strip())
    if scope:
        return f'<th scope="{scope}" dir="auto"{spans}>{text}</th>'
    return f'<td dir="auto"{spans}>{text}</td>'
