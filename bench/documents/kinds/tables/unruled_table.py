"""A page with tables whose columns show by alignment alone, or by shaded rows."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, text
from bench.documents.tabular import random_shape, random_table
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "zh")


def design(writer: Writer) -> Design:
    """A report with one or two tables without rules."""
    chance = writer.chance
    parts = [heading(1, writer.title()), paragraph(writer.passage(2, 4))]
    for number in range(1, chance.randint(2, 3)):
        title = writer.either(f"Table {number}. ", f"表{number} ") + writer.title()
        parts.append(block("caption", text(title), style="margin:3mm 0 1mm"))
        parts.append(random_table(writer, random_shape(writer, spans=False)))
        if chance.random() < 0.4:
            parts.append(block("footnote", text(f"* {writer.sentence()}"), style="font-size:.85em"))
        parts.append(paragraph(writer.passage(2, 5), style="margin-top:4mm"))
    stripes = chance.choice(("", "", "tr:nth-child(even){background:#eef2f7}"))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9, 10, 10.5))}pt}}"
        f"td,th{{padding:{chance.choice((0.4, 0.8, 1.4))}mm {chance.choice((2, 3, 4))}mm}}"
        f"th,.num{{white-space:{chance.choice(('nowrap', 'normal'))}}}"
        f"table{{width:{chance.choice(('100%', 'auto', '80%'))}}}"
        f"h1{{font-size:1.6em;margin-bottom:4mm}}{stripes}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    return Design((body + foot,), css, language=writer.language)
