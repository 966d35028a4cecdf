"""Vertical text: columns from right to left, in one or two tiers."""

from __future__ import annotations

from bench.documents.markup import Design, block, heading, paragraph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "ja", "zh", "ja")
_FONTS = {
    "zh": ("'Noto Serif CJK SC'", "'Noto Sans CJK SC'"),
    "ja": ("'Noto Serif CJK JP'", "'Noto Sans CJK JP'"),
}


def design(writer: Writer) -> Design:
    """A page of a novel or a magazine."""
    chance = writer.chance
    tiers = chance.choice((1, 1, 2))
    parts = [heading(1, writer.heading())]
    parts += [paragraph(_spoken(writer)) for _ in range(16)]
    page = (
        f'<div class="text" data-fit>{"".join(parts)}</div>'
        f"{block('page_number', str(writer.number(1, 300)), cls='center')}"
    )
    css = (
        f"body{{font-family:{chance.choice(_FONTS[writer.language])};font-size:{chance.choice((10.5, 11.5, 13))}pt;"
        f"line-height:{chance.choice((1.7, 1.9))};text-align:justify}}.page{{padding:16mm 16mm 10mm}}"
        ".text{writing-mode:vertical-rl;flex:1;min-height:0;column-fill:auto;margin-bottom:4mm;"
        f"column-count:{tiers};column-gap:10mm}}"
        "h1{font-size:1.7em;line-height:1.4;margin-left:5mm}p{text-indent:1em}.center{text-indent:0}"
    )
    size = chance.choice(((148, 210), (130, 188)))
    return Design((page,), css, *size, language=writer.language)


def _spoken(writer: Writer) -> str:
    """A passage, as speech, or with a remark in it."""
    passage = writer.passage(2, 5)
    comma = "、" if writer.language == "ja" else "，"
    before, _, after = passage.partition(comma)
    match writer.chance.randrange(6):
        case 0:
            return f"「{passage}」"
        case 1:
            return f"「『{before}』？……{after or before}」"
        case 2 if after:
            return f"{before}——{after}"
        case 3 if after:
            return f"{before}（{after.rstrip('。')}）。"
    return passage
