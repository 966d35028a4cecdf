"""A table that continues on the next pages, or two tables at a page end that do not belong together."""

from __future__ import annotations

from collections.abc import Iterator

from bench.documents.fonts import family
from bench.documents.long_table import LongRow, LongTable, random_long_table
from bench.documents.markup import Design, block, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")
_LINE, _PADDING = 5.0, 2.4
"""Millimetres of a line of a row, and above and below its lines together."""
_ROOM = 236.0
"""Millimetres for rows on a page."""
_RULES = (
    "td,th{border:.8px solid #333}",
    "td,th{border-bottom:.6px solid #999}",
    "table{border-top:1.3px solid #000;border-bottom:1.3px solid #000}"
    "thead tr:last-child th{border-bottom:.8px solid #000}",
    "",
)


def design(writer: Writer) -> Design:
    """Two to four pages, with running headers or without."""
    chance = writer.chance
    belongs = writer.by_turn((True, True, True, True, False))
    repeats = writer.by_turn((True, False, True))
    long_cells = chance.random() < 0.5
    whole = random_long_table(writer, has_long_cells=long_cells)
    parts = list(_parts(writer, whole, chance.choice((1, 1, 2, 3)) if belongs else 0))
    mark = writer.either("Table 1", "表1")
    first = paragraph(writer.passage(2, 4)) + _caption(f"{mark} {writer.title()}")
    bodies = [
        first
        + table([*whole.head_cells(), *parts[0][0]], head=len(whole.head), widths=whole.widths)
    ]
    goes_on = writer.either("Table 1 (continued)", chance.choice(("续表1", "表1（续）")))
    above = _caption(goes_on, optional="") if belongs and chance.random() < 0.3 else ""
    for rows, is_divided in parts[1:]:
        head = whole.head_cells() if repeats else []
        part = table(
            [*head, *rows],
            head=len(head),
            widths=whole.widths,
            continues=True,
            divides_row=is_divided,
        )
        bodies.append(above + part)
    if not belongs:
        bodies.append(_other_table(writer, whole))
    bodies[-1] += paragraph(writer.passage(2, 4), style="margin-top:5mm")
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:10pt}}"
        f"td,th{{white-space:nowrap;line-height:{_LINE}mm;padding:{_PADDING / 2}mm 2mm}}"
        f".head{{font-size:.85em;margin-bottom:5mm}}{chance.choice(_RULES)}"
    )
    title = writer.title()
    has_header, has_number = chance.choice(((True, True), (False, True), (True, False)))
    pages = tuple(
        (block("header", text(title), cls="head") if has_header else "")
        + f'<div class="grow">{body}</div>'
        + (block("page_number", str(number), cls="center") if has_number else "")
        for number, body in enumerate(bodies, writer.number(1, 90))
    )
    return Design(pages, css, language=writer.language)


def _parts(
    writer: Writer, whole: LongTable, further: int
) -> Iterator[tuple[list[list[str]], bool]]:
    """The rows of each page, and whether the first one continues the last one before."""
    number, rest, is_divided = 1, None, False
    for page in range(further + 1):
        room = _ROOM - _PADDING * 2 - (_LINE + _PADDING) * len(whole.head)
        if page == 0:
            room -= 52
        elif page == further:
            room = min(room, writer.number(25, 120))
        rows: list[LongRow] = []
        while True:
            row = rest or whole.row(number)
            number += rest is None
            rest = None
            height = row.lines * _LINE + _PADDING
            if height > room:
                break
            rows.append(row)
            room -= height
        rest, divided = row, False
        lines = int((room - _PADDING) / _LINE)
        if page < further and 0 < lines < row.lines and writer.chance.random() < 0.7:
            first, rest = row.divided(lines)
            rows.append(first)
            divided = True
        yield [whole.row_cells(row) for row in rows], is_divided
        is_divided = divided


def _other_table(writer: Writer, whole: LongTable) -> str:
    """A table of its own: with other columns, or with the same head below another caption."""
    other = whole
    if writer.chance.random() < 0.6:
        while other.columns == whole.columns and other.head == whole.head:
            other = random_long_table(writer, has_long_cells=False)
    rows = [other.row_cells(other.row(number)) for number in range(1, writer.number(4, 14))]
    caption = _caption(f"{writer.either('Table 2', '表2')} {writer.title()}")
    has_caption = other is whole or writer.chance.random() < 0.5
    html = table([*other.head_cells(), *rows], head=len(other.head), widths=other.widths)
    return (caption if has_caption else "") + html


def _caption(content: str, **data: str) -> str:
    return block("caption", text(content), style="margin:4mm 0 1.5mm", **data)
