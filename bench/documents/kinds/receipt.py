"""A receipt: a narrow strip with centered lines, a list of goods, and pairs of label and value."""

from __future__ import annotations

from bench.documents.markup import Design, block, cell, region, table, text
from bench.documents.pictures import matrix_code
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "ja", "zh")


def design(writer: Writer) -> Design:
    """A strip of 58 to 80 mm."""
    chance = writer.chance
    count = writer.number(3, 12)
    width = chance.choice((58, 72, 80))
    parts = [
        block("heading", text(_shop(writer)), tag="h1", level=1),
        block("paragraph", text(writer.word("place")), cls="center"),
        _pair(writer.either("No.", "单号", "番号"), writer.code(0, 10)),
        _pair(
            writer.either("Date", "日期", "日付"),
            f"{writer.number(2015, 2025)}-{writer.number(10, 12)}-{writer.number(10, 28)} {writer.number(10, 22)}:{writer.number(10, 59)}",
        ),
        '<div class="rule"></div>',
        _goods(writer, count),
        '<div class="rule"></div>',
        *(
            _pair(label, writer.money(1, 800))
            for label in writer.either(
                "Total|Cash|Change", "合计|实收|找零", "合計|お預り|お釣り"
            ).split("|")
        ),
        block(
            "paragraph",
            text(writer.either("Thank you", "谢谢惠顾", "ありがとうございました")),
            cls="center",
            style="margin-top:3mm",
        ),
    ]
    if chance.random() < 0.3:
        parts.append(region("code", matrix_code(chance, 80), style="margin:2mm auto;width:80px"))
    font = {
        "en": "'DejaVu Sans Mono'",
        "zh": "'Noto Sans Mono CJK SC'",
        "ja": "'Noto Sans Mono CJK JP'",
    }
    css = (
        f"body{{font-family:{font[writer.language]};font-size:{chance.choice((7.5, 8, 8.5))}pt;line-height:1.4}}"
        ".page{padding:5mm 4mm}h1{font-size:1.4em;text-align:center}"
        ".pair{display:flex;justify-content:space-between;gap:3mm}"
        ".rule{border-top:1px dashed #000;margin:1.5mm 0}td,th{padding:.3mm .6mm}"
    )
    return Design(("".join(parts),), css, width, 78 + 6 * count, writer.language)


def _shop(writer: Writer) -> str:
    return {
        "en": writer.pick("CORNER STORE", "HARBOUR CAFE"),
        "zh": writer.pick("惠民超市", "东街便利店"),
        "ja": writer.pick("みどり商店", "港町マート"),
    }[writer.language]


def _pair(label: str, value: str) -> str:
    return block("paragraph", f"<span>{text(label)}</span> <span>{text(value)}</span>", cls="pair")


def _goods(writer: Writer, count: int) -> str:
    names = writer.either("Item|Qty|Amount", "品名|数量|金额", "品名|数量|金額").split("|")
    rows = [[cell(names[0]), *(cell(name, cls="num") for name in names[1:])]]
    for _ in range(count):
        row = [cell(text(writer.goods())), cell(str(writer.number(1, 9)), cls="num")]
        rows.append([*row, cell(writer.money(1, 99), cls="num")])
    return table(rows)
