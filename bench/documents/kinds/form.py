"""A form: a ruled grid whose columns differ from row to row, with check boxes and empty cells."""

from __future__ import annotations

import random

from bench.documents.fonts import family
from bench.documents.markup import (
    Design,
    block,
    cell,
    check_box,
    heading,
    paragraph,
    region,
    table,
    text,
)
from bench.documents.pictures import signature
from bench.documents.writing import Writer

LANGUAGES = ("zh", "zh", "en", "zh")
_GRID = 12
"""Columns of the grid from which the cells of a row are made."""


def design(writer: Writer) -> Design:
    """An application form, empty or filled in."""
    chance = writer.chance
    title = writer.either("Application Form", writer.pick("申请表", "登记表", "审批表", "报名表"))
    filled = chance.random() < 0.7
    rows = _rows(writer, filled=filled)
    notes = [
        block("list_item", text(f"{number}. {writer.sentence()}"), cls="small")
        for number in range(1, chance.randint(2, 5))
    ]
    top = writer.either(f"No. {writer.code(2, 6)}", f"编号：{writer.code(2, 6)}")
    parts = [
        heading(1, f"{writer.word('thing').title()}{writer.either(' ', '')}{title}"),
        paragraph(top, cls="right", style="margin:2mm 0"),
        _with_lines_between(rows),
        '<div style="margin-top:3mm">',
        paragraph(writer.either("Notes", "填表说明：")),
        *notes,
        "</div>",
        _consent(writer),
    ]
    width = chance.choice((0.5, 0.8, 1, 1.5))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9.5, 10.5, 11))}pt}}"
        f"td,th{{border:{width}px solid {chance.choice(('#000', '#333', '#666'))};"
        f"padding:{chance.choice((1, 1.6, 2.4))}mm 1.5mm;vertical-align:middle}}"
        "table{table-layout:fixed}h1{font-size:1.7em;text-align:center;margin-bottom:3mm}"
        ".label{text-align:center}.small{font-size:.9em}"
    )
    return Design(("".join(parts),), css, language=writer.language)


def _rows(writer: Writer, *, filled: bool) -> list[list[str]]:
    labels = {
        "zh": [
            "姓名",
            "性别",
            "出生日期",
            "民族",
            "籍贯",
            "联系电话",
            "电子邮箱",
            "工作单位",
            "职务",
            "证件号码",
            "通信地址",
            "学历",
        ],
        "en": [
            "Name",
            "Sex",
            "Born on",
            "Nationality",
            "Place of birth",
            "Telephone",
            "E-mail",
            "Employer",
            "Position",
            "Passport no.",
            "Address",
            "Degree",
            "Language",
        ],
    }["en" if writer.is_english else "zh"]
    rows: list[list[str]] = []
    at = 0
    while at < len(labels):
        count = min(writer.chance.choice((1, 2, 2, 3)), len(labels) - at)
        row = []
        for label, width in zip(labels[at : at + count], _widths(writer, count), strict=True):
            value = _value(writer, at) if filled and writer.chance.random() < 0.85 else ""
            row += [cell(text(label), columns=2, cls="label"), cell(text(value), columns=width - 2)]
            at += 1
        rows.append(row)
    for question in _questions(writer):
        label, content = question
        rows.append([cell(text(label), columns=3, cls="label"), cell(content, columns=_GRID - 3)])
    opinion = writer.either("Decision", "审核意见")
    sign = writer.either("Signature:        Date:", "签字：　　　　　年　　月　　日")
    height = writer.number(12, 26)
    signed = _signed(writer, sign, f"{rows} {height}") if filled else text(sign)
    content = f'<div style="height:{height}mm"></div><div class="right">{signed}</div>'
    rows.append([cell(text(opinion), columns=2, cls="label"), cell(content, columns=_GRID - 2)])
    return rows


def _signed(writer: Writer, sign: str, seed: str) -> str:
    """A label with a signature behind it, in about half of the forms that are filled in.

    The generator of its own keeps the rest of the document the same.
    """
    hand = random.Random(seed)
    if hand.random() < 0.4:
        return text(sign)
    label, colon, rest = sign.partition(writer.either(":", "："))
    drawn = region(
        "signature",
        signature(hand, hand.choice((66, 76, 90)), hand.choice((24, 30, 36))),
        tag="span",
        style="position:absolute;left:0;bottom:-1mm",
    )
    place = f'<span style="position:relative;display:inline-block;width:24mm">{drawn}</span>'
    return f"{text(label + colon)}{place}{text(rest.strip())}"


def _widths(writer: Writer, count: int) -> list[int]:
    """Widths of pairs of label and value, in columns of the grid, that are not all equal."""
    if count == 1:
        return [_GRID]
    widths = [_GRID // count] * count
    if writer.chance.random() < 0.6 and widths[0] > 4:
        shift = writer.chance.choice((-1, 1)) if count == 2 else 0
        widths[0] += shift
        widths[1] -= shift
    return widths


def _value(writer: Writer, number: int) -> str:
    values = (
        writer.name(),
        writer.either(writer.pick("male", "female"), writer.pick("男", "女")),
        writer.date(),
        writer.either(
            writer.pick("Danish", "Irish", "Chilean"), writer.pick("汉", "满", "壮", "回")
        ),
        writer.word("place"),
        f"1{writer.code(0, 10)}",
        f"{writer.code(0, 6)}@example.org",
        writer.word("org"),
        writer.either(writer.pick("Clerk", "Engineer"), writer.pick("科员", "工程师", "主任")),
        writer.code(2, 12),
        f"{writer.word('place')} {writer.number(1, 300)}{writer.either('', '号')}",
        writer.either("MSc", writer.pick("本科", "硕士", "大专")),
        writer.pick("English", "Dutch", "Spanish"),
    )
    return values[number]


def _questions(writer: Writer) -> list[tuple[str, str]]:
    drawn = writer.chance.random() < 0.6
    asked = {
        "zh": [("申请类别", ["新办", "变更", "延续", "注销"]), ("领取方式", ["自取", "邮寄"]),
               ("所需材料", ["身份证复印件", "营业执照", "照片两张"]), ("是否同意公开", ["是", "否"])],
        "en": [("Type", ["new", "change", "renewal"]), ("Delivery", ["by post", "in person"]),
               ("Enclosed", ["copy of passport", "two photographs"]), ("Publish", ["yes", "no"])],
    }["en" if writer.is_english else "zh"]  # fmt: skip
    rows = []
    for label, options in writer.chance.sample(asked, writer.number(1, 4)):
        mark = writer.chance.choice(("checked", "crossed"))
        states = [writer.chance.choice((mark, "empty", "empty")) for _ in options]
        content = "　".join(
            f"{check_box(state, drawn=drawn)}{text(option)}"
            for state, option in zip(states, options, strict=True)
        )
        rows.append((label, content))
    return rows


def _consent(writer: Writer) -> str:
    state = writer.chance.choice(("checked", "empty"))
    return block("paragraph", check_box(state) + text(writer.sentence()), style="margin-top:4mm")


def _with_lines_between(rows: list[list[str]]) -> str:
    grid = "".join(f'<col style="width:{100 / _GRID:.3f}%">' for _ in range(_GRID))
    return table(rows).replace("<tr>", f"<colgroup>{grid}</colgroup><tr>", 1)
