"""A page's recognised lines as people read them: ordered rows, joined into paragraphs.

    PageResult ── fragments.py ──▶ level rectangles
               ── reading_order.py ──▶ blocks of rows, in order
               ── paragraphs.py ──▶ rows that belong together
               ── spacing.py ──▶ their text, with blanks where they belong

Every exporter and the result screen take their text from here, so that all of them say
the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from ocrportal.exporters.fragments import fragments_of
from ocrportal.exporters.paragraphs import group_paragraphs
from ocrportal.exporters.reading_order import Row, read_blocks
from ocrportal.exporters.spacing import glue, join_lines, words_of
from ocrportal.results import PageResult

_VISIBLE_GAP = 0.8
"""A gap this wide, in line heights, stays a blank, between Han characters too."""


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """One printed row."""

    pieces: tuple[str, ...]
    """The text of each fragment, with the blank behind it where one belongs."""
    indices: tuple[int, ...]
    """The place of each fragment in ``PageResult.lines``."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows that belong together; a heading, a list item or a table's row is one as well."""

    lines: tuple[LayoutLine, ...]
    text: str
    """The rows joined: no blank between Han characters, hyphenation undone."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The text of one page in the order of reading."""

    paragraphs: tuple[Paragraph, ...]

    def text(self, *, join_lines: bool) -> str:
        """The page's text: a line per paragraph, or else a line per printed row."""
        if join_lines:
            return "\n".join(paragraph.text for paragraph in self.paragraphs)
        return "\n".join(line.text for part in self.paragraphs for line in part.lines)


def lay_out(result: PageResult) -> PageLayout:
    """Order the lines of a page as people read them; lines without text are left out."""
    fragments = fragments_of(result)
    known_words = words_of(fragment.text for fragment in fragments)
    paragraphs = []
    for rows in group_paragraphs(read_blocks(fragments)):
        lines = tuple(_line(row) for row in rows)
        paragraphs.append(
            Paragraph(lines=lines, text=join_lines((line.text for line in lines), known_words))
        )
    return PageLayout(tuple(paragraphs))


def _line(row: Row) -> LayoutLine:
    pieces = []
    for fragment, following in zip_longest(row, row[1:]):
        if following is None:
            blank = ""
        elif following.left - fragment.right > _VISIBLE_GAP * following.height:
            blank = " "
        else:
            blank = glue(fragment.text, following.text)
        pieces.append(fragment.text + blank)
    return LayoutLine(pieces=tuple(pieces), indices=tuple(fragment.index for fragment in row))
