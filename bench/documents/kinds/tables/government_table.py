"""A table as authorities print it: heads of three rows, numbered columns, few rules and totals."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, cell, table, text
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")
_LOOKS = (
    "td+td,th+th{border-left:.7px solid #000}table{border-top:1px solid #000;border-bottom:1px solid #000}"
    "th{border-bottom:.7px solid #000}",
    "table{border-top:2px solid #000;border-bottom:1px solid #000}.numbered td{border-bottom:.6px solid #000}",
    "td,th{border:.6px solid #333}",
    ".numbered td{border-bottom:.6px dotted #000}",
)


def design(writer: Writer) -> Design:
    """One table over a page with a title above and notes below."""
    chance = writer.chance
    parts = [
        block("heading", text(writer.title()), tag="h1", level=1),
        block("paragraph", text(writer.either("(thousands)", "单位：万元")), cls="right"),
        _table(writer),
    ]
    parts += [
        block("footnote", text(f"{n}) {writer.sentence()}"), style="font-size:.85em")
        for n in range(1, chance.randint(1, 3))
    ]
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((7, 8, 8.5))}pt}}"
        f".page{{padding:14mm}}td,th{{padding:{chance.choice((0.3, 0.7, 1.1))}mm 1mm;line-height:1.25}}"
        f"th{{text-align:center;vertical-align:middle}}h1{{font-size:1.6em;text-align:center}}"
        f"table{{margin:1mm 0 2mm}}{writer.by_turn(_LOOKS)}"
    )
    body = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    foot = block("page_number", f"- {writer.number(1, 99)} -", cls="center")
    return Design((body + foot,), css, language=writer.language)


def _table(writer: Writer) -> str:
    chance = writer.chance
    groups = chance.randint(2, 3)
    first = writer.either("Budget|of which|Staff|Goods", "预算|其中|人员|公用").split("|")
    head = [
        [
            cell(writer.either("Unit", "单位"), rows=3, head=True),
            *(
                cell(writer.either(f"Year {2020 + n}", f"{2020 + n}年"), columns=3, head=True)
                for n in range(groups)
            ),
        ],
        [
            part
            for _ in range(groups)
            for part in (cell(first[0], rows=2, head=True), cell(first[1], columns=2, head=True))
        ],
        [cell(name, head=True) for _ in range(groups) for name in first[2:]],
    ]
    columns = 1 + 3 * groups
    numbered = [cell(f"({n})" if n else "", cls="center") for n in range(columns)]
    rows = [*head, numbered]
    for _ in range(chance.randint(2, 5)):
        label = writer.heading()
        total = [cell(text(label), cls="bold")]
        total += [cell(_number(writer), cls="num bold") for _ in range(columns - 1)]
        rows.append(total)
        for _ in range(chance.randint(2, 7)):
            name = writer.subject()
            if chance.random() < 0.2:
                name += writer.either(f" ({writer.word('thing')})", f"（{writer.word('thing')}）")
            row = [cell(text(name), style="padding-left:4mm")]
            row += [cell(_number(writer), cls="num") for _ in range(columns - 1)]
            rows.append(row)
    html = table(rows)
    parts = html.split("<tr>")
    return "<tr>".join(parts[:4]) + '<tr class="numbered">' + "<tr>".join(parts[4:])


def _number(writer: Writer) -> str:
    if writer.chance.random() < 0.12:
        return writer.pick("—", "–", "")
    return f"{writer.number(1, 10 ** writer.number(2, 6)):,}"
