"""Tables in Word, written as XML, since python-docx takes minutes to merge cells of large ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.word.runs import added, element
from ocrportal.results import Cell, Table

WriteText = Callable[[CT_P, str, bool], None]
"""Writes text to an empty paragraph, bold if the argument is True."""

_FULL_WIDTH = 5000
"""Width of the table in fiftieths of a percent of the text area. Only the ratio of the lengths in
the grid counts; twice this number of twentieths of a point is about the text width of A4."""
_LABEL_SHARE = 0.3


def table_element(
    table: Table, write: WriteText, *, head_row: bool = False, labels: bool = False
) -> BaseOxmlElement:
    """The ``w:tbl`` element of a table, as wide as the text.

    ``head_row``: the first row is bold and repeated on each page. ``labels``: the first
    column is narrow and bold.
    """
    shares = [_LABEL_SHARE, 1 - _LABEL_SHARE] if labels else [1 / table.columns] * table.columns
    widths = [round(_FULL_WIDTH * share) for share in shares]
    made = element("w:tbl")
    properties = added(made, "w:tblPr")
    added(properties, "w:tblStyle", val="TableGrid")
    added(properties, "w:tblW", w=str(_FULL_WIDTH), type="pct")
    grid = added(made, "w:tblGrid")
    for width in widths:
        added(grid, "w:gridCol", w=str(2 * width))
    at = {(cell.row, cell.column): cell for cell in table.cells}
    covered = {
        (cell.row + down, cell.column): cell
        for cell in table.cells
        for down in range(1, cell.row_span)
    }
    for number in range(table.rows):
        row = added(made, "w:tr")
        if head_row and number == 0:
            added(added(row, "w:trPr"), "w:tblHeader")
        column = 0
        while column < table.columns:
            place = (number, column)
            cell = at.get(place) or covered.get(place) or Cell("", number, column)
            width = sum(widths[column : column + cell.column_span])
            paragraph = _add_cell(row, cell, width, continued=place in covered)
            if place in at:
                write(paragraph, cell.text, (head_row and not number) or (labels and not column))
            column += cell.column_span
    return made


def _add_cell(row: BaseOxmlElement, cell: Cell, width: int, *, continued: bool) -> CT_P:
    """A cell with an empty paragraph, which Word requires."""
    made = added(row, "w:tc")
    properties = added(made, "w:tcPr")
    added(properties, "w:tcW", w=str(width), type="pct")
    if cell.column_span > 1:
        added(properties, "w:gridSpan", val=str(cell.column_span))
    if cell.row_span > 1:
        added(properties, "w:vMerge", val="continue" if continued else "restart")
    return cast("CT_P", added(made, "w:p"))
