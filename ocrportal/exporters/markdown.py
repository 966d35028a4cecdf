"""Markdown: CommonMark with GitHub's tables. Fields are written as tables too.

Each page begins with a comment, which is not displayed. Characters of the text that could start
markup are escaped with a backslash. Each of several documents in one file begins with its title
as heading.

Figures are in a folder beside a file in an archive. A single file has their data at its end, so
that the text stays readable.
"""

from __future__ import annotations

import base64
import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import IO, BinaryIO

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
)
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import printed_lines
from ocrportal.markup import legal_in_xml
from ocrportal.pictures import Picture, PictureFolder, alternative_text, pictures_of
from ocrportal.results import Table

_SPOOLED_BYTES = 8 * 1024 * 1024
"""More data of figures is kept on disk instead of in memory."""
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&~|$@#]")
"""Characters that start or end markup anywhere; ``$`` encloses formulas, ``@`` makes addresses."""
_LINKS = re.compile(r"(?i)(?<=www)(?=\.)|(?=://)")
"""Positions at which GitHub recognises a URL without markup."""
_AT_THE_START = re.compile(r"^(?==|[+\-:](?!\w))|^(\d+)(?=[.)](?: |$))")
"""The start of lists, rules and definitions."""


def write_markdown(
    document: LaidOutDocument,
    out: BinaryIO,
    options: ExportOptions = DEFAULT_OPTIONS,
    folder: PictureFolder | None = None,
) -> None:
    """Write a document as Markdown, page by page; an empty page consists of its comment.

    The figures are added to ``folder``; without one they are in the file.
    """
    is_first = True
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as data:
        figures = _Figures(data, folder)
        for page in document.flowing_pages(
            headers_footers=options.headers_footers, join=options.joins_paragraphs
        ):
            text = "\n\n".join(_page(page, options.lines, figures))
            out.write(f"{text}\n".encode() if is_first else f"\n{text}\n".encode())
            is_first = False
        data.seek(0)
        shutil.copyfileobj(data, out)


def marked_down(text: str) -> str:
    """A text on one line, escaped so that Markdown shows it unchanged."""
    text = " ".join(legal_in_xml(text).split())
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    return _AT_THE_START.sub(r"\1\\", _LINKS.sub(r"\\", text))


class _Figures:
    """The figures of a file: references in its text to a folder, or to definitions at its end."""

    def __init__(self, data: IO[bytes], folder: PictureFolder | None) -> None:
        self._data, self._folder, self._count = data, folder, 0

    def reference(self, figure: Figure, picture: Picture) -> str:
        """The reference to a figure, which is added to the folder or to the data."""
        text = marked_down(alternative_text(figure))
        if self._folder is not None:
            return f"![{text}](<{self._folder.add(picture)}>)"
        self._count += 1
        name = f"figure-{self._count}"
        encoded = base64.b64encode(picture.data).decode()
        self._data.write(f"\n[{name}]: data:{picture.media_type};base64,{encoded}\n".encode())
        return f"![{text}][{name}]"


def _page(page: LaidOutPage, lines: Lines, figures: _Figures) -> Iterator[str]:
    if page.starts_document:
        yield f"# {marked_down(page.document_title)}"
    yield f"<!-- page {page.source.number} -->"
    if page.source.time_code:
        yield marked_down(f"[{page.source.time_code}]")
    pictures = pictures_of(page)
    for block in page.blocks:
        if isinstance(block, Figure):
            yield figures.reference(block, pictures[block])
        else:
            yield from _block(block, lines)


def _block(
    block: Paragraph | Formula | TableBlock | FieldGroup | ItemTable, lines: Lines
) -> Iterator[str]:
    match block:
        case Paragraph(kind="heading"):
            yield f"{'#' * block.level} {marked_down(block.text)}"
        case Paragraph(kind="contents_entry") if lines != "printed":
            yield " … ".join(map(marked_down, block.text.split("\t")))
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
