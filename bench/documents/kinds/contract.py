"""A contract: parties, numbered clauses with sub-clauses, choices, and two signatures."""

from __future__ import annotations

import random

from bench.documents.fonts import family
from bench.documents.markup import Design, block, check_box, heading, paragraph, region, text
from bench.documents.pictures import round_seal, signature
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "zh")
_NUMERALS = "一二三四五六七八九"


def design(writer: Writer) -> Design:
    """The only page of a short contract, with its head and its end."""
    chance = writer.chance
    title = writer.either(
        writer.pick("Services Agreement", "Lease Agreement", "Sale and Purchase Contract"),
        writer.pick("技术服务合同", "房屋租赁合同", "设备采购合同", "委托代理协议"),
    )
    has_watermark = chance.random() < 0.35 or writer.by_turn((False, True))
    watermark = _watermark(writer) if has_watermark else ""
    number = writer.either("Contract No.: ", "合同编号：") + writer.code(2, 8)
    page = "".join(
        [
            watermark,
            paragraph(number, cls="right"),
            heading(1, title),
            _parties(writer),
            f'<div class="grow body" data-fit>{_clauses(writer)}</div>',
            _signatures(writer),
            block(
                "page_number",
                writer.either("Page 1 of 1", writer.pick("第 1 页 共 1 页", "- 1 -")),
                cls="center",
            ),
        ]
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};"
        f"font-size:{chance.choice((10, 10.5, 11))}pt;line-height:{chance.choice((1.4, 1.6, 1.75))};"
        f"text-align:{chance.choice(('justify', 'left'))}}}"
        ".page{padding:20mm 24mm 12mm}h1{text-align:center;font-size:1.8em;margin:3mm 0 5mm}"
        f"h2{{font-size:1em;margin-top:{chance.choice((0, 2, 3))}mm}}"
        ".parties{margin-bottom:3mm}.fill{display:inline-block;border-bottom:1px solid #000;"
        "min-width:38mm;line-height:1.1}.watermark{position:absolute;inset:0;overflow:hidden;"
        "color:#000;opacity:.11;font-size:22pt;display:flex;flex-wrap:wrap;gap:22mm 18mm;padding:10mm}"
        ".watermark i{transform:rotate(-30deg);font-style:normal}"
    )
    return Design((page,), css, language=writer.language)


def _watermark(writer: Writer) -> str:
    """Pale repeated words behind the text, which do not belong to it."""
    word = writer.either(writer.pick("CONFIDENTIAL", "DRAFT"), writer.pick("内部资料", "仅供参考"))
    return region("watermark", f"<i>{word}</i>" * 28).replace("<div", '<div class="watermark"', 1)


def _parties(writer: Writer) -> str:
    labels = writer.either("Party A: |Party B: ", "甲方：|乙方：").split("|")
    rows = []
    for label in labels:
        name = f'<span class="fill">{text(writer.word("org"))}</span>'
        rows.append(block("paragraph", f"{text(label)}{name}"))
        if writer.chance.random() < 0.5:
            address = writer.either("Address: ", "地址：")
            place = f"{writer.word('place')} {writer.number(1, 200)}"
            rows.append(
                block("paragraph", f'{text(address)}<span class="fill">{text(place)}</span>')
            )
    return f'<div class="parties">{"".join(rows)}</div>'


def _clauses(writer: Writer) -> str:
    parts = [paragraph(writer.passage(1, 2))]
    for number in range(writer.number(4, 8)):
        label = writer.either(f"{number + 1}. ", f"第{_NUMERALS[number]}条 ")
        parts.append(heading(2, label + writer.heading()))
        match writer.number(0, 3):
            case 0:
                parts.append(paragraph(writer.passage(2, 4)))
            case 1:
                parts.append(_choice(writer))
            case _:
                for item in range(1, writer.number(3, 4)):
                    content = f"{number + 1}.{item} {writer.passage(1, 2)}"
                    parts.append(block("list_item", text(content)))
    return "".join(parts)


def _choice(writer: Writer) -> str:
    lead = writer.either("Payment is made ", "付款方式：")
    options = writer.either("by transfer|by cheque|in cash", "银行转账|支票|现金").split("|")
    chosen = writer.chance.randrange(len(options))
    boxes = " ".join(
        check_box("checked" if number == chosen else "empty") + text(option)
        for number, option in enumerate(options)
    )
    return block("paragraph", text(lead) + boxes)


def _signatures(writer: Writer) -> str:
    columns = []
    for party in writer.either(
        "Party A (seal):|Party B (seal):", "甲方（盖章）：|乙方（盖章）："
    ).split("|"):
        sign = writer.either("Signed by: ", "代表人签字：")
        drawn = region(
            "signature",
            signature(writer.chance, 110, 34),
            tag="span",
            style="display:inline-block;vertical-align:middle",
        )
        # A rule below a part of the signatures, without a change of the rest of the document.
        if random.Random(drawn).random() < 0.4:
            drawn = f'<span style="border-bottom:1px solid #000;padding-right:6mm">{drawn}</span>'
        rows = [
            paragraph(party),
            block("paragraph", text(sign) + (drawn if writer.chance.random() < 0.6 else "")),
            paragraph(writer.either("Date: ", "日期：") + writer.date()),
        ]
        if not writer.is_english and writer.chance.random() < 0.6:
            owner = writer.word("org")
            seal = region(
                "seal",
                round_seal(owner, writer.number(120, 150)),
                text=owner,
                style="position:absolute;left:18mm;top:-8mm;mix-blend-mode:multiply",
            )
            rows.append(seal)
        columns.append(f'<div style="position:relative">{"".join(rows)}</div>')
    return f'<div class="row" data-either style="margin:6mm 0 10mm">{"".join(columns)}</div>'
