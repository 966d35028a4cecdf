"""HTML: a section per page, in a single file without scripts.

Each section declares its language; the file has that of its first page, since it is written as a
stream. Each of several documents in one file begins with its title as heading.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.exporters.html_table import html_table
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Lines
from ocrportal.layout.blocks import (
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
    TextRun,
)
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import printed_lines, text_lines
from ocrportal.markup import escaped
from ocrportal.pictures import Picture, alternative_text, pictures_of
from ocrportal.text import language_of

# In addition to the escaping: no scripts, and no images from outside the file.
_HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
  font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
section + section {{ margin-top: 2rem; border-top: 1px solid #bbb; break-before: page; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
td, th {{ border: 1px solid #999; padding: .2rem .5rem; text-align: start; vertical-align: top; }}
figure {{ margin: 1rem 0; text-align: center; }}
figure img {{ max-width: 100%; height: auto; }}
h1 {{ font-size: 1.5rem; }}
.contents {{ display: flex; justify-content: space-between; gap: 1rem; margin: 0; }}
.footnote {{ font-size: .85rem; }}
.source {{ color: #555; }}
h2 {{ font-size: 1.25rem; }}
h3 {{ font-size: 1rem; }}
</style>
</head>
<body>
"""
_END = "</body>\n</html>\n"


def write_html(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as HTML, page by page."""
    is_first = True
    for page in document.flowing_pages(
        headers_footers=options.headers_footers, join=options.joins_paragraphs
    ):
        language = language_of(line for block in page.blocks for line in text_lines(block))
        if is_first:
            out.write(_HEAD.format(language=language, title=escaped(document.title)).encode())
        out.write("".join(f"{row}\n" for row in _section(page, language, options.lines)).encode())
        is_first = False
    out.write(_END.encode())


def _section(page: LaidOutPage, language: str, lines: Lines) -> Iterator[str]:
    name = _("Page %(number)s") % {"number": page.source.number}
    label = escaped(f"{page.document_title} – {name}" if page.document_title else name)
    yield f'<section lang="{language}" aria-label="{label}">'
    if page.starts_document:
        yield f'<h1 class="source" dir="auto">{escaped(page.document_title)}</h1>'
    if page.source.time_code:
        yield f"<h2>{page.source.time_code}</h2>"
    pictures = pictures_of(page)
    for block in page.blocks:
        if isinstance(block, Figure):
            picture = pictures[block]
            share = picture.width / page.result.width
            yield _figure(picture, alternative_text(block), share)
        else:
            yield from _elements(block, lines)
    yield "</section>"


def _figure(picture: Picture, name: str, share: float) -> str:
    """A picture of this share of the width of the page, within the file."""
    data = base64.b64encode(picture.data).decode()
    return (
        f'<figure><img src="data:{picture.media_type};base64,{data}" alt="{escaped(name)}"'
        f' style="width: {min(share, 1):.0%}"></figure>'
    )


def _elements(
    block: Paragraph | Formula | TableBlock | FieldGroup | ItemTable, lines: Lines
) -> Iterator[str]:
    match block:
        case Paragraph(kind="heading"):
            yield f'<h{block.level} dir="auto">{escaped(block.text)}</h{block.level}>'
        case Paragraph(kind="contents_entry") if lines != "printed":
            spans = " ".join(f"<span>{escaped(part)}</span>" for part in block.text.split("\t"))
            yield f'<p class="contents" dir="auto">{spans}</p>'
        case Paragraph() | Formula():
            is_note = isinstance(block, Paragraph) and block.kind == "footnote"
            style = ' class="footnote"' if is_note else ""
            yield f'<p{style} dir="auto">{_marked_up(block, lines)}</p>'
        case TableBlock(table=table):
            yield html_table(table)
        case FieldGroup():
            yield from _caption(block.title)
            yield html_table(block.as_table(), labels=True)
        case ItemTable():
            yield from _caption(block.title)
            yield html_table(block.as_table())


def _marked_up(block: Paragraph | Formula, lines: Lines) -> str:
    if lines == "printed":
        return "<br>".join(map(escaped, printed_lines(block)))
    if isinstance(block, Paragraph) and block.runs:
        return "".join(map(_typed, block.runs))
    return escaped(block.text)


def _typed(run: TextRun) -> str:
    text = escaped(run.text)
    for applies, name in (
        (run.type.bold, "b"),
        (run.type.italic, "i"),
        (run.type.underline, "u"),
    ):
        text = f"<{name}>{text}</{name}>" if applies else text
    return text


def _caption(title: str) -> Iterator[str]:
    if title:
        yield f'<h3 dir="auto">{escaped(title)}</h3>'
