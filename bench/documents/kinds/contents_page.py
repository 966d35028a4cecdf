"""A page of contents: entries of two or three levels with dots before their page numbers."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, text
from bench.documents.writing import Writer
from ocrportal.text import is_wide

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """A page of 15 to 30 entries."""
    chance = writer.chance
    dots = chance.choice((".", ".", "…", "·"))
    entries = []
    page = 1
    for chapter in range(1, writer.number(5, 8)):
        label = writer.either(f"{chapter} ", f"第{'一二三四五六七八'[chapter - 1]}章 ")
        entries.append(_entry(label + writer.heading(), page, dots, 0))
        for section in range(1, writer.number(1, 5)):
            page += writer.number(1, 9)
            entries.append(_entry(f"{chapter}.{section} {writer.title()}", page, dots, 1))
        page += writer.number(2, 12)
    foot = block("page_number", writer.pick("i", "ii", "iv"), cls="center")
    title = heading(1, writer.either("Contents", writer.pick("目录", "目　录")))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:10.5pt;"
        f"line-height:{chance.choice((1.5, 1.7, 1.9))}}}"
        f"h1{{text-align:{chance.choice(('center', 'left'))};font-size:1.7em;margin-bottom:6mm}}"
        ".entry{display:flex;justify-content:space-between;white-space:nowrap}.entry0{font-weight:700}"
    )
    body = f'<div class="grow" data-fit>{"".join(entries)}</div>'
    return Design((title + body + foot,), css, language=writer.language)


def _entry(title: str, page: int, dots: str, level: int) -> str:
    """An entry on one line; the number of dots is estimated, so that they never touch it."""
    width = sum(1.05 if is_wide(char) else 0.58 for char in title) + 2 * level
    pitch = {".": 0.33, "…": 1.0, "·": 0.4}[dots]
    leader = dots * max(0, int((40 - width) / pitch))
    content = f"<span>{text(title)}</span> <span>{leader} {page}</span>"
    return block(
        "contents_entry", content, cls=f"entry entry{level}", style=f"padding-left:{2 * level}em"
    )
