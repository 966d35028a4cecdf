"""A table that continues on the next pages, or two tables at a page end that do not belong together."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import MM, Design, block, cell, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")
_ROW = 7.2
"""Millimetres; every row has one line."""
_ROOM = 232
"""Millimetres for text on a page."""


def design(writer: Writer) -> Design:
    """Two or three pages with running headers."""
    chance = writer.chance
    belongs = chance.random() < 0.7
    names = _names(writer)
    first = paragraph(writer.passage(3, 6)) + _caption(writer, 1)
    rows_of_first = int((_ROOM - 62) / _ROW)
    bodies = [f"{first}{table([_head(names), *_rows(writer, names, 1, rows_of_first)])}"]
    count = rows_of_first
    if belongs:
        full = int(_ROOM / _ROW) - 1
        for rows in [full] * chance.choice((0, 0, 1)) + [writer.number(3, 16)]:
            part = [_head(names), *_rows(writer, names, count + 1, rows)]
            bodies.append(table(part, continues=True))
            count += rows
    else:
        other = _names(writer, 3 if len(names) > 4 else 6)
        part = [_head(other), *_rows(writer, other, 1, writer.number(4, 14))]
        bodies.append(_caption(writer, 2) + table(part))
    bodies[-1] += paragraph(writer.passage(3, 6), style="margin-top:5mm")
    rule = chance.choice(
        (
            "td,th{border:.8px solid #333}",
            "td,th{border-bottom:.6px solid #999}",
            "table{border-top:1.3px solid #000;border-bottom:1.3px solid #000}th{border-bottom:.8px solid #000}",
        )
    )
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:10pt}}"
        f"tr{{height:{_ROW * MM:.2f}px}}td,th{{white-space:nowrap;vertical-align:middle;padding:0 2mm}}"
        f".head{{font-size:.85em;margin-bottom:5mm}}{rule}"
    )
    title = writer.title()
    pages = tuple(
        block("header", text(title), cls="head")
        + f'<div class="grow">{body}</div>'
        + block("page_number", str(number), cls="center")
        for number, body in enumerate(bodies, writer.number(1, 90))
    )
    return Design(pages, css, language=writer.language)


def _caption(writer: Writer, number: int) -> str:
    label = writer.either(f"Table {number}. ", f"表{number} ")
    return block("caption", text(label + writer.title()), style="margin:4mm 0 1.5mm")


def _names(writer: Writer, columns: int = 0) -> list[str]:
    columns = columns or writer.number(3, 6)
    years = [writer.either(str(year), f"{year}年") for year in range(2026 - columns, 2024)]
    return [writer.either("No.", "序号"), writer.either("Item", "项目"), *years]


def _head(names: list[str]) -> list[str]:
    return [cell(text(name), head=True, cls="bold") for name in names]


def _rows(writer: Writer, names: list[str], start: int, count: int) -> list[list[str]]:
    return [
        [
            cell(str(number)),
            cell(text(writer.subject())),
            *(cell(writer.money(), cls="num") for _ in names[2:]),
        ]
        for number in range(start, start + count)
    ]
