"""Kinds of numbers in tables: amounts, codes and periods, such as years above amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_PERIOD = re.compile(r"(19|20)\d\d(年度?)?|\d{1,4}([-/.年])\d{1,2}([-/.月])\d{1,4}日?")
"""A year or a day."""


def kind_of_column(rows: Iterable[Sequence[str]], column: int) -> str | None:
    """The kind of most texts of a column; None if most are not numbers, or of several kinds."""
    kinds = [number_kind(row[column]) for row in rows if any(map(str.isalnum, row[column]))]
    kind, count = Counter(kinds).most_common(1)[0] if kinds else (None, 0)
    return kind if count * 2 > len(kinds) else None


def number_kind(text: str) -> str | None:
    """What kind of number a text is; None if less than half of it are digits.

    Columns of amounts may have years, days or quarters as their heads.
    """
    text = "".join(text.split())
    if _PERIOD.fullmatch(text):
        return "period"
    signs = [char for char in text if char.isalnum()]
    if not signs or sum(map(str.isdigit, signs)) * 2 < len(signs):
        return None
    return "code" if any(map(str.isalpha, signs)) else "amount"
