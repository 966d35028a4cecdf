"""Tables with heads over several columns, row groups, totals, long cells and notes."""

from __future__ import annotations

from dataclasses import dataclass

from bench.documents.markup import cell, table, text
from bench.documents.writing import Writer


@dataclass(frozen=True, slots=True)
class Shape:
    """What a table has; ``long_cells`` is the share of labels of more than one line."""

    rows: int
    columns: int
    groups: int = 0
    """Groups of rows, each with a row of its own as its head, or a cell over its rows."""
    spanning_head: bool = False
    total: bool = False
    long_cells: float = 0.0
    merged_groups: bool = False
    texts: int = 0
    """Columns of words after the label; the remaining ones are numbers."""
    spans: bool = True
    """Whether cells are merged: without rules a merged cell looks like empty ones beside it."""


def random_shape(writer: Writer, *, spans: bool = True) -> Shape:
    """A shape with 3 to 7 columns."""
    chance = writer.chance
    columns = chance.randint(3, 7)
    return Shape(
        rows=chance.randint(5, 18),
        columns=columns,
        groups=chance.choice((0, 0, 2, 3)),
        spanning_head=columns > 3 and chance.random() < 0.35,
        total=chance.random() < 0.4,
        long_cells=chance.choice((0, 0, 0.2, 0.4)),
        merged_groups=spans and chance.random() < 0.5,
        texts=chance.choice((0, 0, 1)),
        spans=spans,
    )


def random_table(writer: Writer, shape: Shape) -> str:
    """A table of figures; numbers are right-aligned and of one form per column."""
    forms = [_number_form(writer) for _ in range(shape.columns)]
    rows = _head(writer, shape)
    group_size = max(1, shape.rows // max(1, shape.groups))
    has_group_column = shape.groups > 0 and shape.merged_groups
    for number in range(shape.rows):
        row = []
        if shape.groups and number % group_size == 0 and number // group_size < shape.groups:
            last = number // group_size == shape.groups - 1
            size = shape.rows - number if last else group_size
            title = text(writer.heading())
            if has_group_column:
                row.append(cell(title, rows=size))
            else:
                rows.append(_over_all(title, shape))
        row.append(cell(_label(writer, shape)))
        filled = shape.columns - 1 - has_group_column
        for column in range(filled):
            if column < shape.texts:
                row.append(cell(text(writer.word(writer.pick("place", "cause")))))
            else:
                row.append(cell(_number(writer, forms[column]), cls="num"))
        rows.append(row)
    if shape.total:
        label = text(writer.either("Total", "合计"))
        row = [cell(label, columns=1 + has_group_column, cls="bold")]
        for column in range(shape.columns - 1 - has_group_column):
            content = "" if column < shape.texts else _number(writer, forms[column])
            row.append(cell(content, cls="num bold"))
        rows.append(row)
    return table(rows)


def _over_all(title: str, shape: Shape) -> list[str]:
    if shape.spans:
        return [cell(title, columns=shape.columns, cls="bold")]
    return [cell(title, cls="bold"), *[cell("")] * (shape.columns - 1)]


def _head(writer: Writer, shape: Shape) -> list[list[str]]:
    labels = [writer.either("Item", "项目")]
    if shape.groups and shape.merged_groups:
        labels.insert(0, writer.either("Group", "类别"))
    values = shape.columns - len(labels)
    names = [
        writer.either(f"{writer.pick('Plan', 'Actual', 'Year')} {year}", f"{year}年")
        for year in range(2025 - values, 2025)
    ]
    for column in range(shape.texts):
        names[column] = writer.either("Remark", "说明")
    if not shape.spanning_head or values - shape.texts < 2:
        return [[cell(text(name), head=True, cls="center bold") for name in [*labels, *names]]]
    outer = [*labels, *names[: shape.texts]]
    inner = names[shape.texts :]
    if shape.spans:
        above = [cell(text(name), rows=2, head=True, cls="center bold") for name in outer]
        below = []
    else:
        above = [cell("", head=True)] * len(outer)
        below = [cell(text(name), head=True, cls="center bold") for name in outer]
    over = writer.either("Amount (thousand)", "金额（万元）")
    above.append(cell(text(over), columns=len(inner), head=True, cls="center bold"))
    below += [cell(text(name), head=True, cls="center bold") for name in inner]
    return [above, below]


def _label(writer: Writer, shape: Shape) -> str:
    if writer.chance.random() < shape.long_cells:
        parts = [writer.subject(), writer.word("thing"), writer.word("place")]
        return text(writer.either(", ", "、").join(parts))
    return text(writer.subject())


def _number_form(writer: Writer) -> str:
    return writer.pick("whole", "money", "money", "percent", "decimal")


def _number(writer: Writer, form: str) -> str:
    if writer.chance.random() < 0.06:
        return writer.pick("—", "-", "")
    match form:
        case "whole":
            number = f"{writer.number(0, 9999):,}"
        case "percent":
            number = f"{writer.number(0, 1000) / 10}%"
        case "decimal":
            number = f"{writer.number(0, 9999) / 1000:.3f}"
        case _:
            number = writer.money()
    return f"({number})" if form == "money" and writer.chance.random() < 0.1 else number
