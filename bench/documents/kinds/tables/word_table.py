"""A table of words only, in two to four columns, with entries of one line or several."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "zh")
_LOOKS = (
    "table{border-top:1.2px solid #000;border-bottom:1.2px solid #000}th{border-bottom:.8px solid #000}",
    "tr{border-bottom:.6px solid #999}",
    "td,th{border:.9px dotted #333}",
    "tr:nth-child(even){background:#edf1f5}",
    "th{background:#dde3ea}tr{border-bottom:.6px dotted #666}",
    "",
)


def design(writer: Writer) -> Design:
    """A table between paragraphs."""
    chance = writer.chance
    columns = writer.by_turn((3, 2, 4, 3, 2))
    parts = [
        heading(1, writer.title()),
        paragraph(writer.passage(2, 3)),
        _table(writer, columns, chance.randint(5, 12), is_long=chance.random() < 0.6),
        paragraph(writer.passage(2, 4), style="margin-top:5mm"),
    ]
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9, 10, 10.5))}pt}}"
        f"td,th{{padding:{chance.choice((0.8, 1.4, 2))}mm {chance.choice((2, 3))}mm;line-height:1.35}}"
        f"h1{{font-size:1.5em;margin-bottom:4mm}}table{{margin:4mm 0}}{writer.by_turn(_LOOKS)}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    return Design((body + foot,), css, language=writer.language)


def _table(writer: Writer, columns: int, count: int, *, is_long: bool) -> str:
    names = writer.either("Subject|Responsible|Place|Remarks", "事项|负责人|地点|说明").split("|")
    if columns < 4:
        del names[2]
    if columns < 3:
        del names[1]
    rows = [[cell(name, head=True, cls="bold") for name in names]]
    for _ in range(count):
        row = [cell(text(writer.word("thing")))]
        if columns > 2:
            row.append(cell(text(writer.name())))
        if columns > 3:
            row.append(cell(text(writer.word("place"))))
        row.append(cell(text(writer.sentence() if is_long else writer.word("cause"))))
        rows.append(row)
    return table(rows, style=f"width:{writer.pick('100%', '100%', '80%')}")
