"""Names of the sheets of a workbook, such as every program takes them."""

from __future__ import annotations

import re
from collections.abc import Callable

from ocrportal.exporters.markup import legal_in_xml

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def unique_sheet_names() -> Callable[[str], str]:
    """A function that makes a name of a text, each once: the next is ``name (2)``.

    Names that differ in case alone count as one.
    """
    given: set[str] = set()

    def unique(text: str) -> str:
        name = _FORBIDDEN.sub(" ", legal_in_xml(text)).strip(" '")
        number, fresh = 1, _cut(name, _LONGEST)
        while fresh.casefold() in given:
            number += 1
            ending = f" ({number})"
            fresh = _cut(name, _LONGEST - len(ending)) + ending
        given.add(fresh.casefold())
        return fresh

    return unique


def _cut(name: str, room: int) -> str:
    """The beginning of a name that fills at most so many units of UTF-16, as Excel counts."""
    cut = name.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore")
    return cut.rstrip(" '")
