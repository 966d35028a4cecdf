"""All that stands on a page, in the order in which it is written down.

Fields come first, then the running text with the tables at their places. Text that stands
in a table or a field is not repeated as running text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ocrportal.catalogue.spec import Service
from ocrportal.geometry import Quad
from ocrportal.layout.fields import FieldGroup, ItemTable, group_fields
from ocrportal.layout.page import Paragraph, lay_out
from ocrportal.results import Line, PageResult, Table

Part = Paragraph | Table | FieldGroup | ItemTable

_SEPARATORS = re.compile(r"[\s:：\-\u2010\u00ad]+")
_INSIDE = 0.8
"""Share of its area with which a table lies inside another, which then shows it already."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part and the upright rectangle it fills, in upright pixels."""

    part: Paragraph | Table
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def is_beside(self, other: _Placed) -> bool:
        """Whether a plumb line meets both."""
        return self.left < other.right and other.left < self.right


def contents_of(result: PageResult, service: Service | None) -> list[Part]:
    """The parts of a page; ``service`` is the one that read it, for the fields' labels.

    Boxes are those of the upright page; indices of lines are places in ``result.lines``.
    """
    upright = result.upright()
    tables = outermost(upright.tables)
    formulas = [block for block in upright.blocks if block.kind == "formula" and block.box]
    running = tuple(
        index
        for index, line in enumerate(upright.lines)
        if not any(shows(table, line) for table in tables)
        and not _in_a_field(upright, line)
        and not any(block.box and holds(block.box, line) for block in formulas)
    )
    inserts: list[tuple[Paragraph | Table, Quad]] = [(t, t.box) for t in tables if t.box]
    inserts += [(Paragraph((), block.text), block.box) for block in formulas if block.box]
    return [
        *group_fields(result.fields, service),
        *in_order(upright, running, inserts),
        *_unplaced(upright, tables),
    ]


def in_order(
    upright: PageResult,
    running: tuple[int, ...],
    inserts: list[tuple[Paragraph | Table, Quad]],
) -> list[Paragraph | Table]:
    """The paragraphs of the lines with these indices, with the inserts at their places."""
    flow = _placed_paragraphs(upright, running)
    placed = [_placed(part, box) for part, box in inserts]
    for insert in sorted(placed, key=lambda entry: (entry.top, entry.left)):
        flow.insert(_place_in(flow, insert), insert)
    return [entry.part for entry in flow]


def normalize_for_match(text: str) -> str:
    """A text without blanks, colons and hyphens, to find it again however it was set."""
    return _SEPARATORS.sub("", text)


def outermost(tables: tuple[Table, ...]) -> list[Table]:
    """The tables that are not part of another: a form may hold the table that it frames."""
    return [
        table
        for table in tables
        if not any(other is not table and _is_inside(table, other) for other in tables)
    ]


def _is_inside(table: Table, other: Table) -> bool:
    if table.box is None or other.box is None:
        return False
    a, b = _placed(table, table.box), _placed(other, other.box)
    area = (a.right - a.left) * (a.bottom - a.top)
    if area >= (b.right - b.left) * (b.bottom - b.top):
        return False
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return min(width, height) > 0 and width * height > _INSIDE * area


def shows(table: Table, line: Line) -> bool:
    """Whether a line stands in the table, and its text in the cells."""
    if table.box is None or not holds(table.box, line):
        return False
    return normalize_for_match(line.text) in normalize_for_match(
        "".join(cell.text for cell in table.cells)
    )


def _in_a_field(result: PageResult, line: Line) -> bool:
    """Whether a line is a field's value, its key, or both."""
    text = normalize_for_match(line.text)
    return any(
        entry.box is not None
        and holds(entry.box, line)
        and text in normalize_for_match(entry.path[-1] + entry.value)
        for entry in result.fields
    )


def holds(box: Quad, line: Line) -> bool:
    """Whether the middle of a line lies within a box, whose corners go round in order."""
    x = sum(point[0] for point in line.box) / 4
    y = sum(point[1] for point in line.box) / 4
    across, down = [point[0] for point in box], [point[1] for point in box]
    if not (min(across) <= x <= max(across) and min(down) <= y <= max(down)):
        return False
    beside = [
        (right - left) * (y - top) - (bottom - top) * (x - left)
        for (left, top), (right, bottom) in pairwise((*box, box[0]))
    ]
    slack = max(max(across) - min(across), max(down) - min(down))  # a pixel, for rounding
    return min(beside) >= -slack or max(beside) <= slack


def _placed(part: Paragraph | Table, *boxes: Quad) -> _Placed:
    points = [point for box in boxes for point in box]
    across, down = [x for x, _ in points], [y for _, y in points]
    return _Placed(part, min(across), min(down), max(across), max(down))


def _placed_paragraphs(upright: PageResult, running: tuple[int, ...]) -> list[_Placed]:
    """The paragraphs that the lines with these indices make."""
    lines = tuple(upright.lines[index] for index in running)
    placed = []
    for paragraph in lay_out(replace(upright, lines=lines)).paragraphs:
        rows = tuple(
            replace(row, indices=tuple(running[index] for index in row.indices))
            for row in paragraph.lines
        )
        boxes = [upright.lines[index].box for row in rows for index in row.indices]
        placed.append(_placed(replace(paragraph, lines=rows), *boxes))
    return placed


def _place_in(flow: list[_Placed], insert: _Placed) -> int:
    """Behind the last part above it, in its own columns; else before the first below it."""
    beside = [index for index, part in enumerate(flow) if part.is_beside(insert)]
    above = [index for index in beside if flow[index].middle <= insert.middle]
    if above:
        return above[-1] + 1
    if beside:
        return beside[0]
    return next((i for i, part in enumerate(flow) if part.top > insert.middle), len(flow))


def _unplaced(upright: PageResult, tables: list[Table]) -> list[Paragraph | Table]:
    """Text and tables of which no place was told, in the order of the page's areas."""
    rest = [table for table in tables if table.box is None]
    parts: list[Paragraph | Table] = []
    for block in upright.blocks:
        if block.box is not None:
            continue
        if block.kind == "text":
            parts += [Paragraph((), text) for text in block.text.split("\n")]
        elif block.kind == "table" and rest:
            parts.append(rest.pop(0))
    return [*parts, *rest]
