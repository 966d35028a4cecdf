"""Tables of many rows, to be divided between pages: heads of one row or two, and rows of several lines."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from bench.documents.markup import cell, text
from bench.documents.writing import Writer


@dataclass(frozen=True, slots=True)
class LongRow:
    """The cells of a row, each as its printed lines."""

    cells: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> int:
        return max(map(len, self.cells))

    def divided(self, line: int) -> tuple[LongRow, LongRow]:
        """The row before and after a line, as a page end divides it."""
        parts = (slice(None, line), slice(line, None))
        first, rest = (LongRow(tuple(c[part] for c in self.cells)) for part in parts)
        return first, rest


@dataclass(frozen=True, slots=True)
class LongTable:
    """A head of one row or two, and how a row with a number is written."""

    head: tuple[tuple[str, ...], ...]
    """The names of the columns; in the first of two rows "" continues the cell on the left."""
    row: Callable[[int], LongRow]
    widths: tuple[float, ...]
    """Millimetres; the same on each page."""
    numbers: frozenset[int]
    """The columns that are aligned at the right."""

    @property
    def columns(self) -> int:
        return len(self.head[-1])

    def head_cells(self) -> list[list[str]]:
        """The head in HTML."""
        names = self.head[-1]
        if len(self.head) == 1:
            return [[cell(text(name), head=True, cls="bold") for name in names]]
        above = self.head[0]
        rows: list[list[str]] = [[], []]
        for column, name in enumerate(above):
            if name == names[column]:
                rows[0].append(cell(text(name), head=True, cls="bold", rows=2))
                continue
            if name:
                width = 1 + next(
                    (k for k, other in enumerate(above[column + 1 :]) if other),
                    len(above) - column - 1,
                )
                rows[0].append(cell(text(name), head=True, cls="bold center", columns=width))
            rows[1].append(cell(text(names[column]), head=True, cls="bold"))
        return rows

    def row_cells(self, row: LongRow) -> list[str]:
        """A row in HTML."""
        return [
            cell("<br>".join(map(text, lines)), cls="num" if column in self.numbers else "")
            for column, lines in enumerate(row.cells)
        ]


def random_long_table(writer: Writer, *, has_long_cells: bool) -> LongTable:
    """A table of amounts, a register of persons, a ledger or a list of measures."""
    makers = (_amounts, _register, _ledger, _measures)
    return writer.chance.choice(makers)(writer, has_long_cells)


def _amounts(writer: Writer, has_long_cells: bool) -> LongTable:
    values = writer.number(2, 4)
    years = [writer.either(str(year), f"{year}年") for year in range(2026 - values, 2026)]
    labels = [writer.either("No.", "序号"), writer.either("Item", "项目")]
    names = (*labels, *years)
    group = writer.either("Amount", "金额")
    above = (*labels, group, *[""] * (values - 1))
    head = (above, names) if writer.chance.random() < 0.4 else (names,)

    def row(number: int) -> LongRow:
        item = _wrapped(writer, writer.subject(), has_long_cells)
        return LongRow(((str(number),), item, *((writer.money(),) for _ in years)))

    return LongTable(head, row, (14, 60, *[100 / values] * values), frozenset(range(2, len(names))))


def _register(writer: Writer, has_long_cells: bool) -> LongTable:
    names = writer.either("Name|Unit|Place|Remark", "姓名|单位|地点|备注").split("|")

    def row(_number: int) -> LongRow:
        unit = _wrapped(writer, writer.word("org"), has_long_cells)
        remark = writer.word("cause") if writer.chance.random() < 0.7 else ""
        return LongRow(((writer.name(),), unit, (writer.word("place"),), (remark,)))

    return LongTable((tuple(names),), row, (30, 60, 40, 44), frozenset())


def _ledger(writer: Writer, has_long_cells: bool) -> LongTable:
    names = writer.either("Date|Details|Paid in|Paid out", "日期|摘要|收入|支出").split("|")

    def row(_number: int) -> LongRow:
        day = f"{writer.number(2015, 2025)}-{writer.number(1, 12):02}-{writer.number(1, 28):02}"
        amounts = [writer.money(), ""]
        writer.chance.shuffle(amounts)
        details = _wrapped(writer, writer.title(), has_long_cells)
        return LongRow(((day,), details, *((amount,) for amount in amounts)))

    return LongTable((tuple(names),), row, (28, 66, 40, 40), frozenset((2, 3)))


def _measures(writer: Writer, has_long_cells: bool) -> LongTable:
    names = writer.either("No.|Measure|Responsible|Due", "编号|措施|责任人|期限").split("|")

    def row(number: int) -> LongRow:
        measure = _wrapped(writer, writer.sentence(), has_long_cells, longest=4)
        return LongRow(((f"M{number:02}",), measure, (writer.name(),), (writer.date(),)))

    return LongTable((tuple(names),), row, (18, 70, 42, 44), frozenset())


def _wrapped(
    writer: Writer, content: str, has_long_cells: bool, longest: int = 2
) -> tuple[str, ...]:
    """The lines of a cell; one line only if there are no long cells."""
    width = 26 if writer.is_english else 15
    lines = (
        textwrap.wrap(content, width)
        if writer.is_english
        else [content[start : start + width] for start in range(0, len(content), width)]
    )
    return tuple(lines[: longest if has_long_cells else 1])
