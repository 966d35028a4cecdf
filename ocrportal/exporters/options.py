"""What one may choose when results become a file; no choice needs a new recognition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast, get_args

from ocrportal.errors import UnknownExportOption
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, checked_pattern

Lines = Literal["paragraphs", "printed", "page"]
WordLayout = Literal["flow", "fixed"]
Sheets = Literal["tables", "pages"]
Quality = Literal["original", "good", "small"]

_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a file is written; formats pass over what means nothing to them."""

    lines: Lines = "paragraphs"
    """A line for each paragraph, for each printed row, or one for all of a page."""
    furniture: bool = True
    """Keep running heads, footers and page numbers."""
    layout: WordLayout = "flow"
    """Word: text that flows, or each row in a frame where it was printed."""
    picture: bool = False
    """Word: the picture of each page before its text."""
    sheets: Sheets = "tables"
    """Excel: a sheet for each table and one for the text, or all of a page on its sheet."""
    quality: Quality = "original"
    """PDF made of page pictures: how much of them is kept."""
    merged: bool = False
    """Of a job: all its documents as one file."""
    names: str = DEFAULT_NAME_PATTERN
    """Of files: the pattern that name_pattern.py fills in."""


DEFAULT_OPTIONS = ExportOptions()


def read_options(said: Mapping[str, str]) -> ExportOptions:
    """The options as words, such as an address or a command has them; others are ignored.

    Raises UnknownExportOption.
    """
    return ExportOptions(
        lines=cast("Lines", _choice(said, "lines", get_args(Lines), "paragraphs")),
        furniture=_SWITCH[_choice(said, "furniture", tuple(_SWITCH), "on")],
        layout=cast("WordLayout", _choice(said, "layout", get_args(WordLayout), "flow")),
        picture=_SWITCH[_choice(said, "picture", tuple(_SWITCH), "off")],
        sheets=cast("Sheets", _choice(said, "sheets", get_args(Sheets), "tables")),
        quality=cast("Quality", _choice(said, "quality", get_args(Quality), "original")),
        merged=_SWITCH[_choice(said, "merged", tuple(_SWITCH), "off")],
        names=checked_pattern(said.get("names") or DEFAULT_NAME_PATTERN),
    )


def as_words(options: ExportOptions) -> dict[str, str]:
    """The options as :func:`read_options` reads them, to be kept or sent."""
    values = {field.name: getattr(options, field.name) for field in fields(options)}
    switched = {True: "on", False: "off"}
    return {
        name: switched[value] if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def _choice(said: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = said.get(name) or default
    if value not in known:
        raise UnknownExportOption(option=name, value=value, known=", ".join(known))
    return value
