"""Poems: short lines in stanzas, centered or in columns."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "ja")


def design(writer: Writer) -> Design:
    """One poem, or several that follow each other in two columns."""
    chance = writer.chance
    columns = writer.by_turn((1, 2, 2))
    poems = "".join(_poem(writer) for _ in range(1 if columns == 1 else 4))
    page = (
        f'<div class="columns" data-fit>{poems}</div>'
        f"{block('page_number', str(writer.number(1, 200)), cls='center')}"
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((11, 12, 13))}pt;"
        f"line-height:{chance.choice((1.5, 1.8))};text-align:{chance.choice(('center', 'left'))}}}"
        f".columns{{column-count:{columns}}}.page{{padding:25mm 30mm 16mm}}"
        "h1{font-size:1.5em;margin:4mm 0 2mm}.stanza{margin-top:4mm;break-inside:avoid}"
        f".stanza{{padding-left:{chance.choice((0, 10, 20))}mm}}"
    )
    return Design((page,), css, language=writer.language)


def _poem(writer: Writer) -> str:
    parts = [heading(1, writer.heading()), block("paragraph", text(writer.name()))]
    for _ in range(writer.number(3, 7)):
        lines = "<br>".join(text(writer.verse()) for _ in range(writer.number(2, 6)))
        parts.append(block("paragraph", lines, cls="stanza"))
    return "".join(parts)
