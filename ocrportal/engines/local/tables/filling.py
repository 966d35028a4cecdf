"""What is written into the cells of a grid: lines, cut at the sides of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocrportal.engines.local.tables.grid import Area, Grid
from ocrportal.engines.local.tables.sheet import Rectangle, Sheet
from ocrportal.results import Cell, Char, Line, Table
from ocrportal.text import join_lines

BLANK_BONUS = 0.8
"""Line heights by which a cut may be moved to fall on a blank rather than between letters."""
SLIVER = 0.8
"""What sticks out of its cell by less than this, in line heights, without a blank before it, is
no text of the next one."""
STRAY = "|丨｜"
"""What a rule that is read with the text looks like."""


def fill(grid: Grid, sheet: Sheet, lines: Sequence[Line]) -> tuple[Table | None, list[Line]]:
    """The table with its texts, and the lines, those in the table cut at its cells.

    None if no line stands in it.
    """
    rest: list[Line] = []
    written: dict[Area, list[Line]] = {area: [] for area in grid.areas}
    for line in lines:
        box = sheet.rectangle(line.box)
        if not grid.box.holds(box.centre, box.middle):
            rest.append(line)
            continue
        for area, part in _parts(grid, box, line):
            place = sheet.rectangle(part.box)
            if grid.box.holds(place.centre, place.middle):  # what is beside the table stays there
                written[area].append(part)
            rest.append(part)
    if not any(written.values()):
        return None, list(lines)
    cells = tuple(_cell(sheet, area, some) for area, some in written.items())
    return Table(grid.rows, grid.columns, cells, sheet.quad(grid.box)), rest


def _parts(grid: Grid, box: Rectangle, line: Line) -> list[tuple[Area, Line]]:
    """A line cut at the sides of the cells over which it runs."""
    beside = [area for area in grid.areas if area.box.top <= box.middle < area.box.bottom]
    beside.sort(key=lambda area: area.box.left)
    if not beside:
        beside = [min(grid.areas, key=lambda area: abs(area.box.middle - box.middle))]
    edges = [area.box.right for area in beside[:-1] if box.left < area.box.right < box.right]
    parts = []
    for part in _cut(line, box, edges):
        x = box.left + (part[0].start + part[-1].end) / 2 * box.width if part else box.centre
        area = min(beside, key=lambda area: max(area.box.left - x, x - area.box.right))
        parts.append((area, _part_of(line, part)))
    return parts


def _cut(line: Line, box: Rectangle, edges: Sequence[float]) -> list[list[Char]]:
    """The characters between the edges; blanks at the ends of a part are dropped."""
    chars = list(line.chars)
    cuts = [0]
    for edge in edges:
        place = _best_cut(chars, (edge - box.left) / box.width, box.height / box.width)
        if place is not None and place > cuts[-1]:
            cuts.append(place)
    cuts.append(len(chars))
    parts = [_stripped(chars[start:end]) for start, end in pairwise(cuts)]
    return [part for part in parts if part] or [chars]


def _best_cut(chars: Sequence[Char], edge: float, height: float) -> int | None:
    """Before which character to cut at an edge, a share of the line's length; None for not at all.

    ``height`` is that of the line, as a share of its length.
    """

    def cost(place: int) -> float:
        before, after = chars[place - 1], chars[place]
        off = abs((before.end + after.start) / 2 - edge)
        apart = before.text.isspace() or after.text.isspace() or after.start - before.end > height
        return off - (BLANK_BONUS * height if apart else 0.0)

    if len(chars) < 2:
        return None
    place = min(range(1, len(chars)), key=cost)
    if place > 1 and chars[place - 1].text.isspace():
        place -= 1
    before, after = chars[place - 1], chars[place]
    if after.text.isspace() or after.start - before.end > height / 4:
        return place
    sticks_out = min(chars[-1].end - edge, edge - chars[0].start)
    return place if sticks_out > SLIVER * height else None


def _stripped(chars: Sequence[Char]) -> list[Char]:
    kept = list(chars)
    while kept and (kept[0].text.isspace() or (len(kept) > 1 and kept[0].text in STRAY)):
        del kept[0]
    while kept and (kept[-1].text.isspace() or (len(kept) > 1 and kept[-1].text in STRAY)):
        del kept[-1]
    return kept


def _part_of(line: Line, chars: Sequence[Char]) -> Line:
    """The line that these of its characters make."""
    if len(chars) == len(line.chars):
        return line
    start, end = chars[0].start, chars[-1].end
    whole = Char("", start, end, 1.0)
    length = (end - start) or 1.0
    return Line(
        text="".join(char.text for char in chars),
        box=line.char_box(whole),
        confidence=sum(char.confidence for char in chars) / len(chars),
        chars=tuple(
            replace(char, start=(char.start - start) / length, end=(char.end - start) / length)
            for char in chars
        ),
    )


def _cell(sheet: Sheet, area: Area, lines: Sequence[Line]) -> Cell:
    weight = sum(len(line.text) for line in lines)
    return Cell(
        text=join_lines(_in_order(sheet, lines)),
        row=area.row,
        column=area.column,
        row_span=area.row_span,
        column_span=area.column_span,
        confidence=sum(len(line.text) * line.confidence for line in lines) / weight
        if weight
        else None,
        box=sheet.quad(area.box),
    )


def _in_order(sheet: Sheet, lines: Sequence[Line]) -> list[str]:
    """The texts of a cell as they are read: row by row, each from the left."""
    rows: list[tuple[float, list[tuple[float, str]]]] = []
    for box, line in sorted(
        ((sheet.rectangle(line.box), line) for line in lines), key=lambda pair: pair[0].middle
    ):
        if not rows or box.middle > rows[-1][0]:
            rows.append((box.middle + box.height / 2, []))
        rows[-1][1].append((box.left, line.text))
    return [text for _, row in rows for _, text in sorted(row)]
