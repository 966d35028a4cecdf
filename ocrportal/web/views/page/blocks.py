"""The blocks of a page as the page screen shows them: numbered outlines with their kinds.

The same number marks the outline on the image and the block's text beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocrportal.geometry import Quad, Rect, turn_quad
from ocrportal.layout.blocks import (
    Block,
    Entry,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage

LABELS: dict[str, str | Promise] = {
    "body": _("Paragraph"),
    "heading": _("Heading"),
    "list_item": _("List item"),
    "contents_entry": _("Entry of the contents"),
    "caption": _("Caption"),
    "footnote": _("Footnote"),
    "header": _("Header"),
    "footer": _("Footer"),
    "page_number": _("Page number"),
    "table": _("Table"),
    "items": _("List of items"),
    "fields": _("Fields"),
    "formula": _("Formula"),
    "figure": _("Figure"),
    "image": _("Figure"),
    "backdrop": _("Figure"),
    "seal": _("Seal"),
    "code": _("Barcode"),
}
"""The names of the kinds of blocks. A kind without one is shown by its own name."""


@dataclass(frozen=True, slots=True)
class BlockTag:
    """What names a block, on the image and beside its text."""

    number: int
    """Its position in the reading order, from 1."""
    kind: str
    """A key of :data:`LABELS`, or the name of a kind that has no label."""
    label: str


@dataclass(frozen=True, slots=True)
class BlockOutline:
    """The rectangle of a block on the upright image, in whole pixels."""

    tag: BlockTag
    left: int
    top: int
    width: int
    height: int


def tag_of(number: int, block: Block) -> BlockTag:
    """The name of the block at this position of the reading order, in the active language."""
    kind = _kind_of(block)
    label = str(LABELS.get(kind, kind.replace("_", " ")))
    if isinstance(block, Paragraph) and block.level:
        label = gettext("%(kind)s %(level)d") % {"kind": label, "level": block.level}
    return BlockTag(number, kind, label)


def block_outlines(page: LaidOutPage) -> tuple[BlockOutline, ...]:
    """The outlines of the blocks of a page; a block without a position has none."""
    outlines = []
    for number, block in enumerate(page.blocks, start=1):
        quads = list(_quads(page, block))
        if quads:
            rect = Rect.around_quads(quads)
            outlines.append(
                BlockOutline(
                    tag_of(number, block),
                    round(rect.left),
                    round(rect.top),
                    round(rect.width),
                    round(rect.height),
                )
            )
    return tuple(outlines)


def _kind_of(block: Block) -> str:
    match block:
        case TableBlock():
            return "table"
        case ItemTable():
            return "items"
        case FieldGroup():
            return "fields"
        case Formula():
            return "formula"
        case _:
            return block.kind


def _quads(page: LaidOutPage, block: Block) -> Iterator[Quad]:
    """The boxes of the contents of a block, in pixels of the upright image."""
    yield from (page.result.lines[i].box for line in block.lines for i in line.indices)
    match block:
        case TableBlock(table=table) if table.box:
            yield table.box
        case Figure(box=box) | Formula(box=box) if box:
            yield box
        case FieldGroup(entries=entries):
            yield from _places(page, *entries)
        case ItemTable(rows=rows):
            yield from _places(page, *(entry for row in rows for entry in row))


def _places(page: LaidOutPage, *entries: Entry) -> Iterator[Quad]:
    """The boxes of fields, which a laid-out page has in pixels of the stored image."""
    stored = page.source.result
    for entry in entries:
        for found in entry.fields:
            if found.box:
                yield turn_quad(found.box, stored.rotation, stored.width, stored.height)
