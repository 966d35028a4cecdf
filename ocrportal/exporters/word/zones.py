"""The zones of a page: parts from top to bottom, each in one column or in several.

In Word each zone with columns is a section. Columns are found in the order of the blocks: a block
that is higher than the one before and to the right of it begins a column.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ocrportal.exporters.word.measures import SPARE, PageMeasures, headers_footers
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Block, Figure, Paragraph, TableBlock

_OVERLAP = 0.3
"""Boxes may overlap by this share of the height of the lower one."""
_WITHIN = 0.3
"""A box is in a column if this share of its width is, or of that of the column."""
_TOUCH = 3.0
"""Columns may overlap by this, in points, since boxes have margins."""


@dataclass(frozen=True, slots=True)
class Item:
    """A block, or those lines of a paragraph that are in one column."""

    block: int
    """Its index among the blocks of the page."""
    first_line: int
    line_count: int
    """0 for other blocks than paragraphs."""
    box: Rect


@dataclass(slots=True)
class Zone:
    """Columns from left to right, each with its items from top to bottom."""

    columns: list[list[Item]] = field(default_factory=lambda: [[]])

    @property
    def edges(self) -> list[tuple[float, float]]:
        """The left and the right edge of each column, in points."""
        return [
            (min(item.box.left for item in column), max(item.box.right for item in column))
            for column in self.columns
        ]

    def rooms(self, text: Rect) -> list[tuple[float, float]]:
        """The edges of its columns in Word, which together are as wide as the text of the page."""
        edges = self.edges
        rights = [
            min(right + SPARE, (right + following) / 2)
            for (_, right), (following, _) in pairwise(edges)
        ]
        lefts = [text.left, *(left for left, _ in edges[1:])]
        return list(zip(lefts, [*rights, text.right + SPARE], strict=True))


def floating_figures(blocks: Sequence[Block], measures: PageMeasures) -> set[int]:
    """The indices of figures beside text or over it, unless a column has room for them.

    They are at a place on the paper of their own: no text is above or below them only. All are on
    a page of vertical text, which a picture in a line would be turned with, and none on a page that
    runs over several ones.
    """
    if measures.is_long:
        return set()
    if measures.is_vertical:
        return {index for index, block in enumerate(blocks) if isinstance(block, Figure)}
    items = list(_items(blocks, measures))
    zones = _zones(item for item in items if not isinstance(blocks[item.block], Figure))
    texts = [item.box for zone in zones for column in zone.columns for item in column]
    texts += headers_footers(blocks, measures)
    return {
        item.block
        for item in items
        if isinstance(blocks[item.block], Figure)
        and any(_is_level(item.box, text) for text in texts)
        and not any(_has_room(zone, item.box) for zone in zones)
    }


def _has_room(zone: Zone, box: Rect) -> bool:
    """Whether a box is between the items of one of the columns of a zone."""
    boxes = [[item.box for item in column] for column in zone.columns]
    around = Rect.union([rect for column in boxes for rect in column])
    return around.top < box.center_y < around.bottom and any(
        _is_within(box, Rect.union(column)) and not any(_is_level(box, rect) for rect in column)
        for column in boxes
    )


def _is_within(box: Rect, column: Rect) -> bool:
    inside = min(box.right, column.right) - max(box.left, column.left)
    return inside > _WITHIN * min(box.width, column.width)


def _is_level(box: Rect, other: Rect) -> bool:
    """Whether two boxes are beside each other or overlap."""
    overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
    return overlap > _OVERLAP * min(box.height, other.height)


def zones_of(
    blocks: Sequence[Block], measures: PageMeasures, floating: Container[int] = ()
) -> list[Zone]:
    """The zones of the blocks with a position, without headers, footers and ``floating`` blocks."""
    return _zones(item for item in _items(blocks, measures) if item.block not in floating)


def _zones(items: Iterable[Item]) -> list[Zone]:
    zones: list[Zone] = []
    for item in items:
        zone = zones[-1] if zones else None
        if zone is None or not zone.columns[-1]:
            zones = [*zones[:-1], Zone([[item]])]
        elif _begins_column(zone, item):
            _begin_column(zones, item)
        elif len(zone.columns) > 1 and item.box.left < zone.edges[-2][1] - _TOUCH:
            zones.append(Zone([[item]]))
        else:
            zone.columns[-1].append(item)
    return zones


def _begins_column(zone: Zone, item: Item) -> bool:
    last = zone.columns[-1][-1].box
    is_higher = item.box.top < last.bottom - _OVERLAP * min(last.height, item.box.height)
    return is_higher and item.box.left > last.right - _TOUCH


def _begin_column(zones: list[Zone], item: Item) -> None:
    """Begin a column with an item, beside those items before it that are at its left."""
    zone = zones[-1]
    column = zone.columns[-1]
    start = len(column)
    while start and _is_beside(column[start - 1], item):
        start -= 1
    if start == 0:
        zone.columns.append([item])
        return
    if len(zone.columns) > 1 or start == len(column):  # neither beside nor below
        column.append(item)
        return
    zones[-1:] = [Zone([column[:start]]), Zone([column[start:], [item]])]


def _is_beside(item: Item, other: Item) -> bool:
    return (
        item.box.right < other.box.left + _TOUCH
        and item.box.bottom > other.box.top + _OVERLAP * min(item.box.height, other.box.height)
    )


def _items(blocks: Sequence[Block], measures: PageMeasures) -> Iterator[Item]:
    for index, block in enumerate(blocks):
        match block:
            case Figure():
                yield Item(index, 0, 0, measures.box(block.box))
            case TableBlock() if block.table.box:
                yield Item(index, 0, 0, measures.box(block.table.box))
            case Paragraph() if block.lines and not block.is_header_or_footer:
                yield from _parts(index, block, measures)


def _parts(index: int, paragraph: Paragraph, measures: PageMeasures) -> Iterable[Item]:
    """A paragraph, divided where its lines run on at the top of another column."""
    boxes = [measures.bounds([line]) for line in paragraph.lines]
    breaks = [
        number
        for number, (above, below) in enumerate(pairwise(boxes), 1)
        if below.bottom < above.top and below.left > above.right - _TOUCH
    ]
    for start, end in pairwise([0, *breaks, len(boxes)]):
        yield Item(index, start, end - start, Rect.union(boxes[start:end]))
