"""A page of a newspaper: several articles in columns, each below its own head."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, paragraph, text
from bench.documents.pictures import photograph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """A main article over the whole width, two beside each other below it, briefs at the side."""
    chance = writer.chance
    name = writer.either(
        writer.pick("The Eastmere Courier", "Harbour Post"), writer.pick("临海日报", "晨报")
    )
    columns = chance.choice((4, 4, 5))
    left, right = chance.choice(((2, 2), (3, 1), (1, 3)))
    masthead = block("heading", text(name), tag="h1", level=1, cls="name") + block(
        "header",
        f"<span>{writer.date()}</span> <span>{text(writer.sentence()[:18])}</span>",
        cls="dateline",
    )
    lower = (
        f'<div class="row lower">{_article(writer, left, flex=left)}'
        f"{_article(writer, right, flex=right)}</div>"
    )
    main = _article(
        writer,
        columns,
        flex=chance.choice((4, 5, 6)),
        picture=True,
        size=chance.choice((22, 28, 34)),
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((8, 8.5, 9))}pt;"
        "line-height:1.38;text-align:justify}.page{padding:12mm 12mm 10mm}"
        ".name{font-size:34pt;line-height:1.1;text-align:center;letter-spacing:.05em}"
        ".dateline{display:flex;justify-content:space-between;border-top:1.5px solid #000;"
        "border-bottom:1px solid #000;margin:2mm 0 3mm;font-size:.95em}"
        ".article{display:flex;flex-direction:column;min-height:0;min-width:0}"
        f".columns{{column-gap:{chance.choice((4, 5, 6))}mm;"
        f"column-rule:{chance.choice(('none', '.6px solid #777'))}}}"
        ".columns p{text-indent:1.6em}.lower{flex:4;min-height:0;border-top:1px solid #000;"
        "margin-top:3mm;padding-top:2mm;gap:5mm}.caption{font-size:.9em;text-align:left;margin:.5mm 0 2mm;"
        "text-indent:0!important}"
        "h2{line-height:1.2;margin-bottom:2mm;text-align:left}.figure svg{width:100%;height:auto}"
    )
    return Design((masthead + main + lower,), css, language=writer.language)


def _article(
    writer: Writer, columns: int, *, flex: int, picture: bool = False, size: int = 15
) -> str:
    parts = []
    if picture and writer.chance.random() < 0.7:
        shown = photograph(writer.chance, 300, writer.number(150, 240))
        parts.append(figure(shown, writer.sentence()))
    parts += [paragraph(writer.passage(2, 4)) for _ in range(writer.number(12, 16))]
    head = heading(2, writer.title(), style=f"font-size:{size if columns > 1 else 12}pt")
    byline = block("paragraph", text(writer.either("By ", "本报记者 ") + writer.name()), cls="bold")
    return (
        f'<div class="article" style="flex:{flex}">{head}{byline}<div class="columns" data-fit '
        f'style="column-count:{columns}">{"".join(parts)}</div></div>'
    )
