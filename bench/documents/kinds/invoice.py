"""An invoice: seller and buyer beside each other, a table of goods, sums and bank details."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, region, table, text
from bench.documents.pictures import logo, matrix_code
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "ja")


def design(writer: Writer) -> Design:
    """One page with one table."""
    chance = writer.chance
    title = {"en": "INVOICE", "zh": "销售发票", "ja": "請求書"}[writer.language]
    mark = region("logo", logo(chance, 60)) if chance.random() < 0.6 else ""
    page = "".join(
        [
            f'<div class="head">{heading(1, title)}{mark}</div>',
            _parties(writer),
            _goods(writer),
            _end(writer),
            '<div class="grow"></div>',
            block(
                "footer", text(f"{writer.word('org')} · {writer.word('place')}"), cls="center foot"
            ),
        ]
    )
    rules = chance.choice(
        (
            "td,th{border:.8px solid #444}",
            "th{border-bottom:1.2px solid #000}td{border-bottom:.6px solid #bbb}",
            "th{background:#e8e8e8}",
            "th{background:#1f4e79;color:#fff}tr:nth-child(odd){background:#f2f6fa}",
        )
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, chance.choice(('sans', 'sans', 'serif')))};"
        f"font-size:{chance.choice((9, 9.5, 10))}pt}}"
        ".head{display:flex;justify-content:space-between;align-items:center;margin-bottom:6mm}"
        f"h1{{font-size:2em}}td,th{{padding:{chance.choice((1, 1.5, 2))}mm 2mm}}"
        f"table{{margin:6mm 0 3mm}}{rules}.foot{{font-size:.8em;color:#555}}"
        ".sums{margin-left:auto;width:80mm}.pair{display:flex;justify-content:space-between}"
    )
    return Design((page,), css, language=writer.language)


def _pair(label: str, value: str) -> str:
    """A label with its value at the other end of the row."""
    content = f"<span>{text(label)}</span> <span>{text(value)}</span>"
    return block("paragraph", content, cls="pair")


def _parties(writer: Writer) -> str:
    seller, buyer = writer.either("From|Bill to", "销售方|购买方", "請求元|請求先").split("|")
    columns = []
    for label in (seller, buyer):
        rows = [
            block("paragraph", text(label), cls="bold"),
            paragraph(writer.word("org")),
            paragraph(f"{writer.word('place')} {writer.number(1, 400)}"),
            paragraph(writer.either("VAT no. ", "税号：", "登録番号：") + writer.code(2, 14)),
        ]
        columns.append(f"<div>{''.join(rows)}</div>")
    details = [
        paragraph(writer.either("Invoice no. ", "发票号码：", "請求番号：") + writer.code(1, 8)),
        paragraph(writer.either("Date: ", "开票日期：", "発行日：") + writer.date()),
    ]
    columns.append(f"<div>{''.join(details)}</div>")
    return f'<div class="row" data-either>{"".join(columns)}</div>'


def _goods(writer: Writer) -> str:
    names = {
        "en": ["Item", "Qty", "Unit price", "VAT", "Amount"],
        "zh": ["货物名称", "规格", "数量", "单价", "金额"],
        "ja": ["品名", "数量", "単価", "税率", "金額"],
    }[writer.language]
    rows = [[cell(names[0], head=True), *(cell(name, head=True, cls="num") for name in names[1:])]]
    for _ in range(writer.number(3, 12)):
        name = text(writer.goods())
        if writer.chance.random() < 0.2:
            name += f"<br>{text(writer.word('thing'))}"
        values = [str(writer.number(1, 90)), writer.money(1, 900), f"{writer.number(1, 20)}%"]
        if writer.language == "zh":
            values = [writer.code(1, 3), str(writer.number(1, 90)), writer.money(1, 900)]
        rows.append(
            [cell(name), *(cell(value, cls="num") for value in [*values, writer.money(10, 9000)])]
        )
    return table(rows)


def _end(writer: Writer) -> str:
    labels = writer.either(
        "Subtotal|VAT|Total due", "小计|税额|价税合计", "小計|消費税|合計"
    ).split("|")
    sums = "".join(_pair(label, writer.money()) for label in labels)
    bank = [
        paragraph(writer.either("Bank: ", "开户银行：", "振込先：") + writer.word("org")),
        paragraph(writer.either("Account: ", "账号：", "口座番号：") + writer.code(0, 16)),
        paragraph(writer.sentence()),
    ]
    code = (
        region("code", matrix_code(writer.chance, 90), style="margin-top:4mm")
        if writer.chance.random() < 0.4
        else ""
    )
    return f'<div class="sums">{sums}</div><div style="margin-top:6mm">{"".join(bank)}{code}</div>'
