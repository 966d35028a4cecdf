"""An exam paper: sections, numbered questions with options in rows, figures and marks."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, region, text
from bench.documents.pictures import line_chart
from bench.documents.writing import Writer

LANGUAGES = ("zh", "zh", "en", "zh")
_NUMERALS = "一二三四"


def design(writer: Writer) -> Design:
    """A page of one column, or a wide one of two."""
    chance = writer.chance
    is_wide = writer.by_turn((False, True))
    title = writer.either(
        "Final Examination", writer.pick("期末考试试卷", "模拟测试题", "入学检测")
    )
    names = writer.either("Name: |Class: |Marks: ", "姓名：|班级：|得分：").split("|")
    fills = " ".join(f'{text(name)}<span class="fill"></span>' for name in names)
    page = "".join(
        [
            heading(
                1, f"{writer.word('thing').title()} {title}".replace(" ", writer.either(" ", ""))
            ),
            block("paragraph", fills, cls="center", style="margin-bottom:4mm"),
            f'<div class="columns" data-fit>{_questions(writer)}</div>',
            block("page_number", writer.either("1", "第1页（共2页）"), cls="center"),
        ]
    )
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((10, 10.5))}pt;"
        f"line-height:1.6}}.columns{{column-count:{2 if is_wide else 1};column-gap:14mm}}"
        "h1{text-align:center;font-size:1.6em;margin-bottom:3mm}h2{font-size:1.05em;margin:2mm 0 1mm}"
        ".fill{display:inline-block;width:24mm;border-bottom:1px solid #000}"
        ".options{display:grid;gap:0 4mm;padding-left:1.5em}.question{break-inside:avoid}"
    )
    size = (297, 210) if is_wide else (210, 297)
    return Design((page,), css, *size, language=writer.language)


def _questions(writer: Writer) -> str:
    parts = []
    number = 0
    for section in range(4):
        kind = writer.either("Part {0}: {1}", "{0}、{1}").format(
            writer.either(str(section + 1), _NUMERALS[section]),
            _SECTIONS[writer.is_english][section],
        )
        parts.append(heading(2, kind))
        for _ in range(writer.number(3, 6)):
            number += 1
            parts.append(_question(writer, number, section))
    return "".join(parts)


_SECTIONS = {
    False: ("选择题（每小题3分）", "填空题（每小题4分）", "判断题", "解答题（共30分）"),
    True: ("choose one answer", "fill in the gaps", "true or false", "answer in sentences"),
}


def _question(writer: Writer, number: int, section: int) -> str:
    content = f"{number}{writer.either('.', '．')} {writer.sentence()}"
    match section:
        case 0:
            return (
                f'<div class="question">{block("list_item", text(content))}{_options(writer)}</div>'
            )
        case 1:
            gap = f'{text(content)}<span class="fill"></span>{text(writer.either(".", "。"))}'
            return block("list_item", gap, cls="question")
        case 2:
            return block(
                "list_item", text(content + writer.either(" (   )", "（　　）")), cls="question"
            )
        case _:
            parts = [block("list_item", text(f"{content}{writer.sentence()}"))]
            if writer.chance.random() < 0.5:
                drawn = region("figure", line_chart(writer.chance, 190, 120))
                parts.append(f'<div style="padding-left:20mm">{drawn}</div>')
            parts.append('<div style="height:14mm"></div>')
            return f'<div class="question">{"".join(parts)}</div>'


def _options(writer: Writer) -> str:
    columns = writer.chance.choice((1, 2, 4))
    options = []
    for letter in "ABCD":
        content = writer.sentence() if columns == 1 else writer.word(writer.pick("thing", "place"))
        options.append(block("list_item", text(f"{letter}. {content}")))
    style = f"grid-template-columns:repeat({columns},1fr)"
    return f'<div class="options" style="{style}">{"".join(options)}</div>'
