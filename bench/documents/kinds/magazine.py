"""A page of a magazine: columns below a wide head, with pictures, a quotation and a sidebar."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, paragraph, text
from bench.documents.pictures import photograph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """One article, in two or three columns."""
    chance = writer.chance
    columns = chance.choice((2, 3, 3))
    has_sidebar = chance.random() < 0.6
    body = _body(writer, drop_cap=chance.random() < 0.5)
    sidebar = _sidebar(writer) if has_sidebar else ""
    flow = f'<div class="columns" data-fit>{body}</div>'
    page = "".join(
        [
            block("header", text(writer.either("Our Region", "城乡月刊")), cls="small"),
            _head(writer),
            f'<div class="row grow">{flow}{sidebar}</div>',
            block("page_number", str(writer.number(2, 120)), cls="small right"),
        ]
    )
    colour = chance.choice(("#7a1f1f", "#1f4e79", "#2c5f2d", "#111"))
    css = (
        f"body{{font-family:{family(chance, writer.language)};"
        f"font-size:{chance.choice((8.5, 9, 9.5))}pt;text-align:{chance.choice(('justify', 'left'))}}}"
        f".columns{{column-count:{columns if not has_sidebar else 2};"
        f"column-gap:{chance.choice((4, 5, 7))}mm;height:100%}}"
        f"h1{{font-size:{chance.choice((26, 32, 38))}pt;line-height:1.15;color:{colour}}}"
        f"h2{{font-size:1.25em;color:{colour};margin:.6em 0 .2em}}.small{{font-size:.8em}}"
        ".sidebar{flex:0 0 48mm;align-self:flex-start;background:#eef2f5;padding:4mm;"
        "font-size:.92em;text-align:left}.caption{font-size:.85em;color:#444;margin:1mm 0 3mm;"
        "text-align:left}.body p{text-indent:1.5em}.figure svg{width:100%;height:auto}"
        f".drop::first-letter{{float:left;font-size:3.2em;line-height:.95;padding-right:.08em;"
        f"color:{colour};font-weight:700}}"
        ".quote{font-size:1.5em;line-height:1.35;text-align:center;padding:2mm 0;"
        "border-top:1px solid #888;border-bottom:1px solid #888;margin:2mm 0;break-inside:avoid}"
    )
    return Design((page,), css, language=writer.language)


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


def _body(writer: Writer, *, drop_cap: bool) -> str:
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
    return "".join(parts)


def _sidebar(writer: Writer) -> str:
    items = [
        block("list_item", text(f"• {writer.sentence()}"), style="margin-top:1mm")
        for _ in range(writer.number(3, 5))
    ]
    title = heading(2, writer.pick(writer.heading(), writer.either("At a Glance", "相关链接")))
    return f'<div class="sidebar" data-aside>{title}{paragraph(writer.passage(1, 2))}{"".join(items)}</div>'
