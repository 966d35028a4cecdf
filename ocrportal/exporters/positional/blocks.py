"""The paragraphs and tables of a page in reading order, with the bounds of their words.

The lines printed in a table are in its cells only, and not repeated as running text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocrportal.exporters.positional.words import (
    PlacedLine,
    PlacedParagraph,
    pixel_rect,
    placed_line,
    placed_paragraph,
)
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Figure, Formula, Paragraph, TableBlock
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.placement import holds, normalize_for_match
from ocrportal.results import Cell, PageResult


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with its printed lines, or with its text only if their positions are unknown."""

    cell: Cell
    lines: tuple[PlacedLine, ...]
    texts: tuple[str, ...]
    """Lines without a position; empty if there are printed ones."""
    rect: Rect | None


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table: the cells that start in each of its rows, and the bounds of all."""

    rows: tuple[tuple[PlacedCell, ...], ...]
    rect: Rect | None


def placed_blocks(page: LaidOutPage) -> Iterator[PlacedParagraph | PlacedTable]:
    """All lines and tables of a page; a table without a position is omitted if the lines have it.

    ``layout.unplaced`` gives the text without a position.
    """
    upright = page.result
    in_tables = {
        index
        for block in page.printed_blocks
        if isinstance(block, TableBlock)
        for line in block.lines
        for index in line.indices
    }
    outside = "".join(
        normalize_for_match(line.text)
        for index, line in enumerate(upright.lines)
        if index not in in_tables
    )
    for block in page.printed_blocks:
        match block:
            case Paragraph() | Formula() | Figure() if block.lines:
                yield placed_paragraph(upright, block.lines)
            case TableBlock(table=table) if table.box or not all(
                normalize_for_match(cell.text) in outside for cell in table.cells
            ):
                yield _table(upright, block)


def _table(upright: PageResult, block: TableBlock) -> PlacedTable:
    table, printed = block.table, _lines_of_cells(upright, block)
    numbers = {(cell.row, cell.column): number for number, cell in enumerate(table.cells)}
    rows = tuple(
        tuple(
            _cell(upright, cell, printed.get(numbers.get((cell.row, cell.column), -1), []))
            for cell in row
        )
        for row in table.grid()
    )
    rects = [cell.rect for row in rows for cell in row if cell.rect]
    if table.box:
        rects.append(pixel_rect(table.box, upright))
    return PlacedTable(rows, Rect.union(rects) if rects else None)


def _lines_of_cells(upright: PageResult, block: TableBlock) -> dict[int, list[int]]:
    """The indices of the lines that together are the text of a cell, by index of the cell."""
    found: dict[int, list[int]] = {}
    free = sorted(index for line in block.lines for index in line.indices)
    texts = {index: normalize_for_match(upright.lines[index].text) for index in free}
    for number, cell in enumerate(block.table.cells):
        wanted, taken = normalize_for_match(cell.text), list[int]()
        for index in free:
            text = texts[index]
            if text and wanted.startswith(text) and _may_hold(cell, upright, index):
                wanted = wanted.removeprefix(text)
                taken.append(index)
        if taken and not wanted:
            found[number] = taken
            free = [index for index in free if index not in taken]
    return found


def _may_hold(cell: Cell, upright: PageResult, index: int) -> bool:
    return cell.box is None or holds(cell.box, upright.lines[index])


def _cell(upright: PageResult, cell: Cell, indices: list[int]) -> PlacedCell:
    lines = tuple(placed_line(upright, upright.lines[index]) for index in indices)
    rects = [line.rect for line in lines]
    if cell.box:
        rects.append(pixel_rect(cell.box, upright))
    texts = () if lines else tuple(line.strip() for line in cell.text.splitlines() if line.strip())
    return PlacedCell(cell, lines, texts, Rect.union(rects) if rects else None)
