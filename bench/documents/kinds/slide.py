"""A slide: a heading, bullets of two levels, two columns or a picture beside the text."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, paragraph, text
from bench.documents.pictures import bar_chart, diagram, photograph
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "ja")


def design(writer: Writer) -> Design:
    """One slide in the format 16:9 or 4:3."""
    chance = writer.chance
    width, height = chance.choice(((254, 142.9), (254, 142.9), (254, 190.5)))
    body = writer.by_turn((_with_picture, _two_columns, _bullets_only, _numbers))(writer)
    foot = writer.either("Annual meeting", "内部培训", "社内研修")
    page = "".join(
        [
            heading(1, writer.title()),
            f'<div class="grow">{body}</div>',
            block("footer", text(foot), cls="foot"),
            block("page_number", str(writer.number(2, 60)), cls="number"),
        ]
    )
    dark = chance.random() < 0.25
    colour = chance.choice(("#1f4e79", "#7a1f1f", "#2c5f2d", "#333"))
    paint = (
        f".page{{background:{colour}}}body,h1{{color:#fff}}" if dark else f"h1{{color:{colour}}}"
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'sans')};font-size:{chance.choice((14, 16, 18))}pt;"
        "line-height:1.35}.page{padding:10mm 14mm 12mm}h1{font-size:1.9em;line-height:1.2;margin-bottom:5mm}"
        ".bullet{padding-left:1.1em;text-indent:-1.1em;margin-top:2mm}"
        ".second{padding-left:2.6em;font-size:.85em}.foot{position:absolute;left:14mm;bottom:4mm;font-size:.5em}"
        ".number{position:absolute;right:14mm;bottom:4mm;font-size:.5em}.caption{font-size:.6em}"
        f"h2{{font-size:1.15em}}.big{{font-size:2.2em;font-weight:700;text-align:center}}{paint}"
    )
    return Design((page,), css, width, height, writer.language)


def _bullet(writer: Writer, *, second: bool = False) -> str:
    content = writer.sentence() if writer.chance.random() < 0.5 else writer.heading()
    mark = "–" if second else writer.pick("•", "•", "▪")
    return block(
        "list_item", text(f"{mark} {content}"), cls="bullet second" if second else "bullet"
    )


def _bullets(writer: Writer, fewest: int, most: int) -> str:
    parts = []
    for _ in range(writer.number(fewest, most)):
        parts.append(_bullet(writer))
        parts += [_bullet(writer, second=True) for _ in range(writer.chance.choice((0, 0, 1, 2)))]
    return "".join(parts)


def _bullets_only(writer: Writer) -> str:
    return f'<div style="height:100%" data-fit>{_bullets(writer, 4, 8)}</div>'


def _two_columns(writer: Writer) -> str:
    columns = "".join(
        f'<div data-fit style="height:100%">{heading(2, writer.heading())}{_bullets(writer, 2, 4)}</div>'
        for _ in range(2)
    )
    return f'<div class="row" style="height:100%">{columns}</div>'


def _with_picture(writer: Writer) -> str:
    chance = writer.chance
    pictures = (
        photograph(chance, 380, 240),
        bar_chart(chance, 380, 240, [str(year) for year in range(2020, 2025)]),
        diagram(chance, 400, 200, [writer.code(2, 1) for _ in range(3)]),
    )
    shown = figure(chance.choice(pictures), writer.title())
    columns = [
        f'<div data-fit style="height:100%">{_bullets(writer, 2, 4)}</div>',
        f"<div>{shown}</div>",
    ]
    if chance.random() < 0.3:
        columns.reverse()
    return f'<div class="row" style="height:100%">{"".join(columns)}</div>'


def _numbers(writer: Writer) -> str:
    """Large figures in a row, each above its explanation."""
    cards = "".join(
        f"<div>{block('paragraph', f'{writer.number(2, 99)}%', cls='big')}"
        f"{paragraph(writer.heading(), cls='center')}</div>"
        for _ in range(writer.number(2, 4))
    )
    return f'<div class="row" data-either style="margin-top:8mm">{cards}</div>{_bullet(writer)}'
