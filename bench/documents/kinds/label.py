"""A shipping label or a ticket: barcodes and square codes beside addresses and numbers."""

from __future__ import annotations

from bench.documents.codes import SQUARE, WIDE, code
from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, region, table, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "ja")
_MODULES = (1.3, 1.6, 2.0)
"""CSS pixels of a module: 0.34 to 0.53 mm."""


def design(writer: Writer) -> Design:
    """A label of 100 x 150 mm, with one barcode and one square code at least."""
    chance = writer.chance
    number = writer.code(2, 10)
    parts = [
        heading(1, writer.either("Express", "特快专递", "宅配便")),
        _bars(writer, number),
        paragraph(number, cls="center"),
        '<div class="rule"></div>',
        _address(writer, writer.either("From", "寄件人", "ご依頼主")),
        _address(writer, writer.either("To", "收件人", "お届け先")),
        '<div class="rule"></div>',
        _beside(writer, number) if chance.random() < 0.6 else _in_table(writer, number),
    ]
    css = (
        f"body{{font-family:{family(chance, writer.language)};"
        f"font-size:{chance.choice((8, 9, 10))}pt;line-height:1.4}}"
        ".page{padding:6mm}h1{font-size:1.5em;margin-bottom:2mm}.center{text-align:center}"
        ".rule{border-top:1px solid #000;margin:2mm 0}.beside{display:flex;gap:5mm}"
        "table{width:100%}td{border:1px solid #000;padding:1.5mm;vertical-align:middle}"
    )
    return Design(("".join(parts),), css, 100, 150, writer.language)


def _bars(writer: Writer, content: str) -> str:
    symbol = code(content, writer.by_turn(WIDE), writer.chance.choice(_MODULES))
    return region("code", symbol, text=content, style="margin:0 auto 1mm")


def _square(writer: Writer, content: str) -> str:
    address = f"https://example.org/{content}"
    symbol = code(address, writer.by_turn(SQUARE), writer.chance.choice(_MODULES))
    return region("code", symbol, text=address)


def _address(writer: Writer, label: str) -> str:
    place = f"{writer.word('place')} {writer.number(1, 300)}"
    return "".join(
        block("paragraph", text(line))
        for line in (f"{label}: {writer.name()}", place, f"1{writer.code(0, 10)}")
    )


def _beside(writer: Writer, number: str) -> str:
    notes = "".join(paragraph(writer.sentence()) for _ in range(writer.number(1, 2)))
    return f'<div class="beside">{_square(writer, number)}<div>{notes}</div></div>'


def _in_table(writer: Writer, number: str) -> str:
    labels = writer.either("Weight|Date|Charge", "重量|日期|运费", "重量|日付|料金").split("|")
    values = (f"{writer.number(1, 30)} kg", writer.date(), writer.money(5, 90))
    rows = [
        [cell(text(label)), cell(text(value))] for label, value in zip(labels, values, strict=True)
    ]
    rows[0].append(cell(_square(writer, number), rows=3))
    return table(rows)
