"""The declarations of all export formats, used by forms, API, command line and README.

Writers and verifications are given by name, so that a process only imports the libraries of the
formats that it writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT = frozenset({"lines", "headers_footers"})
"""Options of the formats with running text; in the other formats text has a fixed position."""


Structure = Literal["tables", "figures"]
"""What a page has besides its text."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A type of file that documents can be exported to."""

    key: str
    """Stable identifier in URLs, API and commands."""
    extension: str
    """Extension of the file name, with its dot."""
    media_type: str
    label: str | Promise
    """The name shown to users."""
    writer: str
    """Module and function within this package, such as ``word.document.write_word``."""
    options: frozenset[str] = frozenset()
    """The fields of ``ExportOptions`` that it supports, besides those of all formats. A writer
    only gets the options if its format supports some."""
    requires: Literal["", "times", "answers"] = ""
    """``times``: pages of a video. ``answers``: raw answers of a cloud service."""
    is_single: bool = False
    """Whether a file is about a single document: several cannot be merged."""
    has_picture_folder: bool = False
    """Whether its pictures are in a folder beside it if it is in an archive."""
    lacks: tuple[Structure, ...] = ()
    """What its files do not hold; of tables and figures they have the text."""
    verification: str = ""
    """Class of this package that verifies a written file; empty if the format has none."""


_DECLARED = (
    ExportFormat(
        *("docx", ".docx", _WORD_TYPE, _("Word")),
        writer="word.document.write_word",
        options=_TEXT | {"layout", "picture"},
        verification="word.verification.WordVerification",
    ),
    ExportFormat(
        *("txt", ".txt", "text/plain; charset=utf-8", _("Text")),
        writer="text.write_text",
        options=_TEXT,
        lacks=("tables", "figures"),
    ),
    ExportFormat(
        *("pdf", ".pdf", "application/pdf", _("Searchable PDF")),
        writer="pdf.searchable.write_searchable_pdf",
        options=frozenset({"quality"}),
        verification="pdf.verification.PdfVerification",
    ),
    ExportFormat(
        *("pdfa", ".pdfa.pdf", "application/pdf", _("PDF/A")),
        writer="pdf.searchable.write_archival_pdf",
        options=frozenset({"quality"}),
        verification="pdf.verification.PdfVerification",
    ),
    ExportFormat(
        *("srt", ".srt", "application/x-subrip", _("Subtitles (SRT)")),
        writer="subtitles.write_subtitles",
        requires="times",
        is_single=True,
        lacks=("tables", "figures"),
    ),
    ExportFormat(
        *("xlsx", ".xlsx", _EXCEL_TYPE, _("Excel")),
        writer="excel.workbook.write_workbook",
        options=_TEXT | {"sheets"},
        lacks=("figures",),
    ),
    ExportFormat(
        *("md", ".md", "text/markdown; charset=utf-8", _("Markdown")),
        writer="markdown.write_markdown",
        options=_TEXT,
        has_picture_folder=True,
    ),
    ExportFormat(
        *("html", ".html", "text/html; charset=utf-8", _("Web page")),
        writer="html.write_html",
        options=_TEXT,
    ),
    ExportFormat(
        *("json", ".json", "application/json", _("JSON")),
        writer="json.write_json",
    ),
    ExportFormat(
        *("raw", ".raw.json", "application/json", _("JSON (raw service response)")),
        writer="raw_answers.write_raw_answers",
        requires="answers",
    ),
    ExportFormat(
        *("hocr", ".hocr", "text/vnd.hocr+html", _("hOCR")),
        writer="positional.hocr.write_hocr",
        lacks=("figures",),
    ),
    ExportFormat(
        *("alto", ".alto.xml", "application/xml", _("ALTO")),
        writer="positional.alto.write_alto",
        is_single=True,
        lacks=("tables", "figures"),
    ),
)
FORMATS: dict[str, ExportFormat] = {entry.key: entry for entry in _DECLARED}
"""All formats by key, in the order in which they are offered."""


def offered_formats(*, for_video: bool, with_answers: bool) -> list[ExportFormat]:
    """The formats that suit a document, or a job with such among its documents.

    ``with_answers``: a raw answer of a cloud service is stored for some page.
    """
    met = {"": True, "times": for_video, "answers": with_answers}
    return [entry for entry in FORMATS.values() if met[entry.requires]]
