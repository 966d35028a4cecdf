"""Text of a page without a position: text that none of its lines contains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ocrportal.layout.blocks import (
    Block,
    Entry,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.placement import holds, normalize_for_match
from ocrportal.results import Cell, Line


def unplaced_text(page: LaidOutPage, *, with_tables: bool = True) -> Iterator[str]:
    """Fields, rows of tables and figures, and paragraphs that the lines of the page do not contain.

    Without ``with_tables`` the rows of tables are left out.
    """
    if all(isinstance(block, Paragraph) and block.lines for block in page.blocks):
        return  # saves joining all lines of an ordinary page
    placed = normalize_for_match("".join(line.text for line in page.result.lines))
    for block in page.blocks:
        if with_tables or not isinstance(block, TableBlock):
            yield from _rows(block, placed, page.result.lines)


def _rows(block: Block, placed: str, lines: Sequence[Line]) -> Iterator[str]:
    match block:
        case Paragraph(lines=()) | Formula():
            if block.text and normalize_for_match(block.text) not in placed:
                yield block.text
        case Figure():
            # The lines in a code are not what it encodes.
            for row in block.text.splitlines():
                if normalize_for_match(row) not in placed:
                    yield row
        case TableBlock(table=table):
            for number in range(table.rows):
                cells = [cell for cell in table.cells if cell.row == number and cell.text]
                if not all(
                    normalize_for_match(cell.text) in placed or _is_in_lines(cell, lines)
                    for cell in cells
                ):
                    yield " ".join(cell.text for cell in cells)
        case FieldGroup():
            for entry in block.entries:
                if not _is_placed(entry, placed):
                    yield entry.text
        case ItemTable():
            for entries in block.rows:
                if not all(_is_placed(entry, placed) for entry in entries):
                    yield " ".join(entry.value for entry in entries if entry.value)


def _is_in_lines(cell: Cell, lines: Sequence[Line]) -> bool:
    """Whether the lines in a cell contain all its characters.

    In the text of the page, lines of other cells may come between them.
    """
    if cell.box is None:
        return False
    inside = "".join(line.text for line in lines if holds(cell.box, line))
    return Counter(normalize_for_match(cell.text)) <= Counter(normalize_for_match(inside))


def _is_placed(entry: Entry, placed: str) -> bool:
    return all(normalize_for_match(found.value) in placed for found in entry.fields)
