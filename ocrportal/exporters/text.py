"""Plain text: UTF-8, a line per paragraph, an empty line between pages.

A field is a line with its label, a row of a table a line with tabs between its cells. The
text of a video has a line with the time above each page. Several documents in one file start
with a line of their name each.

There is no byte order mark: Windows has read UTF-8 without one since 2019, and most other
programs show the mark as text. There is no form feed: Notepad shows it as a stray character.
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
    """Write a document's text; a page without text adds nothing."""
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
            out.write(shown.encode(errors="ignore"))  # half of a surrogate pair has no UTF-8
            is_first = False
