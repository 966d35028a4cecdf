"""Patterns for file names, such as ``{job} {number} {name}``.

    {name}      the name of the source without its extension
    {number}    the position of the document in its job, zero-padded: 007
    {job}       the name of the job
    {date}      the day on which the job was submitted: 2026-11-25
    {service}   the key of the service: general-text
    {pages}     the number of pages of the source
    {folder}    the folders of the source in its archive: 2026_May

Other names in braces are rejected; empty braces are kept. Files keep the folders of their sources,
unless the pattern contains {folder}. A file of a whole job has the name of the job if the pattern
contains {number} or {folder}, which only its documents have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ocrportal.errors.export import UnknownExportOption

DEFAULT_NAME_PATTERN = "{name}"
MAX_PATTERN = 200
"""Characters of the longest pattern."""
PLACEHOLDERS = ("name", "number", "job", "date", "service", "pages", "folder")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """The values of the placeholders for one document."""

    name: str
    number: int
    """From 1."""
    of: int
    """Number of documents of the job."""
    job: str
    day: date
    service: str
    pages: int
    folder: str = ""


def has_folder(pattern: str) -> bool:
    """Whether the names of a pattern contain the folders of the sources."""
    return "{folder}" in pattern


def names_documents(pattern: str) -> bool:
    """Whether a pattern is for the documents of a job, and not for the job as a whole."""
    return has_folder(pattern) or "{number}" in pattern


def checked_pattern(pattern: str) -> str:
    """Return the pattern unchanged if it is valid.

    Raises UnknownExportOption if it has an unknown placeholder, is too long, or contains a NUL,
    which databases reject.
    """
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if len(pattern) > MAX_PATTERN or "\0" in pattern:
        shown = pattern[:40].replace("\0", "")
        raise UnknownExportOption(option="names", value=shown, known=known)
    for found in _PLACEHOLDER.finditer(pattern):
        if found[1] not in PLACEHOLDERS:
            raise UnknownExportOption(option="names", value=found[0], known=known)
    return pattern


def filled(pattern: str, facts: NameFacts) -> str:
    """The name for a pattern from :func:`checked_pattern`; it is not a safe file name yet."""
    values = {
        "name": facts.name,
        "number": f"{facts.number:0{len(str(facts.of))}}",
        "job": facts.job,
        "date": facts.day.isoformat(),
        "service": facts.service,
        "pages": str(facts.pages),
        "folder": facts.folder,
    }
    return _PLACEHOLDER.sub(lambda found: values[found[1]], pattern)
