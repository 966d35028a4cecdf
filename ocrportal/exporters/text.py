"""Plain text: UTF-8, a line per paragraph, an empty line between pages.

No byte order mark: Windows has read UTF-8 without one since 2019, and most other
programs take the mark for text. No form feed: Notepad shows it as a stray sign.
"""

from __future__ import annotations

from typing import BinaryIO

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.layout import lay_out


def write_text(document: ExportDocument, out: BinaryIO) -> None:
    """Write a document's text; a page without text leaves nothing behind."""
    written = False
    for page in document.iter_pages():
        text = lay_out(page.result).text(join_lines=True)
        if text:
            out.write(f"\n{text}\n".encode() if written else f"{text}\n".encode())
            written = True
