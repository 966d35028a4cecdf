"""A page in two columns: a small table in one of them, and running text beside it."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "zh")
_LOOKS = (
    "",
    "table{border-top:1px solid #000;border-bottom:1px solid #000}th{border-bottom:.7px solid #000}",
    "td,th{border-bottom:.5px solid #aaa}",
    "tr:nth-child(even){background:#eee}",
    "td,th{border:.7px solid #555}",
)


def design(writer: Writer) -> Design:
    """Two columns of paragraphs; one or two tables in them."""
    chance = writer.chance
    parts = []
    for number in range(1, 7):
        parts.append(paragraph(writer.passage(4, 8), style="margin-bottom:2mm;text-align:justify"))
        if number in (2, 5):
            title = writer.either(f"Table {number // 2}. ", f"表{number // 2} ") + writer.title()
            caption = block("caption", text(title), style="font-size:.9em;margin:2mm 0 1mm")
            parts.append(f'<div style="break-inside:avoid">{caption}{_table(writer)}</div>')
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((8.5, 9, 9.5))}pt}}"
        f"td,th{{padding:{chance.choice((0.3, 0.7))}mm 1.2mm;line-height:1.3}}table{{margin-bottom:4mm;font-size:.92em}}"
        f"h1{{font-size:1.6em;margin-bottom:4mm}}.columns{{columns:2;column-gap:7mm}}{writer.by_turn(_LOOKS)}"
    )
    body = f'<div class="columns" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    return Design((heading(1, writer.title()) + body + foot,), css, language=writer.language)


def _table(writer: Writer) -> str:
    columns = writer.number(2, 5)
    names = [writer.either("Item", "项目")]
    names += [writer.either(str(2025 - n), f"{2025 - n}年") for n in range(columns - 1)]
    rows = [[cell(names[0], head=True), *(cell(n, head=True, cls="num") for n in names[1:])]]
    for _ in range(writer.number(4, 10)):
        label = writer.word("thing") if columns < 4 else writer.word("place")
        numbers = (f"{writer.number(0, 10 ** writer.number(2, 5)):,}" for _ in names[1:])
        rows.append([cell(text(label)), *(cell(number, cls="num") for number in numbers)])
    return table(rows)
