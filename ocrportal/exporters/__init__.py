"""From results to files: one module per format, and the table of all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.searchable_pdf import write_searchable_pdf
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word import write_word

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One kind of file that a document can be written as."""

    key: str
    """Stable word used in addresses, API and commands."""
    extension: str
    """Ending of the file name, with its dot."""
    media_type: str
    label: str | Promise
    """Its name on the screen."""
    write: Callable[[ExportDocument, BinaryIO, ExportOptions], None]
    """Writes the file front to back; the stream need not be seekable."""


FORMATS: dict[str, ExportFormat] = {
    entry.key: entry
    for entry in (
        ExportFormat("docx", ".docx", _WORD_TYPE, _("Word"), write_word),
        ExportFormat("txt", ".txt", "text/plain; charset=utf-8", _("Text"), write_text),
        ExportFormat("pdf", ".pdf", "application/pdf", _("Searchable PDF"), write_searchable_pdf),
    )
}
"""Every format by its key, in the order in which they are offered."""
