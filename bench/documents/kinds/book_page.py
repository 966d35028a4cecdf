"""A page of a book: a running header, chapters, lists, footnotes, notes in the margin, pictures."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, figure, heading, list_item, paragraph, text
from bench.documents.pictures import photograph
from bench.documents.writing import Writer

LANGUAGES = ("ja", "en", "zh", "en", "zh")


def design(writer: Writer) -> Design:
    """A page of one column."""
    chance = writer.chance
    has_notes = chance.random() < 0.6
    has_margin = chance.random() < 0.3
    number = block("page_number", str(writer.number(1, 400)), cls="center")
    notes = _footnotes(writer) if has_notes else ""
    page = "".join(
        [
            block("header", text(writer.title()), cls="head"),
            f'<div class="grow body" data-fit>{_body(writer, has_margin=has_margin)}</div>',
            notes,
            number,
        ]
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((10, 10.5, 11.5))}pt;"
        f"line-height:{chance.choice((1.45, 1.6, 1.8))};text-align:justify}}"
        f".page{{padding:16mm {'44mm 12mm 20mm' if has_margin else '24mm 12mm'}}}"
        f".head{{font-size:.85em;text-align:{chance.choice(('left', 'right', 'center'))};margin-bottom:6mm;"
        f"{chance.choice(('', 'border-bottom:.7px solid #000'))}}}"
        "h1{font-size:1.7em;margin:6mm 0 4mm}h2{font-size:1.25em;margin:4mm 0 2mm}"
        f".body p{{{chance.choice(('text-indent:2em', 'margin-bottom:2mm'))}}}"
        ".notes{border-top:.7px solid #000;padding-top:1.5mm;margin-top:2mm;font-size:.82em}"
        ".notes p{text-indent:0}.margin{position:absolute;right:10mm;width:30mm;font-size:.75em;"
        "line-height:1.3;text-indent:0!important;text-align:left;margin:0!important}"
        ".caption{text-indent:0!important;text-align:center;font-size:.88em;margin:1mm 0 3mm}.center{text-indent:0}"
        "sup{font-size:.65em;line-height:0}"
    )
    size = chance.choice(((210, 297), (170, 240)))
    return Design((page,), css, *size, language=writer.language)


def _body(writer: Writer, *, has_margin: bool) -> str:
    chance = writer.chance
    parts = []
    if chance.random() < 0.5:
        parts.append(heading(1, writer.heading()))
    for number in range(1, 12):
        if number % 4 == 0:
            parts.append(heading(2, writer.heading()))
        if has_margin and chance.random() < 0.3:
            parts.append(block("margin_note", text(writer.heading()), cls="margin"))
        parts.append(paragraph(writer.passage(2, 6)))
        match chance.random():
            case share if share < 0.2:
                mark = chance.choice(("•", "–", "1.", "（1）"))
                parts += [
                    list_item(mark.replace("1", str(item)), writer.sentence())
                    for item in range(1, writer.number(3, 6))
                ]
            case share if share < 0.3:
                label = writer.either(f"Figure {number}. ", f"图{number} ", f"図{number} ")
                shown = photograph(chance, writer.number(220, 420), writer.number(120, 220))
                parts.append(
                    figure(shown, label + writer.title(), style="width:fit-content;margin:2mm auto")
                )
    return "".join(parts)


def _footnotes(writer: Writer) -> str:
    marks = writer.chance.choice(("1 2 3", "① ② ③", "* † ‡", "[1] [2] [3]")).split()
    notes = [
        block("footnote", f"{text(mark)} {text(writer.sentence())}")
        for mark in marks[: writer.number(1, 3)]
    ]
    return f'<div class="notes">{"".join(notes)}</div>'
