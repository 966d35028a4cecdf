"""Names of files by a pattern, such as ``{job} {number} {name}``.

    {name}      the source's name without its ending
    {number}    the document's place in its job, with zeros so that names sort: 007
    {job}       the job's name
    {date}      the day on which the job was handed in: 2026-11-25
    {service}   the key of the service that was asked: general-text
    {pages}     how many pages the source has

Braces around anything else are refused; those that enclose nothing stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ocrportal.errors.export import UnknownExportOption

DEFAULT_NAME_PATTERN = "{name}"
MAX_PATTERN = 200
"""Characters that a form takes."""
PLACEHOLDERS = ("name", "number", "job", "date", "service", "pages")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a pattern may say of a document."""

    name: str
    number: int
    """From 1."""
    of: int
    """How many documents the job has."""
    job: str
    day: date
    service: str
    pages: int


def checked_pattern(pattern: str) -> str:
    """The pattern itself.

    Raises UnknownExportOption if it has an unknown placeholder, is too long or has a NUL, which
    no database keeps.
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
    """The name, not yet safe for any file system; the pattern has to be a checked one."""
    values = {
        "name": facts.name,
        "number": f"{facts.number:0{len(str(facts.of))}}",
        "job": facts.job,
        "date": facts.day.isoformat(),
        "service": facts.service,
        "pages": str(facts.pages),
    }
    return _PLACEHOLDER.sub(lambda found: values[found[1]], pattern)
