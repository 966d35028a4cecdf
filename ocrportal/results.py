"""What recognition says about one page: plain data, the same for every engine.

Coordinates are pixels of the page picture as it is stored, x to the right and y down,
whichever way the text on it runs. ``PageResult.rotation`` says how far the picture must
be turned clockwise so that a person can read it; :meth:`PageResult.upright` gives the
same result in the coordinates of the picture turned that way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners, clockwise as the reader of the text sees them, from its top-left:
the first to the second corner is the direction of reading."""


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
        top_left, top_right, bottom_right, bottom_left = self.box
        return (
            _between(top_left, top_right, char.start),
            _between(top_left, top_right, char.end),
            _between(bottom_left, bottom_right, char.end),
            _between(bottom_left, bottom_right, char.start),
        )


@dataclass(frozen=True, slots=True)
class PageResult:
    """Everything one run says about one page picture of ``width`` x ``height`` pixels."""

    width: int
    height: int
    lines: tuple[Line, ...]
    rotation: int = 0
    """Degrees clockwise (0, 90, 180, 270) that set the picture upright."""
    skew: float = 0.0
    """Degrees clockwise (small) that make the lines of the upright picture level."""
    engine: str = ""
    seconds: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)
    """What else the engine wants kept, such as its version; JSON values only."""

    @property
    def confidence(self) -> float | None:
        """Mean confidence by character (0 to 1); None for a page without text."""
        weight = sum(len(line.text) for line in self.lines)
        if not weight:
            return None
        return sum(line.confidence * len(line.text) for line in self.lines) / weight

    def upright(self) -> PageResult:
        """The same result for the picture turned upright: ``rotation`` is 0 afterwards."""
        if self.rotation == 0:
            return self
        width, height = self.width, self.height
        if self.rotation in (90, 270):
            width, height = height, width
        lines = tuple(
            replace(line, box=turn_quad(line.box, self.rotation, self.width, self.height))
            for line in self.lines
        )
        return replace(self, width=width, height=height, lines=lines, rotation=0)

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
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PageResult:
        """Read what :meth:`to_dict` wrote; raises KeyError if a required key is missing."""
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
        )


def turn_point(point: Point, rotation: int, width: int, height: int) -> Point:
    """Where a point of a ``width`` x ``height`` picture lies once the picture is turned.

    ``rotation`` is degrees clockwise: 0, 90, 180 or 270; anything else is a ValueError.
    """
    x, y = point
    if rotation == 0:
        return x, y
    if rotation == 90:
        return height - y, x
    if rotation == 180:
        return width - x, height - y
    if rotation == 270:
        return y, width - x
    raise ValueError(f"rotation must be 0, 90, 180 or 270, not {rotation}")


def turn_quad(quad: Quad, rotation: int, width: int, height: int) -> Quad:
    """:func:`turn_point` for four corners; their order stays, since it follows the text."""
    a, b, c, d = (turn_point(point, rotation, width, height) for point in quad)
    return a, b, c, d


def _quad(numbers: list[float]) -> Quad:
    a, b, c, d, e, f, g, h = numbers
    return (a, b), (c, d), (e, f), (g, h)


def _between(start: Point, end: Point, fraction: float) -> Point:
    return (
        start[0] + (end[0] - start[0]) * fraction,
        start[1] + (end[1] - start[1]) * fraction,
    )
