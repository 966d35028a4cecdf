"""Markdown (CommonMark with the tables of GitHub): paragraphs, tables, fields as tables.

A comment that nobody sees on the screen stands before each page. What is printed is never
taken for markup: every sign that could begin some has a backslash before it. Of several
documents in one file, each begins with its name as heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.flow import FlowPage, flow_of
from ocrportal.exporters.html_table import html_table
from ocrportal.exporters.markup import legal_in_xml
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Lines
from ocrportal.exporters.text import printed_rows
from ocrportal.layout.contents import Part
from ocrportal.layout.fields import FieldGroup, ItemTable, table_of_group, table_of_items
from ocrportal.layout.page import Paragraph
from ocrportal.results import Table

_ANYWHERE = re.compile(r"[\\`*_\[\]<>&~|$@#]")
"""Begin or end markup wherever they stand; ``$`` encloses formulas, ``@`` makes addresses."""
_LINKS = re.compile(r"(?i)(?<=www)(?=\.)|(?=://)")
"""Where GitHub sees that an address begins, without any sign around it."""
_AT_THE_START = re.compile(r"^(?==|[+\-:](?!\w))|^(\d+)(?=[.)](?: |$))")
"""Lists, rulers and definitions."""


def write_markdown(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as Markdown, one page after the other; an empty page is told as well."""
    for index, page in enumerate(flow_of(document, options)):
        text = "\n\n".join(_blocks(page, options.lines))
        out.write(f"\n{text}\n".encode() if index else f"{text}\n".encode())


def marked_down(text: str) -> str:
    """A text in one line that Markdown shows as it is."""
    text = " ".join(legal_in_xml(text).split())
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    return _AT_THE_START.sub(r"\1\\", _LINKS.sub(r"\\", text))


def _blocks(page: FlowPage, lines: Lines) -> Iterator[str]:
    if page.begins:
        yield f"# {marked_down(page.source)}"
    yield f"<!-- page {page.page.number} -->"
    if page.page.time_code:
        yield marked_down(f"[{page.page.time_code}]")
    for part in page.parts:
        yield from _part_blocks(part, lines)


def _part_blocks(part: Part, lines: Lines) -> Iterator[str]:
    match part:
        case Paragraph(kind="heading"):
            yield f"{'#' * part.level} {marked_down(part.text)}"
        case Paragraph():
            rows = printed_rows(part) if lines == "printed" else [part.text]
            text = "\\\n".join(row for row in map(marked_down, rows) if row)
            if text:
                yield text
        case Table():
            merged = any(cell.row_span > 1 or cell.column_span > 1 for cell in part.cells)
            yield html_table(part) if merged else _pipe_table(part)
        case FieldGroup():
            yield from _title(part.title)
            yield _pipe_table(table_of_group(part), (_("Field"), _("Value")))
        case ItemTable():
            yield from _title(part.title)
            yield _pipe_table(table_of_items(part))


def _title(title: str) -> Iterator[str]:
    shown = marked_down(title)
    if shown:
        yield f"**{shown}**"


def _in_a_cell(text: str) -> str:
    return "<br>".join(row for row in map(marked_down, text.splitlines()) if row)


def _pipe_table(table: Table, head: tuple[str, ...] = ()) -> str:
    """The first row becomes the head, which these tables cannot be without."""
    rows = [list(map(_in_a_cell, row)) for row in table.texts()]
    if head:
        rows.insert(0, [marked_down(label) for label in head])
    rows.insert(1, ["---"] * table.columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
