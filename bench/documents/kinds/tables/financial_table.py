"""A financial statement: a table with few rules, indented rows, subtotals and two years."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """One statement over most of a page."""
    chance = writer.chance
    years = chance.choice((2, 2, 3, 4))
    has_note_column = chance.random() < 0.5
    names = writer.pick(*_TITLES["en" if writer.is_english else "zh"])
    unit = writer.either("in thousands", f"单位：{writer.pick('元', '万元', '千元')}")
    parts = [
        heading(1, names),
        block("paragraph", text(writer.word("org")), cls="center"),
        block("paragraph", text(unit), cls="right", style="margin:2mm 0"),
        _statement(writer, years, has_note_column=has_note_column),
    ]
    parts += [
        block("footnote", text(f"{mark} {writer.sentence()}"), cls="note")
        for mark in ("*", "**")[: chance.randint(0, 2)]
    ]
    if chance.random() < 0.6:
        parts += [heading(2, writer.heading()), paragraph(writer.passage(3, 6))]
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((9, 9.5, 10.5))}pt}}"
        f"td,th{{padding:{chance.choice((0.5, 0.9, 1.3))}mm 2mm}}h1{{font-size:1.5em;text-align:center}}"
        "h2{font-size:1.2em;margin:5mm 0 2mm}.head{border-bottom:1px solid #000}"
        "table{border-top:1.4px solid #000;border-bottom:1.4px solid #000}"
        ".sum{font-weight:700}.sum .num{border-top:.7px solid #000}.note{font-size:.85em;margin-top:1mm}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(30, 260)), cls="center")
    return Design((body + foot,), css, language=writer.language)


_TITLES = {
    "zh": ("合并资产负债表", "合并利润表", "现金流量表", "所有者权益变动表"),
    "en": ("Consolidated Balance Sheet", "Income Statement", "Statement of Cash Flows"),
}


def _statement(writer: Writer, years: int, *, has_note_column: bool) -> str:
    head = [cell(writer.either("", "项目"), head=True)]
    if has_note_column:
        head.append(cell(writer.either("Note", "附注"), head=True, cls="center"))
    last = writer.number(2012, 2025)
    for year in range(years):
        name = writer.either(str(last - year), f"{last - year}年度")
        head.append(cell(name, head=True, cls="num"))
    rows = [head]
    for _ in range(writer.number(3, 5)):
        title = f"{writer.heading()}{writer.either('', '：')}"
        rows.append([cell(text(title), cls="bold"), *[cell("")] * (years + has_note_column)])
        for _ in range(writer.number(2, 5)):
            rows.append(_entry(writer, years, has_note_column=has_note_column))
        label = writer.either(f"Total {title.lower()}", f"{title.rstrip('：')}合计")
        rows.append(
            [
                cell(text(label)),
                *([cell("")] if has_note_column else []),
                *(cell(_amount(writer), cls="num") for _ in range(years)),
            ]
        )
    html = table(rows).replace("<tr>", '<tr class="head">', 1)
    for label in (writer.either("<td>Total ", "合计</td>"),):
        parts = html.split("<tr>")
        html = "<tr>".join(part if label not in part else f"\0{part}" for part in parts).replace(
            "<tr>\0", '<tr class="sum">'
        )
    return html


def _entry(writer: Writer, years: int, *, has_note_column: bool) -> list[str]:
    row = [cell(text(writer.subject()), style="padding-left:7mm")]
    if has_note_column:
        row.append(
            cell(str(writer.number(1, 40)) if writer.chance.random() < 0.6 else "", cls="center")
        )
    return [*row, *(cell(_amount(writer), cls="num") for _ in range(years))]


def _amount(writer: Writer) -> str:
    if writer.chance.random() < 0.08:
        return "-"
    amount = f"{writer.number(100, 99_999_999):,}"
    return f"({amount})" if writer.chance.random() < 0.12 else amount
