"""Markdown: CommonMark with GitHub's tables. Fields are written as tables too.

Each page begins with a comment, which is not displayed. Characters of the text that could start
markup are escaped with a backslash. Each of several documents in one file begins with its title
as heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.exporters.html_table import html_table
from ocrportal.exporters.markup import legal_in_xml
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Lines
from ocrportal.layout.blocks import Block, FieldGroup, Formula, ItemTable, Paragraph, TableBlock
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.plain_text import printed_lines
from ocrportal.results import Table

_ANYWHERE = re.compile(r"[\\`*_\[\]<>&~|$@#]")
"""Characters that start or end markup anywhere; ``$`` encloses formulas, ``@`` makes addresses."""
_LINKS = re.compile(r"(?i)(?<=www)(?=\.)|(?=://)")
"""Positions at which GitHub recognises a URL without markup."""
_AT_THE_START = re.compile(r"^(?==|[+\-:](?!\w))|^(\d+)(?=[.)](?: |$))")
"""The start of lists, rules and definitions."""


def write_markdown(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as Markdown, page by page; an empty page consists of its comment."""
    is_first = True
    for page in document.flowing_pages(
        headers_footers=options.headers_footers, join=options.joins_paragraphs
    ):
        text = "\n\n".join(_page(page, options.lines))
        out.write(f"{text}\n".encode() if is_first else f"\n{text}\n".encode())
        is_first = False


def marked_down(text: str) -> str:
    """A text on one line, escaped so that Markdown shows it unchanged."""
    text = " ".join(legal_in_xml(text).split())
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    return _AT_THE_START.sub(r"\1\\", _LINKS.sub(r"\\", text))


def _page(page: LaidOutPage, lines: Lines) -> Iterator[str]:
    if page.starts_document:
        yield f"# {marked_down(page.document_title)}"
    yield f"<!-- page {page.source.number} -->"
    if page.source.time_code:
        yield marked_down(f"[{page.source.time_code}]")
    for block in page.blocks:
        yield from _block(block, lines)


def _block(block: Block, lines: Lines) -> Iterator[str]:
    match block:
        case Paragraph(kind="heading"):
            yield f"{'#' * block.level} {marked_down(block.text)}"
        case Paragraph() | Formula():
            rows = printed_lines(block) if lines == "printed" else [block.text]
            text = "\\\n".join(row for row in map(marked_down, rows) if row)
            if text:
                yield text
        case TableBlock(table=table):
            merged = any(cell.row_span > 1 or cell.column_span > 1 for cell in table.cells)
            yield html_table(table) if merged else _pipe_table(table)
        case FieldGroup():
            yield from _title(block.title)
            yield _pipe_table(block.as_table(), (_("Field"), _("Value")))
        case ItemTable():
            yield from _title(block.title)
            yield _pipe_table(block.as_table())


def _title(title: str) -> Iterator[str]:
    shown = marked_down(title)
    if shown:
        yield f"**{shown}**"


def _in_a_cell(text: str) -> str:
    return "<br>".join(row for row in map(marked_down, text.splitlines()) if row)


def _pipe_table(table: Table, head: tuple[str, ...] = ()) -> str:
    """A table in GitHub's syntax; without ``head`` its first row is the header."""
    rows = [list(map(_in_a_cell, row)) for row in table.texts()]
    if head:
        rows.insert(0, [marked_down(label) for label in head])
    rows.insert(1, ["---"] * table.columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
