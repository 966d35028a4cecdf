"""A page's recognised lines as people read them: ordered rows, joined into paragraphs.

    PageResult ── fragments.py ──▶ level rectangles
               ── reading_order.py ──▶ blocks of rows, in order
               ── paragraphs.py ──▶ rows that belong together
               ── spacing.py ──▶ their text, with blanks where they belong
               ── shape.py ──▶ how they are set
               ── roles.py ──▶ what they are

What goes on over the end of a page, or repeats from page to page, flow.py tells.

Every exporter and the result screen take their text from here, so that all of them say
the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest

from ocrportal.layout.fragments import fragments_of, frame_height
from ocrportal.layout.paragraphs import group_paragraphs
from ocrportal.layout.reading_order import Row, read_blocks
from ocrportal.layout.roles import FURNITURE, Kind, roles_of
from ocrportal.layout.typography import Shape, shape_of
from ocrportal.results import PageResult
from ocrportal.text import glue, join_lines, words_of

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
    kind: Kind = "body"
    level: int = 0
    """Of a heading: 1 is the highest of three; else 0."""
    shape: Shape = field(default_factory=Shape)

    @property
    def is_furniture(self) -> bool:
        """Whether it stands around the text of the page, not in it."""
        return self.kind in FURNITURE


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
    groups = group_paragraphs(read_blocks(fragments))
    edges = (
        (min(f.left for f in fragments), max(f.right for f in fragments)) if fragments else (0, 0)
    )
    shapes = [shape_of(group, edges) for group in groups]
    lines = [tuple(_line(row) for row in group.rows) for group in groups]
    texts = [join_lines((line.text for line in some), known_words) for some in lines]
    roles = roles_of(groups, shapes, texts, frame_height(result))
    return PageLayout(
        tuple(
            Paragraph(some, text, kind, level, shape)
            for some, text, (kind, level), shape in zip(lines, texts, roles, shapes, strict=True)
        )
    )


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
