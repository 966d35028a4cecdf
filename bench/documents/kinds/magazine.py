"""A page of a magazine: columns below a wide head, with pictures, a quotation and a sidebar."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, paragraph, text
from bench.documents.pictures import photograph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """One article in two or three columns, or two articles that share a page."""
    chance = writer.chance
    page = "".join(
        [
            block("header", text(writer.either("Our Region", "城乡月刊")), cls="small"),
            writer.by_turn((_feature, _two_articles, _with_margin, _feature))(writer),
            block("page_number", str(writer.number(2, 120)), cls="small right"),
        ]
    )
    colour = chance.choice(("#7a1f1f", "#1f4e79", "#2c5f2d", "#111"))
    css = (
        f"body{{font-family:{family(chance, writer.language)};"
        f"font-size:{chance.choice((8.5, 9, 9.5))}pt;text-align:{chance.choice(('justify', 'left'))}}}"
        f".columns{{column-gap:{chance.choice((4, 5, 7))}mm}}"
        f"h1{{font-size:{chance.choice((24, 30, 36))}pt;line-height:1.15;color:{colour}}}"
        f"h2{{font-size:1.25em;color:{colour};margin:.6em 0 .2em}}.small{{font-size:.8em}}"
        ".sidebar{flex:0 0 48mm;align-self:flex-start;background:#eef2f5;padding:4mm;"
        "font-size:.92em;text-align:left}.caption{font-size:.85em;color:#444;margin:1mm 0 3mm;"
        "text-align:left}.figure svg{width:100%;height:auto}"
        f".drop::first-letter{{float:left;font-size:3.2em;line-height:.95;padding-right:.08em;"
        f"color:{colour};font-weight:700}}"
        ".quote{font-size:1.5em;line-height:1.35;text-align:center;padding:2mm 0;"
        "border-top:1px solid #888;border-bottom:1px solid #888;margin:2mm 0;break-inside:avoid}"
        ".article{display:flex;flex-direction:column;min-height:0;min-width:0}"
        ".spanning{column-span:all;font-size:1.5em;text-align:center;margin:3mm 6mm}"
        ".margin{flex:0 0 38mm;text-align:left;font-size:.9em}.margin p{margin-bottom:2mm}"
    )
    return Design((page,), css, language=writer.language)


def _feature(writer: Writer) -> str:
    """An article over the page, with a sidebar or without."""
    columns = writer.chance.choice((2, 3, 3))
    sidebar = _sidebar(writer) if writer.chance.random() < 0.6 else ""
    if sidebar:
        columns = 2
    parts = _body(writer, drop_cap=writer.chance.random() < 0.5)
    if writer.chance.random() < 0.3:
        quote = block("quotation", text(f"“{writer.sentence()}”"), cls="spanning", aside="")
        parts.insert(min(4, len(parts)), quote)
    return f'{_head(writer)}<div class="row grow">{_columns(parts, columns)}{sidebar}</div>'


def _two_articles(writer: Writer) -> str:
    """An article above another one, or beside it, each with its own columns."""
    first, second = (
        f'<div class="article" style="flex:{share}">'
        f"{heading(2, writer.title(), style='font-size:1.9em;line-height:1.2')}"
        f"{_columns(_body(writer, drop_cap=False), columns)}</div>"
        for share, columns in writer.chance.choice(
            (((3, 3), (2, 2)), ((2, 2), (3, 3)), ((1, 3), (1, 4)))
        )
    )
    if writer.chance.random() < 0.4:
        return f'<div class="row grow">{first}{second}</div>'
    rule = '<div style="border-top:1px solid #555;margin:3mm 0"></div>'
    return f'<div class="article grow">{first}{rule}{second}</div>'


def _with_margin(writer: Writer) -> str:
    """An article beside a narrow column of credits, pictures and short notes."""
    notes = [
        block("heading", text(writer.heading()), tag="h2", level=2),
        *(
            paragraph(f"{writer.name()}\u3000{writer.word('place')}")
            for _ in range(writer.number(2, 4))
        ),
        figure(photograph(writer.chance, 140, writer.number(90, 150)), writer.title()),
        *(paragraph(writer.sentence()) for _ in range(writer.number(1, 3))),
    ]
    margin = f'<div class="margin" data-aside>{"".join(notes)}</div>'
    flow = _columns(_body(writer, drop_cap=True), 2)
    pair = (margin, flow) if writer.chance.random() < 0.5 else (flow, margin)
    return f'{_head(writer)}<div class="row grow">{"".join(pair)}</div>'


def _columns(parts: list[str], count: int) -> str:
    content = "".join(parts)
    return f'<div class="columns" style="column-count:{count};height:100%" data-fit>{content}</div>'


def _head(writer: Writer) -> str:
    parts = []
    if writer.chance.random() < 0.4:
        picture = photograph(writer.chance, 660, writer.number(120, 220))
        parts.append(figure(picture, writer.title(), style="margin:2mm 0"))
    parts.append(heading(1, writer.title(), style="margin:3mm 0"))
    lead = block("paragraph", text(writer.passage(1, 2)), style="font-size:1.25em")
    author = writer.either("By ", "文／") + writer.name()
    byline = block("paragraph", text(author), style="margin:2mm 0 4mm;font-weight:700")
    return "".join([*parts, lead, byline])


def _body(writer: Writer, *, drop_cap: bool) -> list[str]:
    parts = [paragraph(writer.passage(4, 6), cls="drop" if drop_cap else "")]
    for number in range(1, 22):
        if number % 3 == 0:
            parts.append(heading(2, writer.heading()))
        elif writer.chance.random() < 0.25:
            picture = photograph(writer.chance, 300, writer.number(150, 260))
            parts.append(figure(picture, writer.sentence(), style="margin-top:2mm"))
        elif writer.chance.random() < 0.1:
            quote = block("quotation", text(f"“{writer.sentence()}”"), cls="quote", aside="")
            parts.append(quote)
        parts.append(paragraph(writer.passage(3, 6)))
    return parts


def _sidebar(writer: Writer) -> str:
    items = [
        block("list_item", text(f"• {writer.sentence()}"), style="margin-top:1mm")
        for _ in range(writer.number(3, 5))
    ]
    title = heading(2, writer.pick(writer.heading(), writer.either("At a Glance", "相关链接")))
    return f'<div class="sidebar" data-aside>{title}{paragraph(writer.passage(1, 2))}{"".join(items)}</div>'
