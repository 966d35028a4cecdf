"""The text of a cell: wrapped lines joined, separate entries in lines of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocrportal.text import ems_of, join_lines

MIN_FREE = 1.0
"""Ems that would remain free behind the first word of an entry in the line above it: widths of
words are estimated, and the boxes of lines are not exact."""
_FIRST_WORD = re.compile(
    r"[(\[{（「『【《〈“‘]*(?:[^\W\u2e80-\uffef]\S*?(?=[\s\u2e80-\uffef]|$)|\S)[!-/:-@、。，．：；？！）」』】》〉”’]*"
)
_ITEM = re.compile(
    r"[•·●○■□◆▪▶➢✓☐☑☒①-⑳]|[(（]?(\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）、]"
)


def cell_text(lines: Sequence[str], lengths: Sequence[float], room: float) -> str:
    """The lines of a cell as its text, with a line end where the print has one on purpose.

    A line ends on purpose if the first word of the next one would have fitted in it, or if the
    next one begins like an item of a list. ``lengths`` are those of the lines, ``room`` is the
    width that the cell has for a line, both in the same unit.
    """
    entries = [[lines[0]]] if lines else []
    for (line, following), length in zip(pairwise(lines), lengths, strict=False):
        em = length / (ems_of(line) or 1.0)
        needed = ems_of(first_word(following)) + MIN_FREE
        if _ITEM.match(following) or length + em * needed <= room:
            entries.append([following])
        else:
            entries[-1].append(following)
    return "\n".join(map(join_lines, entries))


def first_word(text: str) -> str:
    """What a line break keeps together at the start of a text."""
    word = _FIRST_WORD.match(text.lstrip())
    return word.group() if word else text
