"""A table as annual reports print it: notes, groups of indented rows, and rules over sums only."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, heading, paragraph, table, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "en")
_SHADES = (
    "",
    "tr:nth-child(even){background:#f0f2f5}",
    ".last{background:#e6eef7}",
    "",
)


def design(writer: Writer) -> Design:
    """One or two tables with text above and below."""
    chance = writer.chance
    parts = [heading(1, writer.heading()), paragraph(writer.passage(1, 3))]
    for _ in range(chance.choice((1, 1, 2))):
        if chance.random() < 0.6:
            parts.append(heading(2, f"{writer.number(1, 30)}. {writer.heading()}"))
        parts.append(_table(writer))
        if chance.random() < 0.5:
            note = f"{writer.pick('*', '(1)', '1')} {writer.sentence()}"
            parts.append(block("footnote", text(note), style="font-size:.8em;margin-top:1mm"))
        parts.append(paragraph(writer.passage(1, 3), style="margin-top:4mm"))
    edge = writer.by_turn(("", "border-top:1px solid #000;border-bottom:1px solid #000", ""))
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((8, 9, 10))}pt}}"
        f"td,th{{padding:{chance.choice((0.3, 0.6, 1.1))}mm 1.2mm;line-height:1.3;"
        f"vertical-align:{chance.choice(('top', 'bottom', 'bottom'))}}}"
        f"table{{{edge};margin:2mm 0}}th{{font-weight:{chance.choice((400, 700))}}}"
        ".sum{border-top:.8px solid #000}.total{border-top:.8px solid #000;border-bottom:3px double #000}"
        f".over{{border-bottom:.8px solid #000;text-align:center}}{_SHADES[writer.number(0, 3)]}"
        "h1{font-size:1.6em;margin-bottom:4mm}h2{font-size:1.1em;margin-top:3mm}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", str(writer.number(40, 280)), cls="right")
    return Design((body + foot,), css, language=writer.language)


def _table(writer: Writer) -> str:
    chance = writer.chance
    years = chance.choice((2, 2, 3))
    entities = chance.choice((1, 1, 2)) if years == 2 else 1
    has_note = chance.random() < 0.6
    has_change = entities == 1 and chance.random() < 0.4
    values = years * entities
    rows = _head(writer, years, entities, has_note=has_note, has_change=has_change)
    groups = chance.randint(2, 4)
    for group in range(groups):
        if chance.random() < 0.8:
            rows.append(
                [
                    cell(text(writer.heading()), cls="bold"),
                    *[cell("")] * (has_note + values + has_change),
                ]
            )
        size = chance.randint(2, 5)
        for number in range(size):
            level = 2 if number and chance.random() < 0.25 else 1
            label = cell(text(_label(writer)), style=f"padding-left:{4 * level}mm")
            rows.append(_row(writer, label, "", values, has_note=has_note, has_change=has_change))
        is_last = group == groups - 1
        name = writer.either(
            "Total" if is_last else chance.choice(("", "Subtotal")),
            "合计" if is_last else chance.choice(("", "小计")),
        )
        rows.append(
            _row(
                writer,
                cell(name, cls="bold" if is_last else ""),
                "total" if is_last else "sum",
                values,
                has_note=has_note,
                has_change=has_change,
            )
        )
    label_width = f"{chance.choice((28, 36, 46))}%"
    return table(rows).replace("<td", f'<td width="{label_width}"', 1)


def _head(
    writer: Writer, years: int, entities: int, *, has_note: bool, has_change: bool
) -> list[list[str]]:
    last = writer.number(2012, 2025)
    unit = writer.pick(*writer.either("£000|$m|€ million", "千元|人民币百万元|万元").split("|"))
    has_date = writer.chance.random() < 0.4
    names = [
        f"{writer.either('31 December' if has_date else '', '')} {last - year}{writer.either('', '年')}<br>{unit}"
        for year in range(years)
    ]
    note = [cell(writer.either("Notes", "附注"), head=True, cls="center")] if has_note else []
    head = [
        cell("", head=True),
        *note,
        *(
            cell(name.strip(), head=True, cls="num last" if not number else "num")
            for number, name in enumerate(names * entities)
        ),
    ]
    if has_change:
        head.append(cell(writer.either("Change<br>%", "变动<br>%"), head=True, cls="num"))
    if entities == 1:
        return [head]
    over = [
        cell(f'<div class="over">{name}</div>', columns=years, head=True)
        for name in writer.either("Group|Company", "本集团|本公司").split("|")
    ]
    return [[cell("", head=True)] * (1 + has_note) + over, head]


def _label(writer: Writer) -> str:
    if writer.chance.random() < 0.25:
        return writer.either(", ", "、").join(
            (writer.subject(), writer.word("thing"), writer.word("place"))
        )
    return writer.subject()


def _row(
    writer: Writer, label: str, rule: str, values: int, *, has_note: bool, has_change: bool
) -> list[str]:
    chance = writer.chance
    row = [label]
    if has_note:
        mark = writer.pick("4", "7", "12", "15(a)", "21", "3, 8")
        row.append(cell(mark if not rule and chance.random() < 0.35 else "", cls="center"))
    for number in range(values):
        amount = _amount(writer) if rule or chance.random() > 0.07 else writer.pick("–", "-", "")
        content = f'<div class="{rule}">{amount}</div>' if rule else amount
        row.append(cell(content, cls="num" if number else "num last"))
    if has_change:
        row.append(
            cell(f"{writer.number(-400, 900) / 10}" if chance.random() < 0.3 else "", cls="num")
        )
    return row


def _amount(writer: Writer) -> str:
    amount = f"{writer.number(1, 10 ** writer.number(2, 6)):,}"
    return f"({amount})" if writer.chance.random() < 0.25 else amount
