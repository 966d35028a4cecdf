"""The result of recognising one page, the same for every engine, and its only schema.

The database, the API and the JSON export use the types in this module: pydantic derives
their serialisation and the API's OpenAPI schema from the annotations.

Coordinates are pixels of the page image as it is stored, x to the right and y down,
regardless of the direction of its text. ``PageResult.rotation`` is the clockwise rotation
that makes the image readable; :meth:`PageResult.upright` returns the same result in the
coordinates of the rotated image.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    TypeAdapter,
)
from pydantic import Field as Option
from pydantic_core import CoreSchema, core_schema

from ocrportal.geometry import Quad, Rect, RectIndex, quad_center, quad_part, turn_quad

BLANK = "blank"
"""The engine of a result for a blank page, which is not submitted to any engine."""
OWN_TEXT = "pdf"
"""The engine of a result that was not recognised: the text of a PDF page, taken from the file."""
UNKNOWN_CHARACTER = "\ufffd"
"""A printed character of a file that does not define which one it is; never stored."""
UNREAD_CHARACTER = "\N{GETA MARK}"
"""In a text, replaces characters that were not read; in print it marks a missing character too."""
ADDED_TEXT = "added_text"
"""The kind of a block with text that the file contains and its page does not show."""
UNREAD_AREA = "unread"
"""The kind of a block that has print and was not read."""
CODE = "code"
"""The kind of a block with a QR code or a barcode; its text is what the code encodes."""
TableDoubt = Literal["text-over-sides", "incomplete-rulings", "weak-columns"]
"""Why the rows and columns of a table may be wrong: text runs over the sides of cells, the rulings
do not enclose each cell, or few words below each other indicate a column."""
FIGURE = "figure"
"""The kind of a block that is a picture: a photograph, a drawing, a chart …"""
FORMULA = "formula"
"""The kind of a block that is a formula: in the notation of the engine, or a picture without it."""
BACKDROP = "backdrop"
"""The kind of a picture that text of the page is printed over."""
FIGURE_KINDS = frozenset({FIGURE, BACKDROP, "image", "seal", CODE})
"""The kinds of blocks that are pictures."""

_MAX_DEPTH = 60
"""Levels of nesting; the deepest documented response of a cloud has nine."""
_STORED = "stored"
"""The context of a serialisation for storage."""


class _StoredAsArray:
    """Stores a dataclass as the list of its values; elsewhere it is an object with names.

    A stored list may be shorter than the class has fields: later ones take their defaults.
    """

    def __get_pydantic_core_schema__(self, kind: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        names = [entry.name for entry in fields(kind)]

        def named(value: Any) -> Any:
            return dict(zip(names, value, strict=False)) if isinstance(value, list) else value

        def serialized(
            value: Any, serialize: SerializerFunctionWrapHandler, info: SerializationInfo
        ) -> Any:
            values = serialize(value)
            return list(values.values()) if info.context == _STORED else values

        schema = handler(kind)
        return core_schema.no_info_before_validator_function(
            named,
            schema,
            serialization=core_schema.wrap_serializer_function_ser_schema(
                serialized, info_arg=True, schema=schema
            ),
        )


def _rounded(digits: int) -> PlainSerializer:
    return PlainSerializer(lambda number: round(number, digits), return_type=float)


def _quad(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 8:
        return value
    a, b, c, d, e, f, g, h = value
    return (a, b), (c, d), (e, f), (g, h)


def _numbers(box: Quad) -> list[float]:
    return [round(number, 1) for point in box for number in point]


def _chars(stored: list[list[Any]]) -> tuple[Char, ...]:
    try:
        return tuple([Char(*values) for values in stored])
    except TypeError as error:
        raise ValueError("not a list of characters") from error


def _stored_chars(chars: tuple[Char, ...]) -> list[list[Any]]:
    return [[c.text, round(c.start, 4), round(c.end, 4), round(c.confidence, 4)] for c in chars]


def _runs(stored: list[list[Any]]) -> tuple[TypeRun, ...]:
    try:
        return tuple([TypeRun(start, end, _type(*values)) for start, end, *values in stored])
    except (TypeError, ValueError) as error:
        raise ValueError("not a list of type runs") from error


def _type(
    size: float, bold: bool, italic: bool, underline: bool, colour: str, font: FontKind
) -> Type:
    if font not in get_args(FontKind) or not isinstance(colour, str):
        raise ValueError(f"{font!r} or {colour!r} is not known")
    return Type(float(size), bold, italic, underline, colour, font)


def _stored_runs(runs: tuple[TypeRun, ...]) -> list[list[Any]]:
    return [
        [
            *(round(run.start, 4), round(run.end, 4), round(run.type.size, 1)),
            *(run.type.bold, run.type.italic, run.type.underline, run.type.colour, run.type.font),
        ]
        for run in runs
    ]


Box = Annotated[Quad, BeforeValidator(_quad), PlainSerializer(_numbers, return_type=list[float])]
"""Serialised as eight numbers, in tenths of a pixel."""
Confidence = Annotated[float, _rounded(4)]
"""From 0 to 1."""


@dataclass(frozen=True, slots=True)
class Char:
    """One recognised character.

    ``start`` and ``end`` are fractions (0 to 1) of the length of the line in the direction
    of reading, so that a character needs two numbers instead of eight.
    """

    text: str
    start: float
    end: float
    confidence: float


FontKind = Literal["", "serif", "sans", "mono", "kai", "fangsong"]
"""Kinds of fonts, two of them Chinese: regular script (楷体) and imitation Song (仿宋)."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type in which some characters are printed."""

    size: float = 0.0
    """In pixels, as wide as a Han character; 0 if it is not known."""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    """As ``#rrggbb``; empty for black, for grey and if it is not known."""
    font: FontKind = ""
    """Empty if it is not known."""


@dataclass(frozen=True, slots=True)
class TypeRun:
    """A part of a line whose characters have the same type.

    ``start`` and ``end`` are fractions of the length of the line, as those of :class:`Char`.
    """

    start: float
    end: float
    type: Type


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. ``chars`` is empty, or joins to exactly ``text``."""

    text: str
    box: Box
    confidence: Confidence
    # A page has thousands: one call for all of a line instead of one each.
    chars: Annotated[tuple[Char, ...], PlainValidator(_chars), PlainSerializer(_stored_chars)] = ()
    runs: Annotated[tuple[TypeRun, ...], PlainValidator(_runs), PlainSerializer(_stored_runs)] = ()
    """The type of the line from its start to its end; empty if it is not known."""

    def part(self, chars: Sequence[Char]) -> Line:
        """The line of some of this line's characters, which follow each other."""
        if len(chars) == len(self.chars):
            return self
        start, end = min(char.start for char in chars), max(char.end for char in chars)
        length = (end - start) or 1.0
        return Line(
            "".join(char.text for char in chars),
            quad_part(self.box, start, end),
            sum(char.confidence for char in chars) / len(chars),
            tuple(
                replace(char, start=(char.start - start) / length, end=(char.end - start) / length)
                for char in chars
            ),
            tuple(
                TypeRun(
                    (max(run.start, start) - start) / length,
                    (min(run.end, end) - start) / length,
                    run.type,
                )
                for run in self.runs
                if run.start < end and run.end > start
            ),
        )

    def char_box(self, char: Char) -> Quad:
        """The corners of one of this line's characters, in pixels of the page image."""
        return quad_part(self.box, char.start, char.end)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``row`` and ``column`` are its first ones, counted from 0."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    confidence: Confidence | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its cells, sorted by row and column; no two of them overlap."""

    rows: int
    columns: int
    box: Box | None = field(default=None, kw_only=True)
    cells: tuple[Annotated[Cell, _StoredAsArray()], ...]
    doubts: tuple[TableDoubt, ...] = field(default=(), kw_only=True)
    """Empty for tables of results that are older, and for those that other engines report."""
    head_rows: int = field(default=0, kw_only=True)
    """The rows at the top that name the columns; 0 if it is not certain that there are any."""
    ruled_edges: tuple[int, ...] | None = field(default=None, kw_only=True)
    """The edges of rows along which a ruling is drawn, from 0 (above the first row) to ``rows``,
    in a table without other rulings. None if its cells are framed, or if it is not known."""

    def grid(self) -> list[list[Cell]]:
        """The cells that begin in each row, with an empty cell in every uncovered place."""
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
        """The text at each place: a merged cell has it at its first place only."""
        texts = [[""] * self.columns for _row in range(self.rows)]
        for cell in self.cells:
            texts[cell.row][cell.column] = cell.text
        return texts

    def lines_in_cells(self, lines: Iterable[Line]) -> list[list[Line]]:
        """For each cell the lines whose centers are in it; none for a cell without a box."""
        found: list[list[Line]] = [[] for _cell in self.cells]
        placed = [index for index, cell in enumerate(self.cells) if cell.box]
        rects = RectIndex(Rect.around(cell.box) for cell in self.cells if cell.box)
        for line in lines:
            inside = rects.at(quad_center(line.box))
            if inside:
                found[placed[inside[0]]].append(line)
        return found


@dataclass(frozen=True, slots=True)
class Field:
    """One named value: of a card, an invoice, a form."""

    path: tuple[str, ...]
    """Names from the outermost to its own, such as ``("front", "name")``. The catalogue
    has labels for them (``Service.label_of``); a name printed on the page is its own label.
    A whole number counts the items of a list, from 1: ``("item_list", "2", "amount")``."""
    value: str
    confidence: Confidence | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """An area of the page and its kind: ``title``, ``header``, ``table``, ``image`` …"""

    kind: str
    text: str
    box: Box | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is cut out of the page: a figure, or a formula that has no notation."""
        return self.box is not None and (
            self.kind in FIGURE_KINDS or (self.kind == FORMULA and not self.text)
        )

    @property
    def is_unread(self) -> bool:
        """Whether it has a place and content that was not read."""
        return self.box is not None and (
            self.kind == UNREAD_AREA or (self.kind == CODE and not self.text)
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the engine's raw response, as base64 text; for example a portrait."""

    name: str
    """With its extension."""
    media_type: str
    pointer: str
    """The place of the text in the raw response: a JSON pointer (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """The result of one run for one page image of ``width`` x ``height`` pixels.

    ``lines`` is all text of the page, including the text of tables and fields if the engine
    reports its place.
    """

    width: int
    height: int
    rotation: int = field(default=0, kw_only=True)
    """Degrees clockwise (0, 90, 180, 270) that turn the image upright."""
    skew: Annotated[float, _rounded(2)] = field(default=0.0, kw_only=True)
    """Degrees clockwise (small) that deskew the upright image."""
    engine: str = field(default="", kw_only=True)
    seconds: Annotated[float, _rounded(3)] = field(default=0.0, kw_only=True)
    details: dict[str, Any] = field(default_factory=dict, kw_only=True)
    """Further information about the run, such as the engine's version; JSON values only."""
    lines: tuple[Line, ...]
    # Tables and what follows were added later: older stored results do not have them.
    tables: tuple[Table, ...] = ()
    fields: tuple[Annotated[Field, _StoredAsArray()], ...] = ()
    blocks: tuple[Annotated[Block, _StoredAsArray()], ...] = ()
    attachments: tuple[Annotated[Attachment, _StoredAsArray()], ...] = ()
    raw: Annotated[Any, Option(exclude=True)] = None
    """The engine's own response, JSON values only; stored beside the result, not in its dict."""

    @property
    def confidence(self) -> float | None:
        """The mean confidence by character (0 to 1) of the lines; None if none is known.

        Without lines it is that of the fields and cells.
        """
        texts: list[tuple[str, float | None]] = [(ln.text, ln.confidence) for ln in self.lines]
        if not texts:
            texts += [(entry.value, entry.confidence) for entry in self.fields]
            texts += [(cell.text, cell.confidence) for table in self.tables for cell in table.cells]
        known = [(len(text), confidence) for text, confidence in texts if confidence is not None]
        weight = sum(length for length, _ in known)
        if not weight:
            return None
        return sum(confidence * length for length, confidence in known) / weight

    def upright(self) -> PageResult:
        """The same result for the upright image: its ``rotation`` is 0."""
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
        """The stored form, which consists of JSON values: compact, with rounded numbers."""
        stored: dict[str, Any] = _schema().dump_python(self, mode="json", context=_STORED)
        return stored

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PageResult:
        """The result of which ``data`` is the stored form; raises ValueError if it is not one."""
        return _schema().validate_python(data)


@cache
def _schema() -> TypeAdapter[PageResult]:
    return TypeAdapter(PageResult)


def storable(value: Any, depth: int = 0) -> Any:
    """JSON values without parts that databases reject: NUL, half characters, infinite numbers.

    Half a character (a lone surrogate) becomes ``?``, NaN and infinite numbers become None.
    PostgreSQL rejects them in JSON (its manual, "JSON Types"). Raises ValueError for values
    nested more than 60 levels deep.
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
