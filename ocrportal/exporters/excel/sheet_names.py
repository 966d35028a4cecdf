"""Unique sheet names that every spreadsheet program accepts."""

from __future__ import annotations

import re
from collections.abc import Callable

from ocrportal.markup import legal_in_xml

_MAX_LENGTH = 31
_RESERVED = "history"
"""A name that Excel keeps for itself."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def unique_sheet_names() -> Callable[..., str]:
    """A function that makes a unique name of a text: a repeated one becomes ``name (2)``.

    Its second argument is an ending that is kept when a long name is shortened. Names that
    differ in case only count as equal.
    """
    used = {_RESERVED: 1}
    """The names in lower case, each with the last number that was added to it."""

    def unique(text: str, ending: str = "") -> str:
        name, last = (_FORBIDDEN.sub(" ", legal_in_xml(part)) for part in (text, ending))
        first = result = _shortened(name, last)
        number = used.get(first.casefold(), 1)
        while result.casefold() in used:
            number += 1
            result = _shortened(name, f"{last} ({number})")
        used[first.casefold()] = number
        used.setdefault(result.casefold(), 1)
        return result

    return unique


def _shortened(name: str, ending: str) -> str:
    """A name with its ending in at most 31 UTF-16 code units, the limit of Excel."""
    room = 2 * _MAX_LENGTH - len(ending.encode("utf-16-le"))
    cut = name.strip(" '").encode("utf-16-le")[: max(room, 0)].decode("utf-16-le", errors="ignore")
    return (cut.rstrip(" '") + ending).strip(" '")
