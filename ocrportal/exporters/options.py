"""The options of an export.

Each option is one field of :class:`ExportOptions`, declared with its label and choices. Forms,
API, command line and README derive from the declaration; ``formats.py`` declares which formats
support which option.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.export import UnknownExportOption
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, checked_pattern

Lines = Literal["paragraphs", "printed", "page"]
WordLayout = Literal["flow", "fixed"]
Sheets = Literal["tables", "pages"]
Quality = Literal["original", "good", "small"]

_SWITCH: dict[str, Any] = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Option:
    """The declaration of an option, whose values are words in forms, URLs and commands."""

    key: str
    label: str | Promise
    summary: str
    """One English phrase for the command line, the API and the README."""
    choices: dict[str, str | Promise]
    """Labels by word, the default first; empty for free text."""
    help_text: str | Promise = ""


def _declared(
    label: str | Promise,
    summary: str,
    choices: Mapping[str, str | Promise],
    help_text: str | Promise = "",
) -> dict[str, Any]:
    return {"label": label, "summary": summary, "choices": choices, "help_text": help_text}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How a file is written; a format ignores the options it does not support."""

    lines: Lines = field(
        default="paragraphs",
        metadata=_declared(
            _("Line breaks"),
            "a line per paragraph, per printed line, or one per page (text files only)",
            {
                "paragraphs": _("Whole paragraphs"),
                "printed": _("Lines as printed"),
                "page": _("One line per page"),
            },
            _("One line per page applies to text files only; other formats keep paragraphs."),
        ),
    )
    headers_footers: bool = field(
        default=True,
        metadata=_declared(
            _("Headers, footers and page numbers"),
            "keep or leave out headers, footers and page numbers",
            {"on": _("Keep"), "off": _("Leave out")},
        ),
    )
    layout: WordLayout = field(
        default="flow",
        metadata=_declared(
            _("Layout"),
            "editable text, or every line at its place on the page",
            {"flow": _("Editable text"), "fixed": _("Exact layout")},
        ),
    )
    picture: bool = field(
        default=False,
        metadata=_declared(
            _("Page images"),
            "the picture of each page before its text",
            {"off": _("Do not include"), "on": _("Before the text of each page")},
        ),
    )
    sheets: Sheets = field(
        default="tables",
        metadata=_declared(
            _("Sheets"),
            "a sheet per table and one for the text, or a sheet per page",
            {"tables": _("One per table"), "pages": _("One per page, with its text")},
        ),
    )
    quality: Quality = field(
        default="original",
        metadata=_declared(
            _("Image size"),
            "page pictures unchanged, JPEG 80 at up to 200 dpi, or JPEG 60 at up to 150 dpi; "
            "black and white pictures lose nothing",
            {
                "original": _("Original, unchanged"),
                "good": _("Good: up to 200 dpi"),
                "small": _("Small: up to 150 dpi, for e-mail"),
            },
            _("For scans and photos. Pages of an uploaded PDF are never changed."),
        ),
    )
    merged: bool = field(
        default=False,
        metadata=_declared(
            _("Several documents"),
            "all documents of a job as one file; SRT and ALTO stay one file each",
            {"off": _("One file per document, as ZIP"), "on": _("All in one file")},
            _(
                "In a single Excel file, cards and receipts become one table with one row each. "
                "Subtitles and ALTO are always one file per document."
            ),
        ),
    )
    names: str = field(
        default=DEFAULT_NAME_PATTERN,
        metadata=_declared(
            _("File names"),
            "a pattern of `{name}` (the default), `{number}`, `{job}`, `{date}`, `{service}`, "
            "`{pages}` and `{folder}`",
            {},
        ),
    )

    @property
    def joins_paragraphs(self) -> bool:
        """Whether a paragraph that continues over the end of a page becomes one."""
        return self.lines == "paragraphs"


DEFAULT_OPTIONS = ExportOptions()


def declared_options() -> Iterator[Option]:
    """The options in the order in which they are shown."""
    for entry in fields(ExportOptions):
        yield Option(entry.name, **entry.metadata)


def read_options(words: Mapping[str, str]) -> ExportOptions:
    """The options from words, such as those of a URL or a command; unknown keys are ignored.

    Raises UnknownExportOption.
    """
    values: dict[str, Any] = {}
    for option in declared_options():
        word = words.get(option.key)
        if not word:
            continue
        if not option.choices:
            values[option.key] = checked_pattern(word)
        elif word in option.choices:
            values[option.key] = _SWITCH.get(word, word)
        else:
            known = ", ".join(option.choices)
            raise UnknownExportOption(option=option.key, value=word, known=known)
    return ExportOptions(**values)


def as_words(options: ExportOptions) -> dict[str, str]:
    """The options as words for :func:`read_options`, to be stored or sent."""
    switched = {True: "on", False: "off"}
    values = {entry.name: getattr(options, entry.name) for entry in fields(options)}
    return {
        name: switched[value] if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }
