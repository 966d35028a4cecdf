"""What recognition says about one page: plain data, the same for every engine.

Coordinates are pixels of the page picture as it is stored, x to the right and y down,
whichever way the text on it runs. ``PageResult.rotation`` says how far the picture must
be turned clockwise so that a person can read it; :meth:`PageResult.upright` gives the
same result in the coordinates of the picture turned that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ocrportal.geometry import Quad, quad_part, turn_quad

BLANK = "blank"
"""The engine of a result of which no engine was asked, since nothing is on the page."""
OWN_TEXT = "pdf"
"""The engine of a result that nobody recognised: a page's own text, taken over."""

_MAX_DEPTH = 60
"""Levels of nesting; the deepest documented answer of a cloud has nine."""


@dataclass(frozen=True, slots=True)
class Char:
    """One recognised character.

    ``start`` and ``end`` are fractions (0 to 1) of the way along the line in the
    direction of reading, so that a character needs two numbers and not eight.
    """

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. ``chars`` is empty, or joins to exactly ``text``."""

    text: str
    box: Quad
    confidence: float
    chars: tuple[Char, ...] = ()

    def char_box(self, char: Char) -> Quad:
        """The corners of one of this line's characters, in pixels of the page picture."""
        return quad_part(self.box, char.start, char.end)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``row`` and ``column`` are its first ones, counted from 0."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    confidence: float | None = None
    box: Quad | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its cells, by row and then column; no two of them overlap."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    box: Quad | None = None

    def grid(self) -> list[list[Cell]]:
        """The cells that begin in each row, with an empty one wherever there is none."""
        at = {(cell.row, cell.column): cell for cell in self.cells}
        covered = {
            (cell.row + down, cell.column + right)
            for cell in self.cells
            for down in range(cell.row_span)
            for right in range(cell.column_span)
        }
        return [
            [
                at.get((row, column)) or Cell("", row, column)
                for column in range(self.columns)
                if (row, column) in at or (row, column) not in covered
            ]
            for row in range(self.rows)
        ]

    def texts(self) -> list[list[str]]:
        """The text at each place: merged cells stand at their first one, the others are empty."""
        texts = [[""] * self.columns for _row in range(self.rows)]
        for cell in self.cells:
            texts[cell.row][cell.column] = cell.text
        return texts


@dataclass(frozen=True, slots=True)
class Field:
    """One named value: of a card, an invoice, a form."""

    path: tuple[str, ...]
    """Names from the outermost to its own, such as ``("front", "name")``. The catalogue
    has labels for them (``Service.label_of``); a name printed on the page is its own label.
    A whole number counts the items of a list, from 1: ``("item_list", "2", "amount")``."""
    value: str
    confidence: float | None = None
    box: Quad | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """An area of the page and what it is: ``title``, ``header``, ``table``, ``image`` …"""

    kind: str
    text: str
    box: Quad | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the engine's raw answer, such as a portrait or a workbook."""

    name: str
    """With its ending."""
    media_type: str
    pointer: str
    """Where its base64 text stands in the raw answer: a JSON pointer (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """Everything one run says about one page picture of ``width`` x ``height`` pixels.

    ``lines`` is the text of the page; what stands in a table or a field stands there too
    where the engine says where it is printed.
    """

    width: int
    height: int
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    rotation: int = 0
    """Degrees clockwise (0, 90, 180, 270) that set the picture upright."""
    skew: float = 0.0
    """Degrees clockwise (small) that make the lines of the upright picture level."""
    engine: str = ""
    seconds: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)
    """What else the engine wants kept, such as its version; JSON values only."""
    raw: Any = None
    """The engine's own answer, JSON values only; kept beside the result, not in its dict."""

    @property
    def confidence(self) -> float | None:
        """Mean confidence by character (0 to 1); None where nothing is known of it.

        Of the lines or, where there are none, of the fields and cells.
        """
        said: list[tuple[str, float | None]] = [(line.text, line.confidence) for line in self.lines]
        if not said:
            said += [(entry.value, entry.confidence) for entry in self.fields]
            said += [(cell.text, cell.confidence) for table in self.tables for cell in table.cells]
        known = [(len(text), confidence) for text, confidence in said if confidence is not None]
        weight = sum(length for length, _ in known)
        if not weight:
            return None
        return sum(confidence * length for length, confidence in known) / weight

    def upright(self) -> PageResult:
        """The same result for the picture turned upright: ``rotation`` is 0 afterwards."""
        if self.rotation == 0:
            return self
        width, height = self.width, self.height
        if self.rotation in (90, 270):
            width, height = height, width

        turned = self.map_boxes(lambda box: turn_quad(box, self.rotation, self.width, self.height))
        return replace(turned, width=width, height=height, rotation=0)

    def map_boxes(self, transform: Callable[[Quad], Quad]) -> PageResult:
        """The same result with every box replaced by ``transform(box)``."""

        def moved(box: Quad | None) -> Quad | None:
            return box and transform(box)

        return replace(
            self,
            lines=tuple(replace(line, box=transform(line.box)) for line in self.lines),
            tables=tuple(
                replace(
                    table,
                    box=moved(table.box),
                    cells=tuple(replace(cell, box=moved(cell.box)) for cell in table.cells),
                )
                for table in self.tables
            ),
            fields=tuple(replace(entry, box=moved(entry.box)) for entry in self.fields),
            blocks=tuple(replace(block, box=moved(block.box)) for block in self.blocks),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready and compact: pixels to a tenth, fractions to four decimals."""
        return {
            "width": self.width,
            "height": self.height,
            "rotation": self.rotation,
            "skew": round(self.skew, 2),
            "engine": self.engine,
            "seconds": round(self.seconds, 3),
            "details": self.details,
            "lines": [
                {
                    "text": line.text,
                    "box": [round(number, 1) for point in line.box for number in point],
                    "confidence": round(line.confidence, 4),
                    "chars": [
                        [c.text, round(c.start, 4), round(c.end, 4), round(c.confidence, 4)]
                        for c in line.chars
                    ],
                }
                for line in self.lines
            ],
            "tables": [
                {
                    "rows": table.rows,
                    "columns": table.columns,
                    "box": _numbers(table.box),
                    "cells": [
                        [
                            c.text, c.row, c.column, c.row_span, c.column_span,
                            _rounded(c.confidence), _numbers(c.box),
                        ]
                        for c in table.cells
                    ],
                }
                for table in self.tables
            ],
            "fields": [
                [list(f.path), f.value, _rounded(f.confidence), _numbers(f.box)]
                for f in self.fields
            ],
            "blocks": [[b.kind, b.text, _numbers(b.box)] for b in self.blocks],
            "attachments": [[a.name, a.media_type, a.pointer] for a in self.attachments],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PageResult:
        """Read what :meth:`to_dict` wrote; raises KeyError if a required key is missing.

        Tables and what follows them came later: an older result has none.
        """
        return cls(
            width=data["width"],
            height=data["height"],
            rotation=data["rotation"],
            skew=data["skew"],
            engine=data["engine"],
            seconds=data["seconds"],
            details=data["details"],
            lines=tuple(
                Line(
                    text=line["text"],
                    box=_quad(line["box"]),
                    confidence=line["confidence"],
                    chars=tuple(Char(*char) for char in line["chars"]),
                )
                for line in data["lines"]
            ),
            tables=tuple(
                Table(
                    rows=table["rows"],
                    columns=table["columns"],
                    box=_quad_or_none(table["box"]),
                    cells=tuple(_cell(cell) for cell in table["cells"]),
                )
                for table in data.get("tables", ())
            ),
            fields=tuple(
                Field(tuple(path), value, confidence, _quad_or_none(box))
                for path, value, confidence, box in data.get("fields", ())
            ),
            blocks=tuple(
                Block(kind, text, _quad_or_none(box)) for kind, text, box in data.get("blocks", ())
            ),
            attachments=tuple(Attachment(*entry) for entry in data.get("attachments", ())),
        )


def storable(value: Any, depth: int = 0) -> Any:
    """JSON values without what no database keeps: NUL, half characters, infinite numbers.

    Half a character (a lone surrogate) becomes ``?``, a number that is none None. PostgreSQL
    refuses them in JSON (its manual, "JSON Types"). Raises ValueError for what is nested
    more than 60 levels deep.
    """
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [storable(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {storable(name): storable(entry, depth + 1) for name, entry in value.items()}
    return value


def _cell(entry: list[Any]) -> Cell:
    text, row, column, row_span, column_span, confidence, box = entry
    return Cell(text, row, column, row_span, column_span, confidence, _quad_or_none(box))


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 4)


def _numbers(box: Quad | None) -> list[float] | None:
    return [round(number, 1) for point in box for number in point] if box else None


def _quad_or_none(numbers: list[float] | None) -> Quad | None:
    return _quad(numbers) if numbers else None


def _quad(numbers: list[float]) -> Quad:
    a, b, c, d, e, f, g, h = numbers
    return (a, b), (c, d), (e, f), (g, h)
