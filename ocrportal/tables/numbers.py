"""Numbers in tables: amounts, shares, dates and codes, which never wrap to a second line."""

from __future__ import annotations

import re

MIN_DIGITS = 0.5
"""Share of the characters that are digits, at least, without spaces and signs."""
_IGNORED = re.compile(r"[\s,.，．:()（）%‰/+\-−–—±*$¥￥€£~～年月日]")
_NOTHING = re.compile(r"[-−–—‒―一.…·*]{1,4}|n/?a|nil|无", re.IGNORECASE)
"""What tables print in place of a number; a dash may be read as the numeral 一."""


def is_number(text: str) -> bool:
    """Whether a cell's text is a number, a date or a code, or marks a missing number."""
    if _NOTHING.fullmatch(text.strip()):
        return True
    rest = _IGNORED.sub("", text)
    return bool(rest) and sum(char.isdigit() for char in rest) >= MIN_DIGITS * len(rest)
