"""Parts that several kinds of documents have in common."""

from __future__ import annotations

from bench.documents.markup import block, cell, table, text
from bench.documents.writing import Writer


def small_table(writer: Writer, caption: str = "") -> str:
    """A table of a few rows with rules above, below and under its head, and its caption."""
    chance = writer.chance
    columns = chance.randint(3, 4)
    names = [writer.pick("A", "B", "C", "D") + str(n) for n in range(1, columns)]
    head = [cell(writer.either("Method", "方法"), head=True)]
    head += [cell(name, head=True, cls="num") for name in names]
    rows = [head]
    for _ in range(chance.randint(3, 6)):
        values = [f"{chance.uniform(0, 100):.{chance.choice((1, 2))}f}" for _ in names]
        rows.append(
            [
                cell(text(writer.word("goal") if not writer.is_english else writer.code(3, 2))),
                *(cell(value, cls="num") for value in values),
            ]
        )
    style = "border-top:1.4px solid #000;border-bottom:1.4px solid #000;margin:1mm 0 3mm"
    above = block("caption", text(caption), cls="caption") if caption else ""
    ruled = table(rows, style=style).replace(
        "<tr>", '<tr style="border-bottom:.7px solid #000">', 1
    )
    return f'<div class="keep">{above}{ruled}</div>'
