"""An official Chinese notice: a red head and rule, a number, the body, a seal over the date."""

from __future__ import annotations

from bench.documents.markup import Design, block, heading, list_item, paragraph, region, text
from bench.documents.pictures import round_seal
from bench.documents.writing import Writer

LANGUAGES = ("zh",)


def design(writer: Writer) -> Design:
    """A notice of one page."""
    chance = writer.chance
    office = writer.pick("青石县人民政府", "临海市教育局", "云岭省财政厅", "白鹭市水利局办公室")
    year = writer.number(2010, 2025)
    number = (
        f"{office[0]}{writer.pick('政', '教', '财', '办')}发〔{year}〕{writer.number(1, 200)}号"
    )
    head = block(
        "heading", text(f"{office}文件"), tag="h1", level=1, cls="red",
        style=f"font-size:{chance.choice((30, 36, 42))}pt;letter-spacing:{chance.choice((0, 0.05, 0.1))}em",
    )  # fmt: skip
    title = heading(1, f"关于{writer.word('thing')}有关事项的通知", cls="title")
    parts = [
        head,
        paragraph(number, cls="center", style="margin:6mm 0 2mm"),
        '<div class="rule"></div>',
        title,
        paragraph(f"各{writer.pick('区县人民政府', '直属单位', '有关企业')}：", cls="flush"),
        _body(writer),
        _end(writer, office),
        _foot(writer, office),
    ]
    css = (
        "body{font-family:'Noto Serif CJK SC';font-size:"
        f"{chance.choice((12, 13, 14))}pt;line-height:{chance.choice((1.6, 1.8))};text-align:justify}}"
        ".page{padding:26mm 24mm 16mm 26mm}"
        ".red{color:#d9000d;text-align:center;font-weight:700;line-height:1.3}"
        ".rule{border-top:2.5px solid #d9000d;margin-bottom:8mm}"
        ".title{text-align:center;font-size:1.5em;line-height:1.4;margin-bottom:5mm}"
        "p{text-indent:2em}.center,.flush,.right{text-indent:0}"
        ".foot{border-top:1px solid #000;border-bottom:1px solid #000;font-size:.85em;"
        "display:flex;justify-content:space-between;text-indent:0}"
    )
    return Design(("".join(parts),), css)


def _body(writer: Writer) -> str:
    parts = [paragraph(writer.passage(2, 3))]
    for number in range(writer.number(2, 4)):
        parts.append(
            heading(
                2,
                f"{'一二三四'[number]}、{writer.heading()}",
                style="text-indent:2em;font-size:1em",
            )
        )
        if writer.chance.random() < 0.5:
            parts.append(paragraph(writer.passage(2, 4)))
        else:
            parts += [
                list_item(
                    f"（{'一二三'[item]}）", writer.sentence(), style="padding:0;text-indent:2em"
                )
                for item in range(3)
            ]
    parts.append(paragraph("特此通知。"))
    return f'<div class="grow" data-fit>{"".join(parts)}</div>'


def _end(writer: Writer, office: str) -> str:
    size = writer.number(140, 165)
    seal = region("seal", round_seal(office, size), text=office, style=(
        f"position:absolute;right:{writer.number(0, 20)}mm;top:-{writer.number(8, 16)}mm;"
        "mix-blend-mode:multiply"
    ))  # fmt: skip
    names = paragraph(office, cls="right", style="padding-right:10mm") + paragraph(
        writer.date(), cls="right", style="padding-right:14mm"
    )
    return f'<div style="position:relative;margin:14mm 0 18mm">{names}{seal}</div>'


def _foot(writer: Writer, office: str) -> str:
    parts = f"<span>{text(office)}办公室</span> <span>{writer.date()}印发</span>"
    return block("footer", parts, cls="foot")
