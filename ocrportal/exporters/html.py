"""One web page of a whole document: a section per page, all in one file, without scripts.

Each section declares its own language; the file as a whole has that of its first page,
since it is written front to back. Of several documents in one file, each begins with its
name as heading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.flow import FlowPage, flow_of
from ocrportal.exporters.html_table import html_table
from ocrportal.exporters.language import language_of
from ocrportal.exporters.markup import escaped
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Lines
from ocrportal.exporters.text import printed_rows, text_rows
from ocrportal.layout.contents import Part
from ocrportal.layout.fields import FieldGroup, ItemTable, table_of_group, table_of_items
from ocrportal.layout.page import Paragraph
from ocrportal.results import Table

# The policy forbids what the escaping prevents already: scripts, and pictures from elsewhere.
_HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
  font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
section + section {{ margin-top: 2rem; border-top: 1px solid #bbb; break-before: page; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
td, th {{ border: 1px solid #999; padding: .2rem .5rem; text-align: start; vertical-align: top; }}
h1 {{ font-size: 1.5rem; }}
.source {{ color: #555; }}
h2 {{ font-size: 1.25rem; }}
h3 {{ font-size: 1rem; }}
</style>
</head>
<body>
"""
_END = "</body>\n</html>\n"


def write_web_page(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as HTML, one page after the other."""
    for index, page in enumerate(flow_of(document, options)):
        language = language_of(row for part in page.parts for row in text_rows(part))
        if index == 0:
            out.write(_HEAD.format(language=language, title=escaped(document.title)).encode())
        out.write("".join(f"{row}\n" for row in _section(page, language, options.lines)).encode())
    out.write(_END.encode())


def _section(page: FlowPage, language: str, lines: Lines) -> Iterator[str]:
    name = _("Page %(number)s") % {"number": page.page.number}
    label = escaped(f"{page.source} – {name}" if page.source else name)
    yield f'<section lang="{language}" aria-label="{label}">'
    if page.begins:
        yield f'<h1 class="source" dir="auto">{escaped(page.source)}</h1>'
    if page.page.time_code:
        yield f"<h2>{page.page.time_code}</h2>"
    for part in page.parts:
        yield from _elements(part, lines)
    yield "</section>"


def _elements(part: Part, lines: Lines) -> Iterator[str]:
    match part:
        case Paragraph(kind="heading"):
            yield f'<h{part.level} dir="auto">{escaped(part.text)}</h{part.level}>'
        case Paragraph():
            rows = printed_rows(part) if lines == "printed" else [part.text]
            yield f'<p dir="auto">{"<br>".join(map(escaped, rows))}</p>'
        case Table():
            yield html_table(part)
        case FieldGroup():
            yield from _caption(part.title)
            yield html_table(table_of_group(part), labels=True)
        case ItemTable():
            yield from _caption(part.title)
            yield html_table(table_of_items(part), head_row=True)


def _caption(title: str) -> Iterator[str]:
    if title:
        yield f'<h3 dir="auto">{escaped(title)}</h3>'
