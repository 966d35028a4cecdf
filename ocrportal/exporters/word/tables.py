"""Tables in Word, written as XML, since python-docx takes minutes to merge cells of large ones.

A table with positions has the widths, heights, alignments and rulings of the print; other tables
are as wide as the text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import cast

from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.table_style import CellStyle, TableStyle, table_style
from ocrportal.exporters.word.line_breaks import Words, line_count, words_of
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.layout.blocks import TableBlock, TextRun
from ocrportal.layout.type_runs import text_runs
from ocrportal.results import Cell, PageResult, Table

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
_SAME_SIZE = 0.12
_RULING = 0.5
"""The height in points of the ruling below a row, which Word adds to that of the row."""
_MIN_ROW_SHARE, _ROW_STEP = 0.8, 0.01
"""Rows are made lower, down to this share, where the table would end on the next page."""
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
    page_rows: tuple[int, ...] = ()
    """The row with which each further page begins."""

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
    if style is None:
        return None
    return PrintedTable(block.table, style, upright, scale, indent, room, block.page_rows)


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
    widths = [width * scale for width in style.widths]
    margin = _margin(style, scale)
    types = _cell_types(printed, widths, margin)
    heights = _heights(printed, types)
    usual = median([known.size for known in types if known.size] or [_MIN_SIZE])
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
            if place is not None and cell.text:
                _write_cell(paragraph, cell, printed_as, types[place], writer)
            else:
                _leave_empty(paragraph, usual, heights[number])
            if number in printed.page_rows and not cell.column:
                _break_page(paragraph)
    return made


@dataclass(frozen=True, slots=True)
class _CellType:
    """How the text of a cell is set; lengths are in points, 0 if they are not known."""

    size: float
    pitch: float
    indent: float
    """White at the side it is aligned with, in addition to the margin of the cell."""
    runs: tuple[TextRun, ...]
    lines: tuple[Words, ...]
    """The words of each line of its text."""
    width: float

    def height(self, *, is_wider: bool = False) -> float:
        """In the font of the file, or in the wider one that replaces a missing one."""
        return self.pitch * _line_count(self.lines, self.width, self.size, is_wider=is_wider)

    def smaller(self, share: float) -> _CellType:
        size = max(math.floor(2 * self.size * share) / 2, _MIN_SIZE) if self.size else 0.0
        return replace(self, size=size, pitch=share * self.pitch)


def _cell_types(printed: PrintedTable, widths: Sequence[float], margin: float) -> list[_CellType]:
    """The types of all cells, smaller than printed where the table would leave its page."""
    table, style, scale = printed.table, printed.style, printed.scale
    types = []
    for cell, own in zip(table.cells, style.cells, strict=True):
        width = sum(widths[cell.column : cell.column + cell.column_span])
        height = sum(style.heights[cell.row : cell.row + cell.row_span]) * scale
        types.append(_cell_type(cell, own, printed, (width - 2 * margin, height), margin))
    smaller = types
    share = 1.0
    while share > _MIN_SHARE and _wider_height(printed, smaller) > printed.room:
        share -= _STEP
        smaller = [known.smaller(share) for known in types]
    return smaller


def _cell_type(
    cell: Cell,
    style: CellStyle,
    printed: PrintedTable,
    room: tuple[float, float],
    margin: float,
) -> _CellType:
    """The type of a cell with this width and height for its text."""
    indent = max(0.0, style.indent * printed.scale - margin)
    runs = text_runs(printed.upright, style.lines, cell.text) if style.lines else ()
    texts = cell.text.split("\n")
    lines = tuple(words_of(text, runs) for text in texts)
    width = max(room[0] - indent, 1.0)
    size = max(round(2 * style.size * printed.scale) / 2, _MIN_SIZE) if style.size else 0.0
    # A row of a later page has no printed lines.
    if size and style.lines:
        size = _fitting_size(size, lines, max(len(style.lines), len(texts)), width)
    pitch = style.line_pitch * printed.scale or _LINE_PITCH * size
    if size and room[1] and style.lines:
        pitch = min(pitch, room[1] / max(len(style.lines), len(texts)))
        size = max(min(size, math.floor(2 * pitch / _MIN_PITCH) / 2), _MIN_SIZE)
    return _CellType(size, max(pitch, _MIN_PITCH * size), indent, runs, lines, width)


def _fitting_size(size: float, lines: Sequence[Words], allowed: int, width: float) -> float:
    """The type size in points with which a text needs no more lines than printed."""
    share = 1.0
    while share > _MIN_SHARE and _line_count(lines, width, size * share) > allowed:
        share -= _STEP
    return max(math.floor(2 * size * share) / 2, _MIN_SIZE)


def _line_count(
    lines: Sequence[Words], width: float, size: float, *, is_wider: bool = False
) -> int:
    if not size:
        return len(lines)
    ems = width / size
    return sum(line_count(words, (ems, ems), 0.0, is_wider=is_wider) for words in lines)


def _heights(printed: PrintedTable, types: Sequence[_CellType]) -> list[float]:
    """The heights of the rows in points, within the page of the table.

    Those of rows on later pages, which are not known, are as much higher than their text as on
    the first page.
    """
    known = [height * printed.scale for height in printed.style.heights]
    texts = _text_heights(printed, types)
    rows = [(height, text) for height, text in zip(known, texts, strict=True) if height]
    share = 1.0
    while share > _MIN_ROW_SHARE and _sum(rows, share) > printed.room:
        share -= _ROW_STEP
    spare = median([height - text for height, text in rows] or [0.0])
    return [
        share * height if height else text + max(spare, 0.0)
        for height, text in zip(known, texts, strict=True)
    ]


def _sum(rows: Sequence[tuple[float, float]], share: float = 1.0) -> float:
    """The height of rows with this share of their own heights, and with these of their texts."""
    return sum(max(share * height, text) + _RULING for height, text in rows)


def _text_heights(
    printed: PrintedTable, types: Sequence[_CellType], *, is_wider: bool = False
) -> list[float]:
    """The height of the text of each row."""
    heights = [0.0] * printed.table.rows
    for cell, known in zip(printed.table.cells, types, strict=True):
        if cell.row_span == 1 and cell.text:
            heights[cell.row] = max(heights[cell.row], known.height(is_wider=is_wider))
    return heights


def _wider_height(printed: PrintedTable, types: Sequence[_CellType]) -> float:
    """The height of the rows of its page, in the fonts that replace missing ones."""
    texts = _text_heights(printed, types, is_wider=True)
    rows = zip(_heights(printed, types), texts, printed.style.heights, strict=True)
    return _sum([(height, text) for height, text, own in rows if own])


def _break_page(paragraph: CT_P) -> None:
    """Begin a page with the row of this paragraph, which is in its first cell."""
    paragraph.get_or_add_pPr().insert(0, element("w:pageBreakBefore"))


def _leave_empty(paragraph: CT_P, size: float, height: float) -> None:
    """Set the type of an empty cell in a row of this height, which it must not make higher."""
    pitch = _MIN_PITCH * size
    line = twips(min(pitch, height) if height else pitch)
    properties = added(paragraph, "w:pPr")
    added(properties, "w:spacing", before="0", after="0", line=line, lineRule="exact")
    added(added(properties, "w:rPr"), "w:sz", val=str(round(2 * size)))


def _write_cell(
    paragraph: CT_P, cell: Cell, style: CellStyle, known: _CellType, writer: TextWriter
) -> None:
    properties = added(paragraph, "w:pPr")
    if known.size:
        added(
            properties,
            "w:spacing",
            before="0",
            after="0",
            line=twips(known.pitch),
            lineRule="exact",
        )
    if known.indent and style.alignment in ("left", "right"):
        added(properties, "w:ind", **{style.alignment: twips(known.indent)})
    added(properties, "w:jc", val=_JUSTIFICATIONS[style.alignment])
    if not known.runs:
        writer.write(paragraph, cell.text, size=known.size)
        return
    # Sizes are measured less surely than that those of one cell differ.
    usual = max(known.runs, key=lambda run: len(run.text)).type.size
    for run in known.runs:
        share = run.type.size / usual if usual else 0.0
        is_other = share and abs(share - 1) > _SAME_SIZE
        own = max(round(2 * known.size * share) / 2, _MIN_SIZE) if is_other else known.size
        writer.write_typed(paragraph, run, size=own)


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
