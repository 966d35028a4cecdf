"""Dot leaders: the dots that lead to a page number in a list of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAGE = re.compile(r"(?<![^\W_])(\d{1,4}|[ivxl]{1,6})$", re.IGNORECASE)
_DOTS = ".．·⋯…・"
_BETWEEN = ", \t\u3000\xa0"
"""Characters among the dots: spaces, and dots that were read as commas."""
_BEGIN = re.compile(rf"[⋯…]|[{_DOTS}]{{3}}|(?:[{_DOTS}]\s){{2}}")


@dataclass(frozen=True, slots=True)
class Leaders:
    """A line with dots at its end."""

    title: str
    """The text before the dots."""
    dots: int
    """The number of dots; an ellipsis has three."""
    page: str
    """The page number after the dots; empty if it was not read."""


def leaders_of(text: str) -> Leaders | None:
    """The dots at the end of a line and what is around them; None without three of them."""
    page = _PAGE.search(text)
    rest = text[: page.start()] if page else text
    title = rest.rstrip(_DOTS + _BETWEEN)
    begin = _BEGIN.search(rest, len(title))
    if begin is None:
        return None
    title = rest[: begin.start()].rstrip()
    dots = sum(3 if char in "⋯…" else char in _DOTS for char in rest[begin.start() :])
    return Leaders(title, dots, page[0] if page else "")


def ends_with_page(text: str) -> bool:
    """Whether a row ends with dots and the number that they lead to."""
    leaders = leaders_of(text)
    return bool(leaders and leaders.page)
