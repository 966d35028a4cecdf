"""Joins tables that continue on the next page, on the page where they start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Rect
from ocrportal.layout.blocks import TableBlock, is_header_or_footer
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.source import is_next
from ocrportal.results import Table

MAX_PAGES = 40
"""A table is joined over so many pages, which are in memory together."""
MAX_SHIFT = 0.04
"""Share of the page's width by which the sides of both parts may differ: scans are shifted."""
MAX_EDGE_SHIFT = 0.25
"""Share of the narrower neighbouring column by which an edge between columns may differ."""
MAX_FREE = 0.25
"""Share of the page's height that may be free below the first part or above the second one: a
row of several lines did not fit in."""
MAX_HEAD = 3
"""Rows of a head that is repeated."""
_ALIKE = 0.85
"""Similarity of the same head recognised twice."""
_TOTAL = re.compile(r"(合计|总计|總計|合計|(grand )?total|sum)(?![a-z])", re.IGNORECASE)


def join_tables(pages: Iterable[LaidOutPage]) -> Iterator[LaidOutPage]:
    """Each page with its last table joined, and without the end of the page before's.

    A part continues a table if both have the same columns, it is the first text of the next
    page, and the other was the last of its page. Rows of a repeated head are left out. Cells of
    later parts have no box, since they are on other pages.
    """
    held: list[LaidOutPage] = []
    last: tuple[LaidOutPage, Table] | None = None
    """The page of the latest part, and that part."""
    for page in pages:
        part = _first_table(page)
        if last is not None and part is not None and len(held) < MAX_PAGES:
            rows = _continuation(*last, page, part)
            if rows is not None:
                held[0] = _extended(held[0], rows)
                is_whole = _last_table(page) is part
                rest = _without_first_table(page)
                if is_whole:
                    held.append(rest)
                    last = (page, part)
                    continue
                page = rest
        yield from held
        held = [page]
        tail = _last_table(page)
        last = (page, tail) if tail is not None else None
        if last is None:
            yield from held
            held = []
    yield from held


def _first_table(page: LaidOutPage) -> Table | None:
    block = next((block for block in page.blocks if not is_header_or_footer(block)), None)
    return block.table if isinstance(block, TableBlock) else None


def _last_table(page: LaidOutPage) -> Table | None:
    blocks = [block for block in page.blocks if not is_header_or_footer(block)]
    return blocks[-1].table if blocks and isinstance(blocks[-1], TableBlock) else None


def _continuation(
    page: LaidOutPage, table: Table, following: LaidOutPage, part: Table
) -> Table | None:
    """The rows of ``part`` that continue ``table``; None if it is another table."""
    if not is_next(page.source, following.source) or not _has_same_columns(
        page, table, following, part
    ):
        return None
    if not _fills_its_page(page, table, following, part):
        return None
    if _is_same_form(table, part):
        return None
    head = _repeated_head(table, part)
    if not head and (_begins_with_head(part) or _has_total(table)):
        return None
    cells = tuple(
        replace(cell, row=cell.row - head, box=None) for cell in part.cells if cell.row >= head
    )
    return Table(part.rows - head, part.columns, cells)


def _has_same_columns(page: LaidOutPage, table: Table, following: LaidOutPage, part: Table) -> bool:
    edges, edges_below = _edges(page, table), _edges(following, part)
    if edges is None or edges_below is None or len(edges) != len(edges_below):
        return False
    shift = max(abs(edges[0] - edges_below[0]), abs(edges[-1] - edges_below[-1]))
    if shift > MAX_SHIFT:
        return False
    widths = [b - a for a, b in pairwise(edges)]
    return all(
        abs(edge - other) <= MAX_EDGE_SHIFT * min(before, behind)
        for edge, other, before, behind in zip(
            edges[1:-1], edges_below[1:-1], widths, widths[1:], strict=False
        )
    )


def _edges(page: LaidOutPage, table: Table) -> list[float] | None:
    """The left edges of the columns and the right edge of the last, as shares of the page."""
    if table.box is None:
        return None
    lefts: list[list[float]] = [[] for _ in range(table.columns)]
    for cell in table.cells:
        if cell.box is not None:
            lefts[cell.column].append(cell.box[0][0])
    if not all(lefts):
        return None
    edges = [*map(median, lefts), Rect.around(table.box).right]
    return [edge / page.result.width for edge in edges]


def _fills_its_page(page: LaidOutPage, table: Table, following: LaidOutPage, part: Table) -> bool:
    assert table.box is not None  # _edges found one
    assert part.box is not None  # as above
    bottom = Rect.around(table.box).bottom / page.result.height
    top = Rect.around(part.box).top / following.result.height
    return bottom >= 1 - MAX_FREE and top <= MAX_FREE


def _repeated_head(table: Table, part: Table) -> int:
    """The number of rows at the start of ``part`` that repeat those of ``table``."""
    count = 0
    for row, other in zip(table.texts()[:MAX_HEAD], part.texts(), strict=False):
        text, repeated = "".join(row), "".join(other)
        ratio = SequenceMatcher(None, text, repeated, autojunk=False).ratio()
        if not text.strip() or ratio < _ALIKE:
            break
        count += 1
    # A merged cell may reach from the head into the rows below: then they are not a head.
    while count and any(cell.row < count < cell.row + cell.row_span for cell in part.cells):
        count -= 1
    return count if count < part.rows else 0


def _is_same_form(table: Table, part: Table) -> bool:
    """Whether both have the same labels in each row: a form that is filled in twice."""
    labels, labels_below = ([row[0] for row in t.texts()] for t in (table, part))
    return labels == labels_below and len(set(labels)) > MAX_HEAD


def _begins_with_head(part: Table) -> bool:
    """Whether the first row has words where the rows below have numbers."""
    first, *rows = part.texts()
    words = numbers = 0
    for column, text in enumerate(first):
        below = [row[column] for row in rows if row[column]]
        if text and below and sum(map(_has_digits, below)) * 2 > len(below):
            numbers += _has_digits(text)
            words += not _has_digits(text)
    return words > numbers


def _has_total(table: Table) -> bool:
    """Whether the last row sums up the table."""
    return any(_TOTAL.match(text.replace(" ", "")) for text in table.texts()[-1])


def _has_digits(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _extended(page: LaidOutPage, rows: Table) -> LaidOutPage:
    """The page with rows added to its last table."""
    index = max(i for i, block in enumerate(page.blocks) if isinstance(block, TableBlock))
    block = page.blocks[index]
    assert isinstance(block, TableBlock)  # so chosen
    table = block.table
    cells = (*table.cells, *(replace(cell, row=cell.row + table.rows) for cell in rows.cells))
    whole = replace(table, rows=table.rows + rows.rows, cells=cells)
    blocks = list(page.blocks)
    blocks[index] = replace(block, table=whole)
    return replace(page, blocks=tuple(blocks))


def _without_first_table(page: LaidOutPage) -> LaidOutPage:
    index = next(i for i, block in enumerate(page.blocks) if isinstance(block, TableBlock))
    return replace(page, blocks=(*page.blocks[:index], *page.blocks[index + 1 :]))
