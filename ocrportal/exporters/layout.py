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
from itertools import pairwise

from ocrportal.exporters.fragments import fragments_of
from ocrportal.exporters.paragraphs import group_paragraphs
from ocrportal.exporters.reading_order import Row, read_blocks
from ocrportal.exporters.spacing import glue, join_lines, words_of
from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """One printed row."""

    text: str
    indices: tuple[int, ...]
    """The places in ``PageResult.lines`` of the fragments it was joined from, in order."""


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
    text = row[0].text
    for before, after in pairwise(row):
        # A gap that the eye sees stays a blank, between Han characters too.
        apart = after.left - before.right > 0.8 * after.height
        text += (" " if apart else glue(text, after.text)) + after.text
    return LayoutLine(text=text, indices=tuple(fragment.index for fragment in row))
