"""Assigns lines to tables, fields, formulas and figures, and inserts these between the paragraphs.

Text in a table, a field, a formula or a figure is not repeated as running text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from ocrportal.geometry import Quad, Rect, RectIndex, quad_center, quad_contains
from ocrportal.layout.blocks import Block as PageBlock
from ocrportal.results import BACKDROP, CODE, FIGURE, FORMULA, Block, Line, PageResult, Table

_SEPARATORS = re.compile(r"[\s:：\-\u2010\u00ad]+")
_INSIDE = 0.8
"""A table or figure with more than this share of its area inside another is part of that one."""
_MAX_IN_CELL = 0.5
"""A figure in a table with a larger share of its area is a picture of that table."""
_WITH_PARTS = {FIGURE, "image"}
"""The kinds of figures that have parts; seals and backdrops are over and behind text."""
_MAX_ROW, _MAX_ROW_GAP = 3.0, 2.0
"""A picture that is lower than this, in the heights of a line at most so far before it, continues
the row of that line."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Indices in ``PageResult.lines``, by the table, formula, figure or field they belong to."""

    tables: list[Table]
    """The tables that are not part of another one."""
    in_tables: list[list[int]]
    """For each of them the lines whose text is in its cells."""
    formulas: list[Block]
    in_formulas: list[list[int]]
    figures: list[Block]
    """The figures that are not part of another one, nor pictures of a table."""
    in_figures: list[list[int]]
    overlays: list[Block]
    """Seals and backdrops, which are printed over and behind text, codes within figures and tables,
    and pictures in cells and behind labels. Text does not flow around them."""
    in_fields: list[int]
    running: list[int]
    """Lines of running text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the rectangle it fills, in upright pixels."""

    block: PageBlock
    rect: Rect


def assign_lines(upright: PageResult) -> Assignment:
    """Assign each line of an upright page to a table, field, formula or figure, or to the text."""
    tables = _outermost(upright.tables)
    contents = [normalize_for_match("".join(c.text for c in table.cells)) for table in tables]
    values = [normalize_for_match(entry.path[-1] + entry.value) for entry in upright.fields]
    formulas = [block for block in upright.blocks if _has_notation(block)]
    figures, overlays = _figures(upright, tables)
    assignment = Assignment(
        tables,
        [[] for _ in tables],
        formulas,
        [[] for _ in formulas],
        figures,
        [[] for _ in figures],
        overlays,
        [],
        [],
    )
    table_places = _Places(table.box for table in tables)
    field_places = _Places(entry.box for entry in upright.fields)
    area_places = _Places(area.box for area in (*formulas, *figures))
    in_areas = [*assignment.in_formulas, *assignment.in_figures]
    for index, line in enumerate(upright.lines):
        text = normalize_for_match(line.text)
        table = next((i for i in table_places.holding(line) if text in contents[i]), None)
        if table is not None:
            assignment.in_tables[table].append(index)
        elif any(text in values[i] for i in field_places.holding(line)):  # value, key or both
            assignment.in_fields.append(index)
        else:
            area = next(area_places.holding(line), None)
            (assignment.running if area is None else in_areas[area]).append(index)
    return assignment


def insert_blocks(flow: Sequence[Placed], inserts: Iterable[Placed]) -> list[PageBlock]:
    """The blocks of ``flow`` with ``inserts`` at their places, from top to bottom."""
    placed = list(flow)
    for insert in sorted(inserts, key=lambda entry: (entry.rect.top, entry.rect.left)):
        placed.insert(_position(placed, insert), insert)
    return [entry.block for entry in placed]


def normalize_for_match(text: str) -> str:
    """A text without spaces, colons and hyphens, for comparison."""
    return _SEPARATORS.sub("", text)


def holds(box: Quad, line: Line) -> bool:
    """Whether the center of a line is inside a box."""
    return quad_contains(box, quad_center(line.box))


class _Places:
    """The boxes of areas, of which some may be unknown, for a search by position."""

    def __init__(self, boxes: Iterable[Quad | None]) -> None:
        self._boxes = [(index, box) for index, box in enumerate(boxes) if box]
        self._rects = [Rect.around(box) for _, box in self._boxes]
        self._by_place = RectIndex(self._rects)

    def holding(self, line: Line) -> Iterator[int]:
        """The positions of the areas that the center of a line is in."""
        center = quad_center(line.box)
        for found in self._by_place.at(center):
            index, box = self._boxes[found]
            if quad_contains(box, center):
                yield index

    def surround(self, box: Quad | None, min_share: float = 0.0) -> bool:
        """Whether a box is part of a larger one: so much of it is inside that its center is.

        It has at least ``min_share`` of the area of the larger one.
        """
        if box is None:
            return False
        rect = Rect.around(box)
        for frame in (self._rects[found] for found in self._by_place.at(rect.center)):
            shared = rect.intersection(frame)
            if (
                min_share * frame.area <= rect.area < frame.area
                and shared
                and shared.area > _INSIDE * rect.area
            ):
                return True
        return False


def _outermost(tables: tuple[Table, ...]) -> list[Table]:
    """The tables that are not part of another: a form may contain the table that it frames."""
    places = _Places(table.box for table in tables)
    return [table for table in tables if not places.surround(table.box)]


def _has_notation(area: Block) -> bool:
    """Whether an area is a formula with its text, such as LaTeX, which is not a picture."""
    return area.kind == FORMULA and bool(area.text and area.box)


def _figures(upright: PageResult, tables: list[Table]) -> tuple[list[Block], list[Block]]:
    """The areas that are pictures, and the overlays.

    Pictures that are part of another one or show a table are left out, except seals, and codes,
    whose text would be lost.
    """
    pictures = [area for area in upright.blocks if area.is_picture]
    picture_places = _Places(picture.box for picture in pictures if picture.kind in _WITH_PARTS)
    table_places = _Places(table.box for table in tables)
    rows = _Rows(upright.lines if pictures else ())
    figures: list[Block] = []
    overlays: list[Block] = []
    for picture in pictures:
        is_in_picture = picture_places.surround(picture.box)
        is_in_table = table_places.surround(picture.box)
        if picture.kind == CODE:
            (overlays if is_in_picture or is_in_table else figures).append(picture)
        elif picture.kind == "seal":
            overlays.append(picture)
        elif is_in_picture:
            continue
        elif picture.kind == BACKDROP:
            overlays.append(picture)
        elif not is_in_table:
            (overlays if rows.precede(picture) else figures).append(picture)
        elif not table_places.surround(picture.box, _MAX_IN_CELL):
            overlays.append(picture)
    return figures, overlays


class _Rows:
    """The level lines of a page, by their right edges."""

    def __init__(self, lines: Iterable[Line]) -> None:
        # The height of a vertical line, such as the label of an axis, is not that of its type.
        rects = (rect for line in lines if _is_level(rect := Rect.around(line.box), line.text))
        self._rects = sorted(rects, key=attrgetter("right"))
        self._rights = [rect.right for rect in self._rects]
        self._reach = max((rect.height for rect in self._rects), default=0.0)

    def precede(self, picture: Block) -> bool:
        """Whether a picture continues a printed row, as a signature behind its label does."""
        assert picture.box is not None
        place = Rect.around(picture.box)
        if place.height > _MAX_ROW * self._reach:
            return False
        first = bisect_left(self._rights, place.left - _MAX_ROW_GAP * self._reach)
        last = bisect_left(self._rights, place.left + self._reach)
        for rect in self._rects[first:last]:
            height = rect.height
            if (
                place.height <= _MAX_ROW * height
                and place.top < rect.center_y < place.bottom
                and -height < place.left - rect.right < _MAX_ROW_GAP * height
            ):
                return True
        return False


def _is_level(rect: Rect, text: str) -> bool:
    return rect.width >= rect.height or len(text) == 1


def _position(flow: list[Placed], insert: Placed) -> int:
    """The position after the text whose row it continues, or the last block above it in its
    columns, or before the first one below."""
    middle, height = insert.rect.center_y, insert.rect.height
    for index, entry in enumerate(flow):
        gap = insert.rect.left - entry.rect.right
        if entry.rect.top < middle < entry.rect.bottom and 0 <= gap < height:
            return index + 1
    beside = [i for i, entry in enumerate(flow) if entry.rect.overlaps_in_x(insert.rect)]
    above = [index for index in beside if flow[index].rect.center_y <= middle]
    if above:
        return above[-1] + 1
    if beside:
        return beside[0]
    return next((i for i, entry in enumerate(flow) if entry.rect.top > middle), len(flow))
