"""Continuation marks: what is printed above the part of a table that continues it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ocrportal.layout.blocks import Block, Paragraph, TableBlock, is_header_or_footer

MAX_MARKS = 2
"""Paragraphs between the top of a page and the part: a mark, and a unit below it."""
MAX_LENGTH = 80
"""Characters; a longer paragraph is text."""
_NUMBER = r"[\dA-Z一二三四五六七八九十]+([.\-–][\dA-Z]+)*"
_CONTINUED = r"(续表?|續表?|続き|continued|cont['’]?d?\.?)"
_MARK = re.compile(
    rf"[续續]\s*表.*|.*[(（\[]\s*{_CONTINUED}\s*[)）\]][.:：]?|"
    rf"(table|tab\.)\s*{_NUMBER}\s*[,.:–—-]?\s*{_CONTINUED}|continued( from .*)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(附?表|table|tab\.)\s*{_NUMBER}(?![\w.]).*", re.IGNORECASE)
_TABLE = re.compile(
    r"(?:表|table|tab\.)\s*((?-i:[A-Z]?\d+|[A-Z]|[IVXL]+)(?![^\W_])(?:[.\-–][\dA-Z]+)*"
    r"|[一二三四五六七八九十]+)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\d+|[a-z]+|[一二三四五六七八九十]+")


def marks_above_table(blocks: Sequence[Block], previous: Sequence[Block]) -> list[int]:
    """The places of paragraphs above the first table of a page that show that it is continued.

    Each is a mark such as "Table 1 (continued)", or repeats the numbered caption above the last
    table of ``previous``, the blocks of the page where the table starts. Empty if other text is
    above the table, such as the mark of a table with another number than that caption.
    """
    captions = _captions(previous)
    numbers = {number for caption in captions if (number := _number(caption))}
    repeated = set(map(_compact, captions))
    marks: list[int] = []
    for place, block in enumerate(blocks):
        if is_header_or_footer(block):
            continue
        if isinstance(block, TableBlock):
            return marks
        if (
            not isinstance(block, Paragraph)
            or len(marks) == MAX_MARKS
            or not (_is_mark(block.text, numbers) or _compact(block.text) in repeated)
        ):
            return []
        marks.append(place)
    return []


def _is_mark(text: str, numbers: set[tuple[str, ...]]) -> bool:
    """Whether a text is a mark; if it has a number, of a table with one of ``numbers``, if any."""
    if len(text) > MAX_LENGTH or not _MARK.fullmatch(text.strip()):
        return False
    number = _number(text)
    return not number or not numbers or number in numbers


def _number(text: str) -> tuple[str, ...]:
    """The parts of the number of a table that a text names; empty without one."""
    found = _TABLE.search(unicodedata.normalize("NFKC", text))
    return tuple(_PARTS.findall(found[1].casefold())) if found else ()


def _captions(blocks: Sequence[Block]) -> list[str]:
    """The numbered captions directly above the last table."""
    table = max((n for n, block in enumerate(blocks) if isinstance(block, TableBlock)), default=0)
    above = blocks[max(0, table - MAX_MARKS) : table]
    return [
        block.text
        for block in above
        if isinstance(block, Paragraph)
        and len(block.text) <= MAX_LENGTH
        and _NUMBERED.fullmatch(block.text.strip())
    ]


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
