"""Tables of a document compared with the true ones, those over several pages as one table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.documents.truth import TrueBlock, TruePage, TrueTable, joined_table
from bench.quality.teds import teds
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import TableBlock
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.results import Table

_MAX_DIFFERENCE = 0.2
"""Share of its characters by which a row that was found may differ from the true one."""


@dataclass(frozen=True, slots=True)
class TableScores:
    """The measures of the tables of one document."""

    teds: tuple[float, ...]
    """Of each true table; 0 for one that is not found."""
    spurious: int
    """Tables found where there is none."""
    over_pages: int
    """True tables that continue on another page."""
    joined: int
    """Those of them that are found as one table."""
    joined_wrongly: int
    """Tables that contain the end of a table on the next page which does not continue them."""


@dataclass(frozen=True, slots=True)
class _TrueTable:
    """A table and its parts: the page, from 0, and the block of each."""

    parts: list[tuple[int, TrueBlock]]

    @property
    def tables(self) -> list[TrueTable]:
        return [block.table for _, block in self.parts if block.table]

    @property
    def last_row(self) -> str:
        last = self.tables[-1]
        return comparable(last.row_text(last.rows - 1))


def compare_tables(truth: list[TruePage], pages: list[LaidOutPage]) -> TableScores:
    """Compare the tables of a document."""
    tables = _true_tables(truth)
    left = [
        (number, block.table)
        for number, page in enumerate(pages)
        for block in page.blocks
        if isinstance(block, TableBlock)
    ]
    scores = []
    found: list[Table | None] = []
    for true in tables:
        taken = [_taken(left, place) for place in true.parts]
        first = next((table for table in taken if table is not None), None)
        found.append(first)
        whole = joined_table(true.tables)
        scores.append(0.0 if first is None else teds(first, whole, comparable))
    long = [n for n, true in enumerate(tables) if len(true.parts) > 1]
    wrong = sum(
        after.parts[0][0] > before.parts[-1][0] and _has_row(table, after.last_row)
        for (before, after), table in zip(pairwise(tables), found, strict=False)
    )
    return TableScores(
        tuple(scores),
        len(left),
        len(long),
        sum(_has_row(found[n], tables[n].last_row) for n in long),
        wrong,
    )


def _true_tables(truth: list[TruePage]) -> list[_TrueTable]:
    tables: list[_TrueTable] = []
    for number, page in enumerate(truth):
        for block in page.tables:
            if block.continues:
                tables[-1].parts.append((number, block))
            else:
                tables.append(_TrueTable([(number, block)]))
    return tables


def _taken(left: list[tuple[int, Table]], place: tuple[int, TrueBlock]) -> Table | None:
    """Remove the found table at the place of a true one, and return it."""
    number, block = place
    areas = [_common_area(table, block.box) if page == number else 0.0 for page, table in left]
    best = max(range(len(left)), key=areas.__getitem__, default=None)
    if best is None or not areas[best]:
        return None
    return left.pop(best)[1]


def _common_area(table: Table, box: Rect) -> float:
    common = table.box and Rect.around(table.box).intersection(box)
    return common.area if common else 0.0


def _has_row(table: Table | None, row: str) -> bool:
    """Whether a row of a table has this text, or nearly: recognised texts have errors."""
    return table is not None and any(
        Levenshtein.normalized_distance(comparable("".join(cells)), row) < _MAX_DIFFERENCE
        for cells in table.texts()
    )
