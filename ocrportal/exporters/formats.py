"""From results to files: one module per format, and the table of all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.excel.workbook import write_workbook
from ocrportal.exporters.html import write_web_page
from ocrportal.exporters.json import write_structured
from ocrportal.exporters.markdown import write_markdown
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.pdf.searchable import write_archival_pdf, write_searchable_pdf
from ocrportal.exporters.positional.alto import write_alto
from ocrportal.exporters.positional.hocr import write_hocr
from ocrportal.exporters.raw_answers import write_raw_answers
from ocrportal.exporters.subtitles import write_subtitles
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word.document import write_word

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    for_videos: bool = False
    """Whether it needs the times that only the pages of videos have."""
    for_answers: bool = False
    """Whether it needs what a cloud service itself answered."""
    for_one: bool = False
    """Whether each file is about one document only, so that several cannot be merged."""


FORMATS: dict[str, ExportFormat] = {
    entry.key: entry
    for entry in (
        ExportFormat("docx", ".docx", _WORD_TYPE, _("Word"), write_word),
        ExportFormat("txt", ".txt", "text/plain; charset=utf-8", _("Text"), write_text),
        ExportFormat("pdf", ".pdf", "application/pdf", _("Searchable PDF"), write_searchable_pdf),
        ExportFormat("pdfa", ".pdfa.pdf", "application/pdf", _("PDF/A"), write_archival_pdf),
        ExportFormat(
            *("srt", ".srt", "application/x-subrip", _("Subtitles (SRT)"), write_subtitles),
            for_videos=True,
            for_one=True,
        ),
        ExportFormat("xlsx", ".xlsx", _EXCEL_TYPE, _("Excel"), write_workbook),
        ExportFormat("md", ".md", "text/markdown; charset=utf-8", _("Markdown"), write_markdown),
        ExportFormat("html", ".html", "text/html; charset=utf-8", _("Web page"), write_web_page),
        ExportFormat("json", ".json", "application/json", _("JSON"), write_structured),
        ExportFormat(
            *("raw", ".raw.json", "application/json", _("JSON (raw service response)")),
            write_raw_answers,
            for_answers=True,
        ),
        ExportFormat("hocr", ".hocr", "text/vnd.hocr+html", _("hOCR"), write_hocr),
        ExportFormat("alto", ".alto.xml", "application/xml", _("ALTO"), write_alto, for_one=True),
    )
}
"""Every format by its key, in the order in which they are offered."""


def offered_formats(*, for_video: bool, with_answers: bool) -> list[ExportFormat]:
    """The formats that suit a document, or a job with such among its documents.

    ``with_answers``: what a cloud service itself answered is kept of some page.
    """
    return [
        entry
        for entry in FORMATS.values()
        if (for_video or not entry.for_videos) and (with_answers or not entry.for_answers)
    ]
