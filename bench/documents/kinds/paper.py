"""A page of a scientific paper: two columns below a title and an abstract over both."""

from __future__ import annotations

import random

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, paragraph, region, text
from bench.documents.pictures import bar_chart, diagram, line_chart
from bench.documents.prose import small_table
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "zh")


def design(writer: Writer) -> Design:
    """The first page of a paper, or one within it."""
    chance, language = writer.chance, writer.language
    is_first = chance.random() < 0.6
    parts = [_running_head(writer)]
    if is_first:
        parts.append(_front(writer))
    elif chance.random() < 0.4:
        parts.append(figure(_picture(chance, writer, 600), _caption(writer, 1), style=_SPANNING))
    parts.append(_columns(chance, writer, is_first=is_first))
    if chance.random() < 0.5:
        note = f"{chance.choice('*†1')} {writer.sentence()}"
        parts.append(block("footnote", text(note), cls="footnote"))
    parts.append(block("page_number", str(writer.number(1, 900)), cls="center small"))
    gap = chance.choice((5, 6, 8, 9))
    css = (
        f"body{{font-family:{family(chance, language)};font-size:{chance.choice((8.5, 9, 9.5))}pt;"
        f"line-height:{1.25 if language == 'en' else 1.5};text-align:justify}}"
        f".columns{{column-count:2;column-gap:{gap}mm}}"
        ".small{font-size:.85em}h1{font-size:1.9em;line-height:1.25;text-align:center}"
        "h2{font-size:1.15em;margin:.8em 0 .3em}.caption{font-size:.88em;margin:.4em 0 .9em}"
        ".footnote{font-size:.82em;width:46%;border-top:.6px solid #000;padding-top:1mm;"
        "margin-top:2mm}.figure svg{margin:1mm auto}.body p+p{text-indent:1.4em}"
        "td,th{padding:.5mm 1.5mm}"
    )
    return Design(("".join(parts),), css, language=language)


_SPANNING = "margin-bottom:3mm"


def _running_head(writer: Writer) -> str:
    journal = writer.either(f"Journal of {writer.word('thing').title()}", "系统科学学报")
    issue = writer.either(f"Vol. {writer.number(1, 60)}", f"第{writer.number(1, 60)}卷")
    content = f"<span>{text(journal)}</span> <span>{text(issue)}</span>"
    style = "display:flex;justify-content:space-between;margin-bottom:5mm"
    return block("header", content, cls="small", style=style)


def _front(writer: Writer) -> str:
    names = ", ".join(writer.name() for _ in range(writer.number(1, 4)))
    label = writer.either("Abstract. ", "摘要：")
    keys = writer.either("Keywords: ", "关键词：")
    words = writer.either(", ", "；").join(writer.word("thing") for _ in range(4))
    abstract = f"<b>{label}</b>{text(writer.passage(3, 5))}"
    return "".join(
        [
            heading(1, writer.title()),
            block("paragraph", text(names), cls="center", style="margin:2mm 0"),
            block("paragraph", abstract, style="margin:0 10mm 2mm;font-size:.95em"),
            block(
                "paragraph",
                f"<b>{keys}</b>{text(words)}",
                style="margin:0 10mm 4mm;font-size:.95em",
            ),
        ]
    )


def _columns(chance: random.Random, writer: Writer, *, is_first: bool) -> str:
    parts = [] if is_first else [paragraph(writer.passage(3, 6))]
    for number in range(1, 9):
        if number > 1 or is_first:
            title = f"{number}{writer.pick('', '.')} {writer.heading()}"
            parts.append(heading(2, title))
        for _ in range(chance.randint(1, 3)):
            parts.append(paragraph(writer.passage(3, 7)))
        match chance.random():
            case share if share < 0.25:
                parts.append(figure(_picture(chance, writer, 290), _caption(writer, number)))
            case share if share < 0.4:
                parts.append(_formula(chance, number))
            case share if share < 0.55:
                caption = writer.either(f"Table {number}. ", f"表{number} ") + writer.title()
                parts.append(small_table(writer, caption))
    return f'<div class="columns body" data-fit>{"".join(parts)}</div>'


def _picture(chance: random.Random, writer: Writer, width: int) -> str:
    height = round(width * chance.uniform(0.35, 0.6))
    match chance.randrange(3):
        case 0:
            return line_chart(chance, width, height)
        case 1:
            return bar_chart(chance, width, height, [writer.code(1, 1) for _ in range(5)])
        case _:
            labels = [writer.pick("Input", "Encoder", "Filter", "Output", "Memory") for _ in "abc"]
            return diagram(chance, width, round(height * 0.5), labels)


def _caption(writer: Writer, number: int) -> str:
    return writer.either(f"Figure {number}. {writer.sentence()}", f"图{number} {writer.title()}")


def _formula(chance: random.Random, number: int) -> str:
    names = chance.sample(("x", "y", "z", "λ", "μ", "α", "θ"), 3)
    math = (
        f"<math display='block'><mrow><msub><mi>{names[0]}</mi><mi>i</mi></msub><mo>=</mo>"
        f"<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
        f"<mfrac><mrow><mi>{names[1]}</mi><mo>−</mo><mn>{number}</mn></mrow>"
        f"<msqrt><mi>{names[2]}</mi></msqrt></mfrac></mrow></math>"
    )
    return region("formula", math, style="padding:1.5mm 0;width:55%;margin:auto")
