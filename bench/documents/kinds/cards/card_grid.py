"""Cards in a grid: persons or products, each read as a whole before the next."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, region, text
from bench.documents.pictures import logo, photograph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """A grid of two to four columns, with or without frames and pictures."""
    chance = writer.chance
    columns = writer.by_turn((3, 2, 4, 3))
    make = writer.by_turn((_person, _product))
    pictured = chance.random() < 0.5
    cards = "".join(
        f'<div class="card">{make(writer, pictured)}</div>'
        for _ in range(columns * writer.number(2, 5))
    )
    page = f'{heading(1, writer.title())}<div class="grid" data-fit>{cards}</div>'
    frame = chance.choice(("", "border:1px solid #999;", "background:#f1f3f5;"))
    css = (
        f"body{{font-family:{family(chance, writer.language, 'sans')};font-size:{chance.choice((8.5, 9.5))}pt;"
        "line-height:1.4}h1{font-size:1.8em;margin-bottom:5mm}"
        f".grid{{flex:1;min-height:0;display:grid;grid-template-columns:repeat({columns},1fr);"
        f"gap:{chance.choice((4, 6, 9))}mm;align-content:start}}.card{{padding:3mm;{frame}}}"
        "h3{font-size:1.2em;line-height:1.25;margin:1mm 0}"
    )
    return Design((page,), css, language=writer.language)


def _person(writer: Writer, pictured: bool) -> str:
    mark = region("logo", logo(writer.chance, 40)) if pictured else ""
    role = writer.either(
        writer.pick("Engineer", "Head of Sales", "Clerk"), writer.pick("工程师", "销售经理", "科员")
    )
    rows = [
        heading(3, writer.name()),
        paragraph(role),
        paragraph(writer.word("org")),
        paragraph(writer.either("Tel ", "电话：") + writer.code(0, 8)),
        paragraph(f"{writer.code(0, 5)}@example.org"),
    ]
    return mark + "".join(rows)


def _product(writer: Writer, pictured: bool) -> str:
    shown = region("figure", photograph(writer.chance, 160, 90)) if pictured else ""
    price = writer.either("€ ", "￥") + writer.money(1, 900)
    return shown + "".join(
        [
            heading(3, writer.goods()),
            paragraph(writer.sentence()),
            block("paragraph", text(price), cls="bold"),
        ]
    )
