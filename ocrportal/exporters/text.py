"""Plain text: UTF-8, a line per paragraph, an empty line between pages.

A field is a line with its label, a row of a table a line with tabs between its cells. The
text of a video has a line with the time above each page. Of several documents in one file,
each begins with a line of its name.

No byte order mark: Windows has read UTF-8 without one since 2019, and most other
programs take the mark for text. No form feed: Notepad shows it as a stray sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.catalogue.spec import Service
from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.flow import flow_of
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Lines
from ocrportal.layout.contents import Part, contents_of
from ocrportal.layout.fields import Entry, FieldGroup, ItemTable
from ocrportal.layout.page import Paragraph
from ocrportal.results import PageResult, Table
from ocrportal.text import join_lines


def write_text(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document's text; a page without text leaves nothing behind."""
    written = False
    for page in flow_of(document, options):
        text = "\n".join(row for part in page.parts for row in _rows(part, options.lines))
        if options.lines == "page":
            text = join_lines(text.split("\n"))
        if text and page.page.time_code:
            text = f"[{page.page.time_code}]\n{text}"
        if page.begins:
            text = f"=== {_in_one_line(page.source)} ===\n{text}".rstrip("\n")
        if text:
            shown = f"\n{text}\n" if written else f"{text}\n"
            out.write(shown.encode(errors="ignore"))  # half of a surrogate pair has no UTF-8
            written = True


def page_text(result: PageResult, service: Service | None) -> str:
    """All that stands on a page as plain text: fields, paragraphs and tables."""
    return "\n".join(row for part in contents_of(result, service) for row in text_rows(part))


def text_rows(part: Part) -> Iterator[str]:
    """A part of a page as lines of text."""
    match part:
        case Paragraph():
            yield part.text
        case Table():
            yield from ("\t".join(map(_in_one_line, row)) for row in part.texts())
        case FieldGroup():
            if part.title:
                yield part.title
            yield from (labelled(entry) for entry in part.entries)
        case ItemTable():
            if part.title:
                yield part.title
            yield "\t".join(part.columns)
            for row in part.rows:
                yield "\t".join(_in_one_line(entry.value) for entry in row)


def printed_rows(part: Part) -> Iterator[str]:
    """A part of a page as lines of text, broken where the print is."""
    if isinstance(part, Paragraph) and part.lines:
        return (line.text for line in part.lines)
    return text_rows(part)


def _rows(part: Part, lines: Lines) -> Iterator[str]:
    return printed_rows(part) if lines == "printed" else text_rows(part)


def labelled(entry: Entry) -> str:
    """An entry as “Label: value”."""
    return _("%(label)s: %(value)s") % {"label": entry.label, "value": _in_one_line(entry.value)}


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
