"""A research report: a wide column of text beside a narrow one of figures, charts and small tables."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import (
    Design,
    block,
    cell,
    figure,
    heading,
    list_item,
    paragraph,
    region,
    table,
    text,
)
from bench.documents.pictures import bar_chart, line_chart, logo
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """The first page of a report."""
    chance = writer.chance
    mark = region("logo", logo(chance, 44))
    issuer = block("header", text(f"{writer.word('org')} | {writer.date()}"))
    main = f'<div class="main" data-fit>{_main(writer)}</div>'
    side = f'<div class="side" data-fit data-aside>{_side(writer)}</div>'
    pair = (main, side) if chance.random() < 0.7 else (side, main)
    legal = block("footnote", text(writer.passage(2, 3)), cls="legal")
    page = "".join(
        [
            f'<div class="top">{issuer}{mark}</div>',
            heading(1, writer.title()),
            block("paragraph", text(writer.passage(1, 2)), cls="lead"),
            f'<div class="row grow">{"".join(pair)}</div>',
            legal,
            block("page_number", str(writer.number(1, 40)), cls="right"),
        ]
    )
    colour = chance.choice(("#1f4e79", "#8b0000", "#333"))
    css = (
        f"body{{font-family:{family(chance, writer.language, 'sans')};font-size:{chance.choice((9, 9.5, 10))}pt}}"
        ".top{display:flex;justify-content:space-between;align-items:center;font-size:.9em;"
        f"border-bottom:2px solid {colour};padding-bottom:2mm;margin-bottom:4mm}}"
        f"h1{{font-size:1.9em;color:{colour};line-height:1.25}}h2{{font-size:1.15em;color:{colour};margin:2mm 0 1mm}}"
        ".lead{font-weight:700;margin:2mm 0 4mm}.main{flex:1;height:100%;text-align:justify}.main p{margin-bottom:2mm}"
        f".side{{flex:0 0 {chance.choice((52, 58, 64))}mm;height:100%;font-size:.85em;padding:0 2mm;"
        f"{chance.choice(('background:#f2f4f7', 'border-left:1px solid #bbb', 'border-right:1px solid #bbb', ''))}}}"
        ".side td,.side th{padding:.5mm 1mm}.caption{font-size:.95em;margin:1mm 0 2mm;font-weight:700}"
        ".legal{font-size:.72em;border-top:1px solid #999;padding-top:1mm;margin-top:2mm}.figure svg{width:100%;height:auto}"
    )
    return Design((page,), css, language=writer.language)


def _main(writer: Writer) -> str:
    parts = []
    for _ in range(6):
        parts.append(heading(2, writer.heading()))
        if writer.chance.random() < 0.4:
            parts += [list_item("•", writer.sentence()) for _ in range(writer.number(2, 4))]
        parts += [paragraph(writer.passage(3, 6)) for _ in range(writer.number(1, 2))]
    return "".join(parts)


def _side(writer: Writer) -> str:
    chance = writer.chance
    parts = [heading(2, writer.heading()), _key_figures(writer)]
    for number in range(1, 4):
        label = writer.either(f"Chart {number}: ", f"图{number}：") + writer.title()
        years = [str(year) for year in range(2020, 2024)]
        chart = chance.choice((bar_chart(chance, 200, 120, years), line_chart(chance, 200, 120)))
        parts.append(figure(chart, label, above=chance.random() < 0.5))
    parts.append(block("paragraph", text(writer.either("Analyst: ", "分析师：") + writer.name())))
    parts.append(paragraph(f"{writer.code(0, 6)}@example.org"))
    return "".join(parts)


def _key_figures(writer: Writer) -> str:
    rows = [
        [cell(text(writer.subject())), cell(writer.money(1, 999), cls="num")]
        for _ in range(writer.number(4, 7))
    ]
    return table(
        rows, style="margin-bottom:3mm;border-top:1px solid #000;border-bottom:1px solid #000"
    )
