"""A certificate: centered lines of several sizes in a frame, a seal and a signature."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, region, text
from bench.documents.pictures import round_seal, signature
from bench.documents.writing import Writer

LANGUAGES = ("zh", "en", "zh", "en")


def design(writer: Writer) -> Design:
    """A certificate in landscape or portrait."""
    chance = writer.chance
    title = writer.either(
        writer.pick("Certificate of Completion", "Award of Merit"),
        writer.pick("荣誉证书", "结业证书", "获奖证书", "授权书"),
    )
    person = writer.name()
    owner = writer.word("org")
    body = paragraph(writer.passage(2, 4), cls="body")
    lead = writer.either("This is to certify that", "兹证明")
    page = "".join(
        [
            '<div class="frame"></div>',
            heading(1, title),
            paragraph(lead, cls="center"),
            block("paragraph", text(person), cls="center name"),
            body,
            paragraph(writer.either("No. ", "证书编号：") + writer.code(2, 8), cls="center"),
            '<div class="grow"></div>',
            _end(writer, owner),
        ]
    )
    colour = chance.choice(("#b8860b", "#8b0000", "#1f4e79"))
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};font-size:{chance.choice((13, 15))}pt}}"
        f".page{{padding:24mm 34mm 22mm}}.frame{{position:absolute;inset:9mm;border:6px double {colour};"
        f"outline:1px solid {colour};outline-offset:3px}}"
        f"h1{{font-size:{chance.choice((30, 36, 42))}pt;text-align:center;color:{colour};"
        f"letter-spacing:{chance.choice((0, 0.1, 0.2))}em;margin-bottom:5mm}}"
        ".name{font-size:1.8em;font-weight:700}.body{margin:4mm 0;text-indent:2em}"
    )
    size = chance.choice(((297, 210), (297, 210), (210, 297)))
    return Design((page,), css, *size, language=writer.language)


def _end(writer: Writer, owner: str) -> str:
    left = [
        region("signature", signature(writer.chance, 150, 44)),
        paragraph(writer.either("Director", "负责人")),
    ]
    right = [
        block("paragraph", text(owner), cls="center"),
        block("paragraph", writer.date(), cls="center"),
    ]
    if not writer.is_english:
        style = "position:absolute;right:12mm;top:-14mm;mix-blend-mode:multiply"
        right.append(region("seal", round_seal(owner, 150), text=owner, style=style))
    return (
        f'<div class="row" data-either><div>{"".join(left)}</div>'
        f'<div style="position:relative;padding-top:8mm">{"".join(right)}</div></div>'
    )
