"""Head rows of a table: words, or periods, above columns of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrportal.results import Table

_MAX_HEAD = 3
_MIN_NUMBERS = 0.5
"""Share of the texts of a column that are numbers, at least, in a column of numbers."""
_NUMBER = re.compile(r"[\s\d.,，()（）%‰+\-−–—*$¥￥€£]*\d[\s\d.,，()（）%‰+\-−–—*$¥￥€£]*")
_PERIOD = re.compile(r"(19|20)\d\d([年/.\-]\d{1,2}){0,2}(年度?|月|日)?")
_NOTHING = re.compile(r"[-−–—*/.…]*")
"""What tables print in place of a number."""


def head_rows(table: Table) -> int:
    """The number of head rows at the top of a table; 0 if the table does not show them.

    A head has words or periods above columns of numbers. A title over all columns is part of it.
    """
    texts = table.texts()
    spanning = {c.row for c in table.cells if not c.column and c.column_span == table.columns}
    count = 0
    for number, row in enumerate(texts[: _MAX_HEAD + 1]):
        if number in spanning:
            continue  # it belongs to the head if another head row follows
        if not _is_head(row, texts[number + 1 :]):
            break
        count = number + 1
    count = max((cell.row + cell.row_span for cell in table.cells if cell.row < count), default=0)
    return count if count < table.rows else 0


def _is_head(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether most texts of a row above numbers are not numbers of the same kind."""
    heads = data = 0
    for column, text in enumerate(row):
        kind = _kind_of_column([other[column] for other in below])
        if kind and text:
            same = _kind(text) == kind
            data += same
            heads += not same
    return heads > data


def _kind_of_column(texts: Sequence[str]) -> str:
    kinds = [_kind(text) for text in texts if not _NOTHING.fullmatch(text)]
    for kind in ("number", "period"):
        if kinds.count(kind) > _MIN_NUMBERS * len(kinds):
            return kind
    return ""


def _kind(text: str) -> str:
    plain = "".join(text.split())
    if _PERIOD.fullmatch(plain):
        return "period"
    return "number" if _NUMBER.fullmatch(plain) else ""
