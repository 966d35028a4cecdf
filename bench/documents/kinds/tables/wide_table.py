"""A table of 8 to 14 columns in small type with narrow gaps."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "zh", "en")
_LOOKS = (
    "",
    "table{border-top:1.2px solid #000;border-bottom:1.2px solid #000}.base th{border-bottom:.8px solid #000}",
    "td,th{border:.8px dotted #555}",
    "tr:nth-child(even) td{background:#eef1f4}",
    "td{border-bottom:.5px solid #bbb}.base th{border-bottom:1px solid #000}",
    "td+td,th+th{border-left:.6px solid #777}.base th{border-bottom:.8px solid #000}",
)


def design(writer: Writer) -> Design:
    """One table over a page, which may be as wide as it is high upright."""
    chance = writer.chance
    is_landscape = chance.random() < 0.5
    columns = chance.randint(11, 14) if is_landscape else chance.randint(8, 11)
    rows = chance.randint(10, 22) if is_landscape else chance.randint(14, 34)
    title = writer.either(f"Table {writer.number(1, 20)}. ", f"表{writer.number(1, 20)} ")
    parts = [
        block("caption", text(title + writer.title()), style="margin-bottom:2mm"),
        _table(writer, columns, rows),
    ]
    if chance.random() < 0.5:
        source = writer.either("Source: ", "资料来源：") + writer.word("org")
        parts.append(block("footnote", text(source), style="font-size:.9em;margin-top:1mm"))
    if not is_landscape and chance.random() < 0.5:
        parts.insert(0, paragraph(writer.passage(2, 4), style="margin-bottom:4mm"))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((7, 7.5, 8))}pt}}"
        f".page{{padding:14mm 12mm}}td,th{{padding:{chance.choice((0.3, 0.6, 1))}mm "
        f"{chance.choice((0.7, 1, 1.4))}mm;line-height:1.25}}"
        f"th{{vertical-align:bottom;font-weight:{chance.choice((400, 700))}}}{writer.by_turn(_LOOKS)}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    size = (297, 210) if is_landscape else (210, 297)
    return Design((body + foot,), css, *size, language=writer.language)


def _table(writer: Writer, columns: int, count: int) -> str:
    chance = writer.chance
    counts_rows = chance.random() < 0.4
    words = chance.choice((0, 0, 1))
    forms = [writer.pick("whole", "whole", "small", "decimal", "percent") for _ in range(columns)]
    sparse = {column for column in range(columns) if chance.random() < 0.12}
    first = 1 + counts_rows + words
    html = table(
        [
            *_head(writer, columns, first, counts_rows=counts_rows),
            *(
                _row(writer, number, forms, sparse, first, counts_rows=counts_rows)
                for number in range(1, count + 1)
            ),
        ]
    )
    parts = html.split("<tr>")
    depth = next(number for number, part in enumerate(parts) if "<td" in part) - 1
    return "<tr>".join(parts[:depth]) + '<tr class="base">' + "<tr>".join(parts[depth:])


def _head(writer: Writer, columns: int, first: int, *, counts_rows: bool) -> list[list[str]]:
    names = ["No.", "序号"] if counts_rows else []
    labels = [writer.either(*names)] if names else []
    labels += writer.either("Region|Body", "地区|单位").split("|")[: first - counts_rows]
    pool = writer.either(
        "Staff|Income|Cost|Visits|Loans|Total number|Per head|Share of all|Change on year|Under 18",
        "人数|收入|支出|户数|面积|总数（万）|人均|占比|比上年增减|其中女性",
    ).split("|")
    values = [writer.pick(*pool) for _ in range(columns - first)]
    inner = [
        *(cell(name, head=True) for name in labels),
        *(cell(n, head=True, cls="num") for n in values),
    ]
    if writer.chance.random() < 0.5:
        return [inner]
    size = writer.number(2, 4)
    starts = range(0, columns - first, size)
    over = [
        cell(
            writer.either(str(2025 - number), f"{2025 - number}年"),
            columns=min(size, columns - first - start),
            head=True,
            cls="center",
            style="border-bottom:.7px solid #000",
        )
        for number, start in enumerate(starts)
    ]
    above = [cell(name, rows=2, head=True) for name in labels]
    return [[*above, *over], inner[first:]]


def _row(
    writer: Writer,
    number: int,
    forms: list[str],
    sparse: set[int],
    first: int,
    *,
    counts_rows: bool,
) -> list[str]:
    row = [cell(str(number))] if counts_rows else []
    row.append(cell(text(writer.word("place"))))
    if len(row) < first:
        row.append(cell(text(writer.name())))
    for column in range(first, len(forms)):
        share = 0.8 if column in sparse else 0.05
        row.append(
            cell(
                "" if writer.chance.random() < share else _number(writer, forms[column]), cls="num"
            )
        )
    return row


def _number(writer: Writer, form: str) -> str:
    match form:
        case "whole":
            return f"{writer.number(0, 10 ** writer.number(3, 5)):,}"
        case "small":
            return str(writer.number(0, 40))
        case "percent":
            return f"{writer.number(0, 1000) / 10}%"
        case _:
            return f"{writer.number(-3000, 9999) / 100:.2f}"
