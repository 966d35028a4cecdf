"""A page of text in several types: bold, italic, underlined and coloured words and lines."""

from __future__ import annotations

import re

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "en", "zh", "ja")
_EMPHASES = ("b", "i", "u", "b", "strong", "em")
_WORD = re.compile(r"[A-Za-z]{4,}|[一-龥ぁ-んァ-ン]{2,5}")


def design(writer: Writer) -> Design:
    """A page of one or two columns; headings are bold, or only larger."""
    chance = writer.chance
    parts = [heading(1, writer.title())]
    for _ in range(9):
        match chance.random():
            case share if share < 0.3:
                parts.append(heading(2, writer.heading()))
            case share if share < 0.45:
                name = chance.choice(("b", "i", "u"))
                parts.append(block("paragraph", f"<{name}>{text(writer.sentence())}</{name}>"))
            case _:
                parts.append(_passage(writer))
    weights = chance.choice(("700", "400"))
    columns = chance.choice((1, 1, 2))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9.5, 10.5, 12))}pt;"
        f"line-height:{chance.choice((1.4, 1.6))};text-align:{chance.choice(('left', 'justify'))}}}"
        f"h1{{font-size:1.8em;margin-bottom:5mm;font-weight:{weights}}}"
        f"h2{{font-size:{chance.choice(('1', '1.25'))}em;margin:3mm 0 1mm;font-weight:{chance.choice(('700', weights))}}}"
        f".columns{{columns:{columns};column-gap:8mm}}p{{margin-bottom:2mm}}"
        f".red{{color:{chance.choice(('#c00000', '#1f4e9d', '#0a7d32'))}}}"
    )
    page = f'<div class="columns" data-fit>{"".join(parts)}</div>'
    return Design((page,), css, language=writer.language)


def _passage(writer: Writer) -> str:
    """A paragraph with a few words of other types."""
    chance = writer.chance

    def emphasised(found: re.Match[str]) -> str:
        if chance.random() > 0.1:
            return found[0]
        name = chance.choice(_EMPHASES)
        word = f"<{name}>{found[0]}</{name}>"
        return f'<span class="red">{word}</span>' if chance.random() < 0.3 else word

    return block("paragraph", _WORD.sub(emphasised, text(writer.passage(3, 6))))
