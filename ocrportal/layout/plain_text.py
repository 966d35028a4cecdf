"""The text of blocks and pages, line by line, for plain text, screens and the API."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ocrportal import results
from ocrportal.layout.blocks import (
    Block,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage


def page_text(page: LaidOutPage, *, keep_lines: bool = False) -> str:
    """The text of all blocks: a line per paragraph or, with ``keep_lines``, per printed line."""
    lines = printed_lines if keep_lines else text_lines
    return "\n".join(line for block in page.blocks for line in lines(block))


def text_lines(block: Block) -> Iterator[str]:
    """The text of a block: a line per paragraph, field and table row, cells separated by tabs.

    The words in a figure are lines of their own. A formula of which there is a picture only is one
    line with the characters that were read in it.
    """
    match block:
        case Paragraph() | Formula():
            yield block.text
        case Figure(kind=results.FORMULA):
            text = in_one_line(block.text) or results.UNREAD_CHARACTER
            yield _("[Formula: %(text)s]") % {"text": text}
        case Figure():
            yield from block.text.splitlines()
        case TableBlock():
            yield from ("\t".join(map(in_one_line, row)) for row in block.table.texts())
        case FieldGroup():
            if block.title:
                yield block.title
            yield from (entry.text for entry in block.entries)
        case ItemTable():
            if block.title:
                yield block.title
            yield "\t".join(block.columns)
            for row in block.rows:
                yield "\t".join(in_one_line(entry.value) for entry in row)


def printed_lines(block: Block) -> Iterator[str]:
    """The text of a block with the line breaks of the print in its paragraphs."""
    if isinstance(block, Paragraph) and block.lines:
        return (line.text for line in block.lines)
    return text_lines(block)


def in_one_line(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())
