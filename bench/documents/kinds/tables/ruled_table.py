"""A page with a table that has a rule around every cell, between paragraphs."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, text
from bench.documents.tabular import random_shape, random_table
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """A report with one or two tables."""
    chance = writer.chance
    parts = [heading(1, writer.title()), paragraph(writer.passage(2, 4))]
    for number in range(1, chance.randint(2, 3)):
        title = writer.either(f"Table {number}. ", f"表{number} ") + writer.title()
        parts.append(block("caption", text(title), cls="center", style="margin:3mm 0 1mm"))
        parts.append(random_table(writer, random_shape(writer)))
        parts.append(paragraph(writer.passage(2, 5), style="margin-top:4mm"))
    colour = chance.choice(("#000", "#000", "#444", "#9aa", "#2b5fa8"))
    line = (
        f"{chance.choice((0.5, 0.8, 1.2))}px {chance.choice(('solid', 'solid', 'dotted'))} {colour}"
    )
    shade = chance.choice(
        (
            "",
            f"tr:first-child th{{background:{chance.choice(('#ddd', '#dce6f1', '#1f4e79;color:#fff'))}}}",
        )
    )
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9, 10, 10.5))}pt}}"
        f"td,th{{border:{line};padding:{chance.choice((0.6, 1, 1.8))}mm 1.6mm;"
        f"vertical-align:{chance.choice(('top', 'middle'))}}}"
        f"h1{{font-size:1.6em;margin-bottom:4mm}}{shade}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(1, 99)), cls="center")
    return Design((body + foot,), css, language=writer.language)
