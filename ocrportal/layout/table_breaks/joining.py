"""Joins tables that continue on the next page, on the page where they start."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ocrportal.geometry import Rect
from ocrportal.layout.blocks import TableBlock, is_header_or_footer
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.source import is_next
from ocrportal.layout.table_breaks.broken_rows import continues_row, join_row
from ocrportal.layout.table_breaks.continuation_marks import marks_above_table
from ocrportal.layout.table_breaks.part_columns import has_same_columns, with_lost_columns
from ocrportal.number_kinds import kind_of_column, number_kind
from ocrportal.results import Table

MAX_PAGES = 40
"""A table is joined over so many pages, which are in memory together."""
MAX_FREE = 0.25
"""Share of the page's height that may be free below the first part or above the second one: a
row of several lines did not fit in."""
MAX_FREE_WITH_HEAD = 0.35
"""The same below the first part if the second one repeats its head, which is certain."""
MAX_HEAD = 3
"""Rows of a head that is repeated."""
_ALIKE = 0.85
"""Similarity of the letters of the same head recognised twice."""
_ALIKE_CELL = 2 / 3
"""Similarity of one cell of it: one of three letters may differ."""
_TOTAL = re.compile(r"(合计|总计|總計|合計|(grand )?total|sum)(?![a-z])", re.IGNORECASE)


def join_tables(pages: Iterable[LaidOutPage]) -> Iterator[LaidOutPage]:
    """Each page with its last table joined, and without the end of the page before's.

    A part continues a table if both have the same columns, it is the first text of the next
    page, apart from marks such as "Table 1 (continued)", and the other was the last of its page.
    Those marks and the rows of a repeated head are left out, and a row that a page end breaks
    is joined. Cells of later parts have no box, since they are on other pages.
    """
    held: list[LaidOutPage] = []
    last: tuple[Table, LaidOutPage, Table] | None = None
    """The first part, the page of the latest part, and that part."""
    for page in pages:
        marks = marks_above_table(page.blocks, held[0].blocks) if last is not None else []
        part = _first_table(page, marks)
        if last is not None and part is not None and len(held) < MAX_PAGES:
            whole = with_lost_columns(last[1].result, last[2], page.result, part)
            rows = _continuation(*last, page, whole, is_marked=bool(marks))
            if rows is not None:
                held[0] = _extended(held[0], rows)
                is_whole = _last_table(page) is part
                rest = _without_first_table(page, marks)
                if is_whole:
                    held.append(rest)
                    last = (last[0], page, whole)
                    continue
                page = rest
        yield from held
        held = [page]
        tail = _last_table(page)
        last = (tail, page, tail) if tail is not None else None
        if last is None:
            yield from held
            held = []
    yield from held


def _first_table(page: LaidOutPage, marks: Sequence[int]) -> Table | None:
    """The table that is the first block of a page, apart from the paragraphs at ``marks``."""
    text = (
        block
        for place, block in enumerate(page.blocks)
        if place not in marks and not is_header_or_footer(block)
    )
    block = next(text, None)
    return block.table if isinstance(block, TableBlock) else None


def _last_table(page: LaidOutPage) -> Table | None:
    blocks = [block for block in page.blocks if not is_header_or_footer(block)]
    return blocks[-1].table if blocks and isinstance(blocks[-1], TableBlock) else None


def _continuation(
    first: Table,
    page: LaidOutPage,
    table: Table,
    following: LaidOutPage,
    part: Table,
    *,
    is_marked: bool,
) -> Table | None:
    """The rows of ``part`` that continue ``table``; None if it is another table.

    ``first`` is the part where the table starts, with the head that later parts may repeat.
    ``is_marked`` is whether a text above the part shows that it continues a table.
    """
    if not is_next(page.source, following.source) or not has_same_columns(
        page.result, table, following.result, part
    ):
        return None
    if _is_same_form(table, part):
        return None
    head = _repeated_head(first, part)
    if not _fills_its_page(page, table, following, part, has_head=head > 0):
        return None
    first_row, *below = part.texts()
    has_own_head = part.head_rows > 0 or _is_worded(first_row, below)
    if not head and not is_marked and (has_own_head or _has_total(table)):
        return None
    cells = tuple(
        replace(cell, row=cell.row - head, box=None) for cell in part.cells if cell.row >= head
    )
    edges = part.ruled_edges and tuple(edge - head for edge in part.ruled_edges if edge > head)
    return Table(part.rows - head, part.columns, cells, ruled_edges=edges)


def _fills_its_page(
    page: LaidOutPage, table: Table, following: LaidOutPage, part: Table, *, has_head: bool
) -> bool:
    assert table.box is not None  # has_same_columns compared them
    assert part.box is not None  # as above
    bottom = Rect.around(table.box).bottom / page.result.height
    top = Rect.around(part.box).top / following.result.height
    max_free = MAX_FREE_WITH_HEAD if has_head else MAX_FREE
    return bottom >= 1 - max_free and top <= MAX_FREE


def _repeated_head(first: Table, part: Table) -> int:
    """The number of rows at the start of ``part`` that repeat those at the start of ``first``.

    They are left out, so a row counts only if nothing in it is new.
    """
    texts, repeated = first.texts(), part.texts()
    count = 0
    for index, (row, other) in enumerate(zip(texts[:MAX_HEAD], repeated, strict=False)):
        below = [*texts[index + 1 :], *repeated[index + 1 :]]
        is_head = index < min(first.head_rows, part.head_rows) or _is_worded(row, below)
        if not _repeats(row, other, is_tolerant=is_head) or _is_data(row, below):
            break
        count += 1
    # A merged cell may reach from the head into the rows below: then they are not a head.
    while count and any(cell.row < count < cell.row + cell.row_span for cell in part.cells):
        count -= 1
    return count if count < part.rows else 0


def _repeats(row: Sequence[str], other: Sequence[str], *, is_tolerant: bool) -> bool:
    """Whether ``other`` has the texts of ``row``; if tolerant, with a few other letters."""
    texts, repeated = ([*map(_compact, cells)] for cells in (row, other))
    if not any(texts):
        return False
    if texts == repeated:
        return True
    return (
        is_tolerant
        and [*map(_digits, texts)] == [*map(_digits, repeated)]
        and _similarity("".join(texts), "".join(repeated)) >= _ALIKE
        and all(
            not text or _similarity(head, text) >= _ALIKE_CELL
            for head, text in zip(texts, repeated, strict=True)
        )
    )


def _compact(text: str) -> str:
    """A text without spaces, in one case and width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isnumeric())


def _similarity(text: str, other: str) -> float:
    return SequenceMatcher(None, text, other, autojunk=False).ratio()


def _is_data(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has a number in a column of numbers of the same kind."""
    return any(
        kind is not None and kind == kind_of_column(below, column)
        for column, kind in enumerate(map(number_kind, row))
    )


def _is_same_form(table: Table, part: Table) -> bool:
    """Whether both have the same labels in each row: a form that is filled in twice."""
    labels, labels_below = ([row[0] for row in t.texts()] for t in (table, part))
    return labels == labels_below and len(set(labels)) > MAX_HEAD


def _is_worded(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has words where the rows below have numbers, as heads have."""
    words = numbers = 0
    for column, text in enumerate(row):
        texts = [other[column] for other in below if other[column]]
        if text and texts and sum(map(_has_digits, texts)) * 2 > len(texts):
            numbers += _has_digits(text)
            words += not _has_digits(text)
    return words > numbers


def _has_total(table: Table) -> bool:
    """Whether the last row sums up the table."""
    return any(_TOTAL.match(text.replace(" ", "")) for text in table.texts()[-1])


def _has_digits(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _extended(page: LaidOutPage, rows: Table) -> LaidOutPage:
    """The page with rows added to its last table, the first to its last row if it is broken."""
    index = max(i for i, block in enumerate(page.blocks) if isinstance(block, TableBlock))
    block = page.blocks[index]
    assert isinstance(block, TableBlock)  # so chosen
    table = block.table
    if continues_row(table, rows):
        table, rows = join_row(table, rows)
    cells = (*table.cells, *(replace(cell, row=cell.row + table.rows) for cell in rows.cells))
    whole = replace(
        table,
        rows=table.rows + rows.rows,
        cells=cells,
        ruled_edges=_joined_edges(table, rows),
    )
    blocks = list(page.blocks)
    blocks[index] = replace(block, table=whole, page_rows=(*block.page_rows, table.rows))
    return replace(page, blocks=tuple(blocks))


def _joined_edges(table: Table, rows: Table) -> tuple[int, ...] | None:
    """The ruled edges of both; the ruling at the page end is kept if most rows have one."""
    if table.ruled_edges is None or rows.ruled_edges is None:
        return None
    is_ruled = len(table.ruled_edges) * 2 > table.rows
    above = (edge for edge in table.ruled_edges if is_ruled or edge < table.rows)
    # The ruling below a broken row is the one at the page end.
    return tuple(sorted({*above, *(edge + table.rows for edge in rows.ruled_edges)}))


def _without_first_table(page: LaidOutPage, marks: Sequence[int]) -> LaidOutPage:
    index = next(i for i, block in enumerate(page.blocks) if isinstance(block, TableBlock))
    left_out = {index, *marks}
    blocks = tuple(block for place, block in enumerate(page.blocks) if place not in left_out)
    return replace(page, blocks=blocks, starts_mid_table=True)
