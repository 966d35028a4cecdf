"""The types of blocks on a page: a closed set, which consumers match exhaustively.

Each block has ``lines``: the printed lines it covers. Every recognised line with text belongs
to one block of ``LaidOutPage.printed_blocks``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from ocrportal.geometry import Quad
from ocrportal.results import Cell, Field, Table, Type

Alignment = Literal["left", "centre", "right", "justified"]
Kind = Literal[
    "body",
    "heading",
    "list_item",
    "contents_entry",
    "caption",
    "footnote",
    "header",
    "footer",
    "page_number",
]
HEADER_FOOTER_KINDS: tuple[Kind, ...] = ("header", "footer", "page_number")
"""Paragraphs around the text of a page: running headers, footers and page numbers."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """``size`` and ``line_pitch`` are in pixels, indents and ``room`` in ems."""

    size: float = 0.0
    """Type size, which is one em: the width of a Han character. 0 if unknown."""
    line_pitch: float = 0.0
    """Distance between the middles of two lines; 0 for a single line."""
    alignment: Alignment = "left"
    left_indent: float = 0.0
    """Indent of the lines after the first, from the edge of the column."""
    first_line_indent: float = 0.0
    """Indent of the first line relative to ``left_indent``; negative for a hanging indent."""
    room: float = 0.0
    """Free space after the last line; ``inf`` if no other line shows the right margin."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line: recognised lines side by side."""

    pieces: tuple[str, ...]
    """The text of each recognised line, with the space after it where one belongs."""
    indices: tuple[int, ...]
    """The index of each in ``PageResult.lines``."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A part of a text whose characters have the same type."""

    text: str
    type: Type


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together: a paragraph, heading, list item, caption, footnote or header."""

    lines: tuple[TextLine, ...]
    """Empty for text whose position is unknown."""
    text: str
    """The lines joined: no space between Han characters, hyphenation undone.

    An entry of a list of contents has a tab instead of the leaders before its page number.
    """
    kind: Kind = "body"
    level: int = 0
    """Level of a heading, 1 (highest) to 3; 0 for other kinds."""
    style: TextStyle = field(default_factory=TextStyle)
    runs: tuple[TextRun, ...] = ()
    """``text`` divided where its type changes; empty if its type is not known."""
    next_page_at: int = 0
    """The position in ``text`` from which it is on the next page; 0 if all of it is on its page."""

    @property
    def is_header_or_footer(self) -> bool:
        """Whether it is a running header, a footer or a page number."""
        return self.kind in HEADER_FOOTER_KINDS


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; boxes are in pixels of the upright page."""

    table: Table
    lines: tuple[TextLine, ...] = ()
    """The printed lines whose text is in its cells, in reading order."""
    page_rows: tuple[int, ...] = ()
    """The row with which each further page begins, in a table that continues on next pages."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in the notation of the engine, such as LaTeX."""

    text: str
    lines: tuple[TextLine, ...] = ()
    """The recognised lines at its place."""
    box: Quad | None = None
    """Its place on the upright page, in pixels; None if unknown."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on the page, such as a photograph, a chart, a logo or a seal.

    Exports cut it out of the page image: :mod:`ocrportal.pictures`.
    """

    kind: str
    """The kind of its area in the result: ``figure``, ``image``, ``seal`` …"""
    box: Quad
    """Its place on the upright page, in pixels."""
    text: str = ""
    """The words in the picture, a line for each printed row; empty if none are known."""
    lines: tuple[TextLine, ...] = ()
    """The printed lines in the picture. They are neither paragraphs nor headings."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One label with its value."""

    label: str
    value: str
    """The value in display form; several values are separated by semicolons."""
    fields: tuple[Field, ...] = ()
    """The recognised fields with boxes and confidences; empty for an empty table cell."""

    @property
    def text(self) -> str:
        """The entry in one line, as “Label: value”."""
        value = " ".join(self.value.split())
        return _("%(label)s: %(value)s") % {"label": self.label, "value": value}


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Entries that belong together; the title of the outermost group is empty."""

    title: str
    entries: tuple[Entry, ...]
    lines: tuple[TextLine, ...] = ()

    def as_table(self) -> Table:
        """Two columns: labels and values."""
        cells = [
            Cell(text, row, column)
            for row, entry in enumerate(self.entries)
            for column, text in enumerate((entry.label, entry.value))
        ]
        return Table(rows=len(self.entries), columns=2, cells=tuple(cells))


@dataclass(frozen=True, slots=True)
class ItemTable:
    """A list whose items have the same fields, such as goods, journeys or persons."""

    title: str
    columns: tuple[str, ...]
    """Labels of the columns."""
    rows: tuple[tuple[Entry, ...], ...]
    """An entry for each column; its value is empty if an item lacks it."""
    lines: tuple[TextLine, ...] = ()

    def as_table(self) -> Table:
        """A row of labels, and a row for each item."""
        rows = [self.columns, *(tuple(entry.value for entry in row) for row in self.rows)]
        cells = [
            Cell(text, number, column)
            for number, row in enumerate(rows)
            for column, text in enumerate(row)
        ]
        return Table(rows=len(rows), columns=len(self.columns), cells=tuple(cells), head_rows=1)


Block = Paragraph | TableBlock | Formula | Figure | FieldGroup | ItemTable


def is_header_or_footer(block: Block) -> bool:
    """Whether a block is a running header, a footer or a page number."""
    return isinstance(block, Paragraph) and block.is_header_or_footer
