"""Plain text: UTF-8, a line per paragraph, an empty line between pages.

A field is a line with its label, a table row a line with tabs between its cells. In the text of a
video, a line with the time precedes each page. Each of several documents in one file begins with
a line with its title.

The file has no byte order mark, since Windows detects UTF-8 without one since 2019 and many other
programs show the mark as text. It has no form feeds, which Notepad shows as a character.
"""

from __future__ import annotations

from typing import BinaryIO

from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.plain_text import in_one_line, page_text
from ocrportal.text import join_lines


def write_text(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write the text of a document; a page without text is left out."""
    is_first = True
    for page in document.flowing_pages(
        headers_footers=options.headers_footers, join=options.joins_paragraphs
    ):
        text = page_text(page, keep_lines=options.lines == "printed")
        if options.lines == "page":
            text = join_lines(text.split("\n"))
        if text and page.source.time_code:
            text = f"[{page.source.time_code}]\n{text}"
        if page.starts_document:
            text = f"=== {in_one_line(page.document_title)} ===\n{text}".rstrip("\n")
        if text:
            shown = f"{text}\n" if is_first else f"\n{text}\n"
            out.write(shown.encode(errors="ignore"))  # a lone surrogate has no UTF-8
            is_first = False
