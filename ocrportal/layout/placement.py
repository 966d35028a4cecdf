"""Assigns lines to tables, fields and formulas, and inserts these between the paragraphs.

Text in a table, a field or a formula is not repeated as running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrportal.geometry import Quad, Rect, quad_center, quad_contains
from ocrportal.layout.blocks import Block as PageBlock
from ocrportal.results import Block, Line, PageResult, Table

_SEPARATORS = re.compile(r"[\s:：\-\u2010\u00ad]+")
_INSIDE = 0.8
"""A table with more than this share of its area inside another is part of that one."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Indices in ``PageResult.lines``, by the table, formula or field that the lines belong to."""

    tables: list[Table]
    """The tables that are not part of another one."""
    in_tables: list[list[int]]
    """For each of them the lines whose text is in its cells."""
    formulas: list[Block]
    in_formulas: list[list[int]]
    in_fields: list[int]
    running: list[int]
    """Lines of running text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the rectangle it fills, in upright pixels."""

    block: PageBlock
    rect: Rect


def assign_lines(upright: PageResult) -> Assignment:
    """Assign each line of an upright page to a table, a field, a formula or the running text."""
    tables = _outermost(upright.tables)
    contents = [normalize_for_match("".join(c.text for c in table.cells)) for table in tables]
    formulas = [block for block in upright.blocks if block.kind == "formula" and block.box]
    assignment = Assignment(tables, [[] for _ in tables], formulas, [[] for _ in formulas], [], [])
    for index, line in enumerate(upright.lines):
        text = normalize_for_match(line.text)
        for table, content, lines in zip(tables, contents, assignment.in_tables, strict=True):
            if table.box and holds(table.box, line) and text in content:
                lines.append(index)
                break
        else:
            if _is_in_a_field(upright, line, text):
                assignment.in_fields.append(index)
                continue
            for formula, lines in zip(formulas, assignment.in_formulas, strict=True):
                if formula.box and holds(formula.box, line):
                    lines.append(index)
                    break
            else:
                assignment.running.append(index)
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


def _outermost(tables: tuple[Table, ...]) -> list[Table]:
    """The tables that are not part of another: a form may contain the table that it frames."""
    return [
        table
        for table in tables
        if not any(other is not table and _is_inside(table, other) for other in tables)
    ]


def _is_inside(table: Table, other: Table) -> bool:
    if table.box is None or other.box is None:
        return False
    rect, frame = Rect.around(table.box), Rect.around(other.box)
    shared = rect.intersection(frame)
    return rect.area < frame.area and shared is not None and shared.area > _INSIDE * rect.area


def _is_in_a_field(result: PageResult, line: Line, text: str) -> bool:
    """Whether a line is a field's value, its key, or both."""
    return any(
        entry.box is not None
        and holds(entry.box, line)
        and text in normalize_for_match(entry.path[-1] + entry.value)
        for entry in result.fields
    )


def _position(flow: list[Placed], insert: Placed) -> int:
    """The position after the last block above it in its columns, or before the first one below."""
    middle = insert.rect.center_y
    beside = [i for i, entry in enumerate(flow) if entry.rect.overlaps_in_x(insert.rect)]
    above = [index for index in beside if flow[index].rect.center_y <= middle]
    if above:
        return above[-1] + 1
    if beside:
        return beside[0]
    return next((i for i, entry in enumerate(flow) if entry.rect.top > middle), len(flow))
