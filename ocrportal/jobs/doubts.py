"""Doubts about a result: what on a page deserves a look, found in the result when it is stored.

A doubt does not prove an error, and a page without doubts may have errors: a confidence is only the
engine's own estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext, ngettext

from ocrportal.geometry import Quad, Rect, quad_center, quad_contains
from ocrportal.jobs.result_places import area_key, cell_key, field_key, line_key
from ocrportal.results import (
    BLANK,
    FIGURE_KINDS,
    UNREAD_AREA,
    UNREAD_CHARACTER,
    Cell,
    Line,
    PageResult,
)

DOUBTFUL_BELOW = 0.8
"""Characters, cells and fields with a confidence below this (0 to 1) are doubtful."""

_MIN_DOUBTFUL_SHARE = 0.03
"""Of the characters of a page: about one in each printed line, too many to overlook. Pages with
less have a few doubtful characters, which the page screen highlights."""
_MIN_DOUBTFUL_CELLS = 0.1
"""Of the cells of a table: about one in each second row. No context reveals a wrong digit, so one
character makes a cell doubtful; most tables have a few such cells."""
_LITTLE_TEXT = 0.0025
"""Of the area of a page: half a printed line. A page number alone has less, a title has more."""

Code = Literal[
    "unread",
    "doubtful-table",
    "text-over-sides",
    "incomplete-rulings",
    "weak-columns",
    "doubtful-text",
    "doubtful-fields",
    "no-text",
    "little-text",
]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to look at a page."""

    code: Code
    count: int = 0
    """How many places were not read, or how many cells, characters or fields are doubtful."""
    total: int = 0
    """The number of all cells, characters or fields; 0 for other doubts."""
    place: str = ""
    """The worst of them: a key of :mod:`ocrportal.jobs.result_places`; empty for a whole page."""
    box: tuple[float, ...] | None = None
    """The corners of that place as eight numbers, in pixels of the page image."""

    @property
    def message(self) -> str:
        """The doubt in the active language."""
        values = {"count": self.count, "total": self.total}
        match self.code:
            case "unread":
                text = ngettext(
                    "%(count)d place was not read", "%(count)d places were not read", self.count
                )
            case "doubtful-table":
                text = ngettext(
                    "Table: %(count)d of %(total)d cells is uncertain",
                    "Table: %(count)d of %(total)d cells are uncertain",
                    self.count,
                )
            case "text-over-sides":
                text = gettext("Table: text runs over the sides of its cells")
            case "incomplete-rulings":
                text = gettext("Table: its rulings do not enclose each cell")
            case "weak-columns":
                text = gettext("Table: little evidence of its columns")
            case "doubtful-fields":
                text = ngettext(
                    "%(count)d of %(total)d fields is uncertain",
                    "%(count)d of %(total)d fields are uncertain",
                    self.count,
                )
            case "doubtful-text":
                values["percent"] = round(100 * self.count / self.total)
                text = gettext("%(percent)d%% of the characters are uncertain")
            case "no-text":
                text = gettext("No text was found")
            case "little-text":
                text = gettext("Almost no text was found")
        return text % values

    @property
    def severity(self) -> float:
        """How much of the page it concerns (0 to 1); what was not read at all ranks first."""
        match self.code:
            case "unread":
                return 1.0
            case "no-text":
                return 0.5
            case "little-text":
                return 0.0
            case "text-over-sides" | "incomplete-rulings" | "weak-columns":
                return 0.3  # more than a few uncertain cells, since all of them may be displaced
            case _:
                return self.count / self.total


def doubts_of(result: PageResult) -> list[Doubt]:
    """The doubts about a result, the most severe first."""
    if result.engine == BLANK:
        return []
    found = [*_unread(result), *_missing(result), *_tables(result), *_fields(result)]
    found += _characters(result)
    return sorted(found, key=lambda doubt: -doubt.severity)


def stored_doubts(doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    """Doubts as JSON values."""
    return [
        {
            "code": doubt.code,
            "count": doubt.count,
            "total": doubt.total,
            "place": doubt.place,
            "box": doubt.box and list(doubt.box),
        }
        for doubt in doubts
    ]


def read_doubts(stored: list[dict[str, Any]] | None) -> list[Doubt]:
    """Stored doubts; those whose code this version does not know are left out.

    A result of an earlier version has none.
    """
    return [
        Doubt(**(entry | {"box": entry["box"] and tuple(entry["box"])}))
        for entry in stored or []
        if entry["code"] in get_args(Code)
    ]


def _unread(result: PageResult) -> Iterator[Doubt]:
    areas = [
        (index, area.box) for index, area in enumerate(result.blocks) if area.is_unread and area.box
    ]
    count = len(areas)
    place, box = (area_key(areas[0][0]), areas[0][1]) if areas else ("", None)
    for index, line in enumerate(result.lines):
        runs = re.findall(f"{UNREAD_CHARACTER}+", line.text)
        if runs and not any(quad_contains(area, quad_center(line.box)) for _, area in areas):
            count += len(runs)
            place, box = (place, box) if place else (line_key(index), line.box)
    if count:
        yield Doubt("unread", count, 0, place, _numbers(box))


def _missing(result: PageResult) -> Iterator[Doubt]:
    """Whether a page that has print has no text, or hardly any."""
    if any(area.kind == UNREAD_AREA for area in result.blocks):
        return
    texts = any(area.text for area in result.blocks)
    has_other = bool(result.tables or result.fields or result.attachments or texts)
    if not result.lines:
        if not has_other:
            yield Doubt("no-text")
        return
    rects = [Rect.around(line.box) for line in result.lines]
    size = result.width * result.height
    has_figures = any(area.kind in FIGURE_KINDS for area in result.blocks)
    if not has_other and not has_figures and sum(r.area for r in rects) < _LITTLE_TEXT * size:
        yield Doubt("little-text", place=line_key(0), box=_numbers(result.lines[0].box))


def _tables(result: PageResult) -> Iterator[Doubt]:
    for number, table in enumerate(result.tables):
        first = next((index for index, cell in enumerate(table.cells) if cell.box), None)
        place = "" if first is None else cell_key(number, first)
        for code in table.doubts:
            yield Doubt(code, place=place, box=_numbers(table.box))
        known = [
            (least, index, cell.box)
            for index, (cell, lines) in enumerate(
                zip(table.cells, table.lines_in_cells(result.lines), strict=True)
            )
            if cell.text and (least := _least_confidence(cell, lines)) is not None
        ]
        doubtful = [entry for entry in known if entry[0] < DOUBTFUL_BELOW]
        if doubtful and len(doubtful) >= _MIN_DOUBTFUL_CELLS * len(known):
            _, index, box = min(doubtful, key=lambda entry: entry[0])
            place = cell_key(number, index) if box else ""
            yield Doubt("doubtful-table", len(doubtful), len(known), place, _numbers(box))


def _least_confidence(cell: Cell, lines: Iterable[Line]) -> float | None:
    """That of the least certain character in a cell, or that of the cell if it has no lines."""
    confidences = [
        char.confidence for line in lines for char in line.chars if not char.text.isspace()
    ]
    return min(confidences, default=cell.confidence)


def _fields(result: PageResult) -> Iterator[Doubt]:
    known = [
        (entry.confidence, index, entry.box)
        for index, entry in enumerate(result.fields)
        if entry.confidence is not None
    ]
    doubtful = [entry for entry in known if entry[0] < DOUBTFUL_BELOW]
    if doubtful:
        _, index, box = min(doubtful, key=lambda entry: entry[0])
        place = field_key(index) if box else ""
        yield Doubt("doubtful-fields", len(doubtful), len(known), place, _numbers(box))


def _characters(result: PageResult) -> Iterator[Doubt]:
    counts = [_doubtful_characters(line) for line in result.lines]
    count, total = sum(count for count, _ in counts), sum(total for _, total in counts)
    if count and count >= _MIN_DOUBTFUL_SHARE * total:
        worst = max(range(len(counts)), key=lambda index: counts[index][0])
        box = _numbers(result.lines[worst].box)
        yield Doubt("doubtful-text", count, total, line_key(worst), box)


def _doubtful_characters(line: Line) -> tuple[int, int]:
    """The number of doubtful characters of a line, and of all; spaces do not count."""
    if not line.chars:
        total = len("".join(line.text.split()))
        return (total if line.confidence < DOUBTFUL_BELOW else 0), total
    visible = [char for char in line.chars if not char.text.isspace()]
    return sum(char.confidence < DOUBTFUL_BELOW for char in visible), len(visible)


def _numbers(box: Quad | None) -> tuple[float, ...] | None:
    return box and tuple(round(number, 1) for point in box for number in point)
