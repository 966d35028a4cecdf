"""A table turned by 90 degrees on a page that is upright."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block
from bench.documents.tabular import Shape, random_table
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh")


def design(writer: Writer) -> Design:
    """The header and page number are upright, the table is read from the right side."""
    chance = writer.chance
    shape = Shape(
        rows=chance.randint(8, 16), columns=chance.randint(6, 9), total=chance.random() < 0.5
    )
    look = writer.by_turn(
        (
            "td,th{border:.8px solid #333}",
            "table{border-left:1px solid #000;border-right:1px solid #000}",
            "",
        )
    )
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9, 10))}pt}}"
        "table{writing-mode:vertical-rl;text-orientation:sideways;height:240mm;width:auto}"
        f"td,th{{padding:1.5mm 1mm}}{look}"
    )
    head = block("header", writer.title())
    body = f'<div class="grow" data-fit style="margin-top:5mm">{random_table(writer, shape)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    return Design((head + body + foot,), css, language=writer.language)
