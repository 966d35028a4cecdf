"""Two facing pages of a book in one picture, each with its own header and page number."""

from __future__ import annotations

from collections.abc import Callable

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "ja")


def design(writer: Writer) -> Design:
    """A spread of prose, or of short lines such as dialogues and verses."""
    chance = writer.chance
    number = writer.number(10, 300) * 2
    make = writer.by_turn((_dialogue, _prose, _short_lines, _prose))
    book, chapter = writer.title(), writer.heading()
    pages = [
        _page(writer, make, title, page) for title, page in ((book, number), (chapter, number + 1))
    ]
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((9, 10, 10.5))}pt;"
        f"line-height:{chance.choice((1.5, 1.7))};text-align:justify}}"
        ".page{flex-direction:row;padding:0}.side{flex:1;min-width:0;display:flex;flex-direction:column;"
        f"padding:16mm {chance.choice((12, 16, 20))}mm 12mm}}"
        ".head{font-size:.85em;text-align:center;margin-bottom:6mm}h2{font-size:1.4em;text-align:center;margin:4mm 0}"
        ".body p{text-indent:2em}.verse p{text-indent:0;padding-left:8mm;margin-bottom:3mm}.center{text-indent:0}"
    )
    return Design(
        ("".join(pages),), css, *chance.choice(((297, 210), (280, 200))), language=writer.language
    )


def _page(writer: Writer, make: Callable[[Writer], str], title: str, number: int) -> str:
    return (
        f'<div class="side">{block("header", text(title), cls="head")}{make(writer)}'
        f"{block('page_number', str(number), cls='center')}</div>"
    )


def _prose(writer: Writer) -> str:
    parts = []
    if writer.chance.random() < 0.4:
        parts.append(heading(2, writer.heading()))
    parts += [paragraph(writer.passage(2, 7)) for _ in range(14)]
    return f'<div class="grow body" data-fit>{"".join(parts)}</div>'


def _short_lines(writer: Writer) -> str:
    stanzas = [
        block("paragraph", "<br>".join(text(writer.verse()) for _ in range(writer.number(3, 6))))
        for _ in range(writer.number(3, 8))
    ]
    return (
        f'<div class="grow verse" data-fit>{heading(2, writer.heading())}{"".join(stanzas)}</div>'
    )


def _dialogue(writer: Writer) -> str:
    """Lines of speakers, most of which are much shorter than the page."""
    speakers = [writer.name() for _ in range(3)]
    mark = writer.either(": ", "：")
    lines = []
    for _ in range(26):
        content = writer.verse() if writer.chance.random() < 0.8 else writer.sentence()
        lines.append(paragraph(f"{writer.chance.choice(speakers)}{mark}{content}"))
    return f'<div class="grow" data-fit>{heading(2, writer.heading())}{"".join(lines)}</div>'
