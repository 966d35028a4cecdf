"""Columns of rows with their measures, and the paragraphs found in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ocrportal.layout.fragments import Row, Rows, row_height, typical_pitch
from ocrportal.layout.list_markers import list_marker

SENTENCE_END = tuple("。！？!?.…：:；;”」』")
_PAUSE = (*SENTENCE_END, "，", ",", "、")
INDENT = 0.6
"""Left edges that differ by more than this, in line heights, show an indent."""
_MIN_FRAME = 12.0
"""Width of the narrowest row, in line heights, that can have a right margin of its own within
its column, as framed text has. Verses and addresses are narrower."""
_MIN_ENTRIES = 3
"""Rows of the shortest column that can be recognised as a list of entries."""
_MAX_RUNNING = 0.2
"""Share of the rows of a list of entries, at most, that look like running text."""
_MAX_ENTRY = 14.0
"""Entries that are wider than this, in line heights, are hardly all of the same width."""
_SAME_SIZE = 1.3
"""Larger rows are headings: they are not counted."""
_BREAK = re.compile(r"[，,。；;！!？?]|、(?!$)")
_MAX_VERSE = 20.0
"""Verse is narrower than this, in line heights, and nearly all its lines end in a pause."""


class Column:
    """A block of rows with the edges, type height and line pitch of its column, in pixels."""

    def __init__(self, rows: Rows) -> None:
        rights = sorted(row[-1].rect.right for row in rows)
        pitch = typical_pitch(rows)
        self.rows = rows
        self.left = min(row[0].rect.left for row in rows)
        # A single longer row, such as a page header, does not widen the column.
        self.right = rights[-2] if len(rights) > 3 else rights[-1]
        self.height = median(row_height(row) for row in rows)
        self.pitch = self.height if pitch is None else min(pitch, 2 * self.height)
        paused = sum(row[-1].text.endswith(_PAUSE) for row in rows)
        self.is_verse = (
            len(rows) >= 3
            and paused >= 0.7 * len(rows)
            and self.right - self.left < _MAX_VERSE * self.height
        )
        self.has_entries = self._has_entries()
        """Whether each row is an entry of its own, as on a slide or in a register."""
        self.numbered = self._numbered_rows()
        """The rows of numbered items: their numbers follow each other, at the same edge."""
        self.uses_indents = self._indented_rows() >= 2
        """Whether paragraphs begin with an indent."""

    def right_margin(self, row: Row) -> float:
        """The right margin of a row: the column's edge, or that of a frame within it.

        Rows in a frame, or beside a picture, end alike: two rows are enough if they follow
        each other, three if they begin alike.
        """
        start, end, indent = row[-1].rect.left, row[-1].rect.right, INDENT * self.height
        if end - start < _MIN_FRAME * self.height:
            return self.right
        position = self.rows.index(row)
        neighbours = self.rows[max(position - 1, 0) : position + 2]
        begin_alike = [other for other in self.rows if abs(other[-1].rect.left - start) < indent]
        for rows, enough in ((neighbours, 2), (begin_alike, 3)):
            if sum(abs(other[-1].rect.right - end) < indent for other in rows) >= enough:
                return end
        return self.right

    def _has_entries(self) -> bool:
        """Whether hardly any row looks as if a sentence were running through it.

        Rows of equal length show no margin, so the text has to show it: in running text most
        rows begin within a sentence or have a pause in them.
        """
        rows = [row for row in self.rows if row_height(row) < _SAME_SIZE * self.height]
        if len(rows) < _MIN_ENTRIES:
            return False
        full = sum(abs(self.right - row[-1].rect.right) < self.height for row in rows)
        if self.right - self.left > _MAX_ENTRY * self.height and full >= len(rows) / 2:
            return False
        running = sum(map(_is_within_sentence, rows[1:]))
        return running < _MAX_RUNNING * (len(rows) - 1)

    def _numbered_rows(self) -> frozenset[Row]:
        found: set[Row] = set()
        last: dict[tuple[str, str, str], tuple[int, Row]] = {}
        for row in self.rows:
            marker = list_marker(row[0].text)
            if marker is None or not marker.number:
                continue
            style = marker.style, marker.before, marker.after
            number, before = last.get(style, (0, row))
            aligned = abs(row[0].rect.left - before[0].rect.left) < INDENT * self.height
            if before is not row and marker.number == number + 1 and aligned:
                found.update((before, row))
            last[style] = marker.number, row
        return frozenset(found)

    def _indented_rows(self) -> int:
        """The number of indented rows that are followed by one at the column's left edge."""
        return sum(
            1.2 * self.height < above[0].rect.left - below[0].rect.left < 4 * self.height
            and below[0].rect.left - self.left < INDENT * self.height
            for above, below in pairwise(self.rows)
        )


@dataclass(slots=True)
class RowGroup:
    """The rows of a paragraph, and the columns in which it begins and ends."""

    column: Column
    end_column: Column
    rows: Rows = field(default_factory=list)

    @property
    def room(self) -> float:
        """The free space after its last row, in pixels."""
        return self.end_column.right_margin(self.rows[-1]) - self.rows[-1][-1].rect.right


def _is_within_sentence(row: Row) -> bool:
    """Whether a row begins within a sentence or, without lower-case letters, has a pause."""
    text = row[0].text
    if marker := list_marker(text):
        text = text[marker.length :]
    first = next((char for char in text if char.isalnum()), "")
    if first.islower():
        return True
    whole = text + "".join(fragment.text for fragment in row[1:])
    return not any(map(str.islower, whole)) and bool(_BREAK.search(whole))
