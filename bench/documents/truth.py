"""What is on a generated page: its blocks in reading order, and its regions.

``truth.js`` reads it from the page in the browser. Boxes are pixels of the picture of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ocrportal.geometry import Rect
from ocrportal.results import Cell, Table

ASIDE_KINDS = {"header", "footer", "page_number", "footnote", "caption", "margin_note"}
"""Blocks beside the running text, which may be read between any two blocks of it."""


@dataclass(frozen=True, slots=True)
class TrueLine:
    """A printed line; its box is as high as the type."""

    text: str
    box: Rect


@dataclass(frozen=True, slots=True)
class TrueStyle:
    """The type of a run of text; ``size`` is in pixels, ``colour`` is ``#rrggbb``."""

    font: str
    size: float
    bold: bool
    italic: bool
    underline: bool
    colour: str


@dataclass(frozen=True, slots=True)
class TrueRun:
    """A part of a block in one style."""

    text: str
    style: TrueStyle


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A cell of a table; its box is the area between the rules, drawn or not."""

    text: str
    lines: tuple[TrueLine, ...]
    row: int
    column: int
    row_span: int
    column_span: int
    box: Rect


@dataclass(frozen=True, slots=True)
class TrueTable:
    """The cells of a table, row by row."""

    rows: int
    columns: int
    cells: tuple[TrueCell, ...]
    repeated_rows: int
    """The rows of its head that repeat that of the table it continues."""
    continues_row: bool
    """Whether the row below continues the last one of that table."""

    def row_text(self, row: int) -> str:
        """The texts of the cells that begin in a row."""
        return "".join(cell.text for cell in self.cells if cell.row == row)


def joined_table(parts: list[TrueTable]) -> Table:
    """A table over several pages, or a whole one, as an engine returns it."""
    cells: list[Cell] = []
    rows = 0
    for part in parts:
        rows -= part.continues_row
        start = rows - part.repeated_rows
        above = {cell.column: index for index, cell in enumerate(cells) if cell.row == rows}
        for cell in part.cells:
            if cell.row < part.repeated_rows:
                continue
            if part.continues_row and cell.row == part.repeated_rows:
                index = above[cell.column]
                text = f"{cells[index].text} {cell.text}"
                cells[index] = replace(cells[index], text=text)
            else:
                place = (start + cell.row, cell.column, cell.row_span, cell.column_span)
                cells.append(Cell(cell.text, *place))
        rows = start + part.rows
    return Table(rows, parts[0].columns, tuple(cells))


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """A heading, paragraph, list item, table … at its place in reading order.

    ``text`` has no hyphens of line ends, ``lines`` have them as printed.
    """

    kind: str
    level: int
    text: str
    lines: tuple[TrueLine, ...]
    runs: tuple[TrueRun, ...]
    table: TrueTable | None
    box: Rect
    align: str
    vertical: bool
    aside: int | None
    """Blocks with the same number are beside the running text together, as a sidebar is."""
    either: int | None
    """Blocks with the same number may also be read row by row, as two signatures can."""
    optional: bool
    """Text within a picture: it may be read or left out."""
    continues: bool
    """A table that continues the last one of the page before."""

    @property
    def is_aside(self) -> bool:
        return self.aside is not None or self.kind in ASIDE_KINDS or self.optional


@dataclass(frozen=True, slots=True)
class TrueRegion:
    """Something on the page that is not text alone: a figure, a seal, a check box …"""

    kind: str
    box: Rect
    state: str = ""
    """``checked``, ``crossed`` or ``empty`` for a check box."""
    text: str = ""
    """The readable text within a seal or a code."""


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page and everything on it."""

    width: int
    height: int
    blocks: tuple[TrueBlock, ...]
    regions: tuple[TrueRegion, ...] = field(default=())

    @property
    def text(self) -> str:
        """The text in reading order, a line per block."""
        return "\n".join(block.text for block in self.blocks if block.text)

    @property
    def lines(self) -> list[TrueLine]:
        return [line for block in self.blocks for line in block.lines]

    @property
    def tables(self) -> list[TrueBlock]:
        return [block for block in self.blocks if block.table]

    def mapped(self, matrix: NDArray[np.float64], width: int, height: int) -> TruePage:
        """The page in a picture whose points are ``matrix`` (3 x 3) times those of this one."""

        def moved(box: Rect) -> Rect:
            corners = np.array([box.quad], dtype=np.float64)
            return Rect.around(map(tuple, cv2.perspectiveTransform(corners, matrix)[0].tolist()))

        def line(old: TrueLine) -> TrueLine:
            return replace(old, box=moved(old.box))

        def cell(old: TrueCell) -> TrueCell:
            return replace(old, box=moved(old.box), lines=tuple(map(line, old.lines)))

        def block(old: TrueBlock) -> TrueBlock:
            table = old.table and replace(old.table, cells=tuple(map(cell, old.table.cells)))
            lines = tuple(map(line, old.lines))
            return replace(old, box=moved(old.box), lines=lines, table=table)

        return TruePage(
            width,
            height,
            tuple(map(block, self.blocks)),
            tuple(replace(region, box=moved(region.box)) for region in self.regions),
        )

    def scaled(self, width: int, height: int) -> TruePage:
        """The page in a picture of another size."""
        return self.mapped(np.diag([width / self.width, height / self.height, 1]), width, height)


def pages_from_json(pages: list[dict[str, Any]]) -> list[TruePage]:
    """What ``truth.js`` returns; raises ValueError for anything else."""
    return _schema().validate_python(pages)


def pages_to_json(pages: list[TruePage]) -> bytes:
    """The form in which pages are stored."""
    return _schema().dump_json(pages)


def pages_from_bytes(data: bytes) -> list[TruePage]:
    """Pages as they are stored."""
    return _schema().validate_json(data)


@cache
def _schema() -> TypeAdapter[list[TruePage]]:
    return TypeAdapter(list[TruePage])
