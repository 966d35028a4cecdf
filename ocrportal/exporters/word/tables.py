"""Tables in Word, written as XML, since python-docx takes minutes to merge cells of large ones.

A table with positions has the widths, heights, alignments and rulings of the print; other tables
are as wide as the text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.table_style import CellStyle, TableStyle, table_style
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.layout.blocks import TableBlock
from ocrportal.layout.type_runs import text_runs
from ocrportal.results import Cell, PageResult, Table
from ocrportal.text import text_width

_FULL_WIDTH = 5000
"""Width of the table in fiftieths of a percent of the text area. Only the ratio of the lengths in
the grid counts; twice this number of twentieths of a point is about the text width of A4."""
_LABEL_SHARE = 0.3
_MAX_MARGIN = 5.4
"""The white between the side of a cell and its text in points, at most; it is Word's default."""
_LINE_PITCH = 1.2
"""Pitch of lines in type sizes where it is not known."""
_MIN_PITCH = 1.05
"""The same, where the row is lower: lines may be as close as this."""
_MIN_SIZE = 4.0
"""The smallest type in points."""
_MIN_SHARE, _STEP = 0.7, 0.05
"""Type is made smaller, by steps down to this share, where its text would need more lines than
printed: the fonts of the file are not those of the print."""
_SPARE = 1.1
"""Ratio of the width of a text to the width in an average font, since other fonts may be wider."""
_SAME_SIZE = 0.12
_RULING = 0.5
"""The height in points of the ruling below a row, which Word adds to that of the row."""
_MIN_ROW_SHARE = 0.8
"""Rows are made lower down to this share where the table would end on the next page."""
_JUSTIFICATIONS = {"left": "left", "centre": "center", "right": "right", "justified": "both"}


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table with the style of its print."""

    table: Table
    style: TableStyle
    upright: PageResult
    """The page on which it begins."""
    scale: float
    """Points per pixel."""
    indent: float = 0.0
    """Points from the left margin to the table."""
    room: float = math.inf
    """Points from its top to the bottom of the text of the page."""

    @property
    def heights(self) -> list[float]:
        """The heights of its rows in points, within its page; 0 for a row of a later page."""
        heights = [height * self.scale for height in self.style.heights]
        needed = sum(height + _RULING for height in heights if height)
        share = max(_MIN_ROW_SHARE, min(1.0, self.room / needed)) if needed else 1.0
        return [max(share * (height + _RULING) - _RULING, 0.0) for height in heights]

    @property
    def width(self) -> float:
        """In points."""
        return sum(self.style.widths) * self.scale

    def element(self, writer: TextWriter) -> BaseOxmlElement:
        """The ``w:tbl`` element of the table as it is printed."""
        return _printed_element(self, writer)


def printed_table(
    block: TableBlock,
    upright: PageResult,
    scale: float,
    indent: float = 0.0,
    room: float = math.inf,
) -> PrintedTable | None:
    """A table with its printed style; None if its cells have no positions."""
    style = table_style(block, upright)
    return PrintedTable(block.table, style, upright, scale, indent, room) if style else None


def table_element(
    table: Table, writer: TextWriter, *, head_row: bool = False, labels: bool = False
) -> BaseOxmlElement:
    """The ``w:tbl`` element of a table without positions, as wide as the text.

    ``head_row``: the first row is bold and repeated on each page. ``labels``: the first
    column is narrow and bold.
    """
    shares = [_LABEL_SHARE, 1 - _LABEL_SHARE] if labels else [1 / table.columns] * table.columns
    widths = [round(_FULL_WIDTH * share) for share in shares]
    made = element("w:tbl")
    properties = added(made, "w:tblPr")
    added(properties, "w:tblStyle", val="TableGrid")
    added(properties, "w:tblW", w=str(_FULL_WIDTH), type="pct")
    _add_grid(made, [2 * width for width in widths])
    for number, places in enumerate(_rows(table)):
        row = added(made, "w:tr")
        if head_row and number == 0:
            added(added(row, "w:trPr"), "w:tblHeader")
        for cell, place in places:
            width = sum(widths[cell.column : cell.column + cell.column_span])
            made_cell = added(row, "w:tc")
            properties = added(made_cell, "w:tcPr")
            added(properties, "w:tcW", w=str(width), type="pct")
            _add_spans(properties, cell, number)
            paragraph = cast("CT_P", added(made_cell, "w:p"))
            if place is not None:
                bold = (head_row and not number) or (labels and not cell.column)
                writer.write(paragraph, cell.text, bold)
    return made


def _printed_element(printed: PrintedTable, writer: TextWriter) -> BaseOxmlElement:
    table, style, scale = printed.table, printed.style, printed.scale
    widths, heights = [width * scale for width in style.widths], printed.heights
    margin = _margin(style, scale)
    made = element("w:tbl")
    properties = added(made, "w:tblPr")
    # Rulings between rows are borders of the cells.
    added(
        properties,
        "w:tblStyle",
        val="TableGrid" if table.ruled_edges is None else "TableNormal",
    )
    added(properties, "w:tblW", w=twips(printed.width), type="dxa")
    added(properties, "w:tblInd", w=twips(printed.indent), type="dxa")
    added(properties, "w:tblLayout", type="fixed")
    margins = added(properties, "w:tblCellMar")
    for side in ("left", "right"):
        added(margins, f"w:{side}", w=twips(margin), type="dxa")
    _add_grid(made, [int(twips(width)) for width in widths])
    for number, places in enumerate(_rows(table)):
        row = added(made, "w:tr")
        row_properties = added(row, "w:trPr")
        if heights[number]:
            added(row_properties, "w:trHeight", val=twips(heights[number]))
        if number < table.head_rows:
            added(row_properties, "w:tblHeader")
        for cell, place in places:
            width = sum(widths[cell.column : cell.column + cell.column_span])
            made_cell = added(row, "w:tc")
            of_cell = added(made_cell, "w:tcPr")
            added(of_cell, "w:tcW", w=twips(width), type="dxa")
            _add_spans(of_cell, cell, number)
            _add_rulings(of_cell, table, cell)
            paragraph = cast("CT_P", added(made_cell, "w:p"))
            printed_as = CellStyle() if place is None else style.cells[place]
            if printed_as.vertical != "top":
                added(of_cell, "w:vAlign", val=_vertical(printed_as))
            if place is not None:
                height = sum(heights[cell.row : cell.row + cell.row_span])
                room = _Room(width, height, margin)
                _write_cell(paragraph, cell, printed_as, printed, room, writer)
    return made


@dataclass(frozen=True, slots=True)
class _Room:
    """The room for the text of a cell in points; its height is 0 if it is not known."""

    width: float
    height: float
    margin: float


def _write_cell(
    paragraph: CT_P,
    cell: Cell,
    style: CellStyle,
    printed: PrintedTable,
    room: _Room,
    writer: TextWriter,
) -> None:
    scale = printed.scale
    indent = max(0.0, style.indent * scale - room.margin)
    lines = cell.text.split("\n")
    size = _fitting_size(style, lines, scale, room.width - 2 * room.margin - indent)
    properties = added(paragraph, "w:pPr")
    if size:
        pitch = style.line_pitch * scale or _LINE_PITCH * size
        if room.height:
            pitch = min(pitch, room.height / max(len(style.lines), len(lines)))
            size = max(min(size, math.floor(2 * pitch / _MIN_PITCH) / 2), _MIN_SIZE)
        pitch = max(pitch, _MIN_PITCH * size)
        added(
            properties,
            "w:spacing",
            before="0",
            after="0",
            line=twips(pitch),
            lineRule="exact",
        )
    if indent and style.alignment in ("left", "right"):
        added(properties, "w:ind", **{style.alignment: twips(indent)})
    added(properties, "w:jc", val=_JUSTIFICATIONS[style.alignment])
    runs = text_runs(printed.upright, style.lines, cell.text) if style.lines else ()
    if not runs:
        writer.write(paragraph, cell.text, size=size)
        return
    for run in runs:
        share = run.type.size / style.size if style.size else 0.0
        is_other = share and abs(share - 1) > _SAME_SIZE
        own = max(round(2 * size * share) / 2, _MIN_SIZE) if is_other else size
        writer.write_typed(paragraph, run, size=own)


def _fitting_size(style: CellStyle, lines: Sequence[str], scale: float, width: float) -> float:
    """The type size in points with which a text needs no more lines than printed."""
    size = max(round(2 * style.size * scale) / 2, _MIN_SIZE) if style.size else 0.0
    ems = [_SPARE * text_width(line) for line in lines]
    allowed = max(len(style.lines), len(lines))
    share = 1.0
    while size and share > _MIN_SHARE and width > 0:
        needed = sum(max(1, math.ceil(em * size * share / width)) for em in ems)
        if needed <= allowed:
            break
        share -= _STEP
    return max(math.floor(2 * size * share) / 2, _MIN_SIZE) if size else 0.0


def _margin(style: TableStyle, scale: float) -> float:
    """The white between the sides of cells and their text, in points."""
    indents = [c.indent for c in style.cells if c.lines and c.alignment != "centre"]
    return min(_MAX_MARGIN, min(indents, default=_MAX_MARGIN / scale) * scale)


def _vertical(style: CellStyle) -> str:
    return "center" if style.vertical == "centre" else style.vertical


def _add_rulings(properties: BaseOxmlElement, table: Table, cell: Cell) -> None:
    """Add the rulings above and below a cell of a table whose cells are not framed."""
    if table.ruled_edges is None:
        return
    edges = (("top", cell.row), ("bottom", cell.row + cell.row_span))
    drawn = [side for side, edge in edges if edge in table.ruled_edges]
    if drawn:
        borders = added(properties, "w:tcBorders")
        for side in drawn:
            added(borders, f"w:{side}", val="single", sz="4", space="0", color="auto")


def _rows(table: Table) -> list[list[tuple[Cell, int | None]]]:
    """The cells of each row, with the place of those that begin there in ``table.cells``.

    Cells that continue from a row above, and places without a cell, have none.
    """
    at: dict[tuple[int, int], tuple[Cell, int | None]] = {}
    for place, cell in enumerate(table.cells):
        at[cell.row, cell.column] = cell, place
        for down in range(1, cell.row_span):
            at[cell.row + down, cell.column] = cell, None
    rows = []
    for number in range(table.rows):
        row: list[tuple[Cell, int | None]] = []
        column = 0
        while column < table.columns:
            found = at.get((number, column), (Cell("", number, column), None))
            row.append(found)
            column += found[0].column_span
        rows.append(row)
    return rows


def _add_grid(made: BaseOxmlElement, widths: Sequence[int]) -> None:
    grid = added(made, "w:tblGrid")
    for width in widths:
        added(grid, "w:gridCol", w=str(width))


def _add_spans(properties: BaseOxmlElement, cell: Cell, row: int) -> None:
    if cell.column_span > 1:
        added(properties, "w:gridSpan", val=str(cell.column_span))
    if cell.row_span > 1:
        added(properties, "w:vMerge", val="restart" if row == cell.row else "continue")
