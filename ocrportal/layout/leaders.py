"""Dot leaders: the dots that lead to a page number in a list of contents."""

from __future__ import annotations

import re

LEADERS = re.compile(
    r"\s*(?:…|[.．·⋯・]{3}|[.．·⋯・]\s[.．·⋯・]\s)[\s.．·⋯…・,]*(?P<page>\d{1,4}|[ivxl]{1,6})?$",
    re.IGNORECASE,
)
"""Dots that lead to a page number at the end of a line; the number may not be read."""


def ends_with_page(text: str) -> bool:
    """Whether a row ends with dots and the number that they lead to."""
    leaders = LEADERS.search(text)
    return bool(leaders and leaders["page"])
