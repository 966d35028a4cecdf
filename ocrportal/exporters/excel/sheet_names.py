"""Names of the sheets of a workbook, such as every program takes them."""

from __future__ import annotations

import re
from collections.abc import Callable

from ocrportal.exporters.markup import legal_in_xml

_MAX_LENGTH = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def unique_sheet_names() -> Callable[..., str]:
    """A function that makes a name of a text, each once: the next is ``name (2)``.

    Its second argument is an ending that stays whole where a long name is cut. Names that
    differ in case alone count as one.
    """
    given: dict[str, int] = {}
    """The names, each with the number that was last put behind it."""

    def unique(text: str, ending: str = "") -> str:
        name, last = (_FORBIDDEN.sub(" ", legal_in_xml(part)) for part in (text, ending))
        first = fresh = _shortened(name, last)
        number = given.get(first.casefold(), 1)
        while fresh.casefold() in given:
            number += 1
            fresh = _shortened(name, f"{last} ({number})")
        given[first.casefold()] = number
        given.setdefault(fresh.casefold(), 1)
        return fresh

    return unique


def _shortened(name: str, ending: str) -> str:
    """A name with its ending that fills at most 31 units of UTF-16, as Excel counts."""
    room = 2 * _MAX_LENGTH - len(ending.encode("utf-16-le"))
    cut = name.strip(" '").encode("utf-16-le")[: max(room, 0)].decode("utf-16-le", errors="ignore")
    return (cut.rstrip(" '") + ending).strip(" '")
