"""Draws the paths of OFD, whose arcs become Bézier curves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.convert.ofd_xml import numbers

_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""The number of arguments of each path operator."""


def trace(text: str, path: Any) -> None:
    """Draw a path such as ``M 0 0 L 10 0 C``."""
    x = y = 0.0
    parts = text.split()
    place = 0
    while place < len(parts):
        letter = parts[place]
        count = _ARGUMENTS.get(letter)
        if count is None:
            raise DamagedFile
        given = numbers(" ".join(parts[place + 1 : place + 1 + count]), count)
        place += 1 + count
        match letter:
            case "S" | "M":
                path.moveTo(*given)
            case "L":
                path.lineTo(*given)
            case "Q":
                across, down, to_x, to_y = given
                path.curveTo(
                    x + 2 / 3 * (across - x), y + 2 / 3 * (down - y),
                    to_x + 2 / 3 * (across - to_x), to_y + 2 / 3 * (down - to_y), to_x, to_y,
                )  # fmt: skip
            case "B":
                path.curveTo(*given)
            case "A":
                for curve in _arc((x, y), given):
                    path.curveTo(*curve)
            case "C":
                path.close()
        if given:
            x, y = given[-2:]


def _arc(start: tuple[float, float], given: list[float]) -> Iterator[list[float]]:
    """Convert an elliptical arc, with the arguments of an SVG arc, to Bézier curves."""
    across, down, degrees, large, sweep, to_x, to_y = given
    across, down = abs(across), abs(down)
    if not (across and down) or start == (to_x, to_y):
        yield [*start, to_x, to_y, to_x, to_y]
        return
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # Relative to the midpoint of both ends and in units of the radii, the arc is circular.
    half_x, half_y = (start[0] - to_x) / 2, (start[1] - to_y) / 2
    ux, uy = (cos * half_x + sin * half_y) / across, (cos * half_y - sin * half_x) / down
    length = math.hypot(ux, uy)
    if length > 1:  # the radii are too small to connect the ends
        across, down, ux, uy, length = across * length, down * length, ux / length, uy / length, 1
    away = math.sqrt(max(0, 1 / length**2 - 1)) * (-1 if bool(large) == bool(sweep) else 1)
    middle_x, middle_y = away * uy, -away * ux
    first = math.atan2(uy - middle_y, ux - middle_x)
    turn = math.atan2(-uy - middle_y, -ux - middle_x) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    pieces = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / pieces
    reach = 4 / 3 * math.tan(step / 4)

    def onto_page(px: float, py: float) -> list[float]:
        px, py = (px + middle_x) * across, (py + middle_y) * down
        return [
            cos * px - sin * py + (start[0] + to_x) / 2,
            sin * px + cos * py + (start[1] + to_y) / 2,
        ]

    for piece in range(pieces):
        a, b = first + piece * step, first + (piece + 1) * step
        yield [
            *onto_page(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            *onto_page(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            *onto_page(math.cos(b), math.sin(b)),
        ]
