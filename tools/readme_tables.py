"""Write the tables of formats and options of the README from their declarations: ``make docs``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")

import django
from django.utils import translation

from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import declared_options

PAGE = Path(__file__).parent.parent / "README.md"
REQUIRES = {"times": "videos", "answers": "jobs of a cloud engine", "": "any document"}


def formats_table() -> Iterator[str]:
    """A row for each format: its key, name, extension, options, and the sources it needs."""
    yield "| Format | File | Extension | Options | For |"
    yield "|---|---|---|---|---|"
    for entry in FORMATS.values():
        options = ", ".join(f"`{key}`" for key in sorted(entry.options))
        yield (
            f"| `{entry.key}` | {entry.label} | `{entry.extension}` | {options} "
            f"| {REQUIRES[entry.requires]} |"
        )


def options_table() -> Iterator[str]:
    """A row for each option: its key, its choices with the default first, and its meaning."""
    yield "| Option | Choices (the default first) | Meaning | Formats |"
    yield "|---|---|---|---|"
    for option in declared_options():
        honoured = [entry.key for entry in FORMATS.values() if option.key in entry.options]
        choices = ", ".join(f"`{word}`" for word in option.choices) or "a pattern"
        formats = ", ".join(f"`{key}`" for key in honoured) or "all"
        yield f"| `{option.key}` | {choices} | {option.summary} | {formats} |"


def readme_with_tables(text: str) -> str:
    """The README with both tables made again."""
    return _replaced(_replaced(text, "formats", formats_table()), "options", options_table())


def _replaced(text: str, name: str, rows: Iterator[str]) -> str:
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, _mark, rest = text.partition(begin)
    _old, _mark, after = rest.partition(end)
    return before + begin + "".join(f"{row}\n" for row in rows) + end + after


if __name__ == "__main__":
    django.setup()
    with translation.override("en"):
        PAGE.write_text(readme_with_tables(PAGE.read_text("utf-8")), "utf-8")
