"""How lines stand to each other on an upright page: their slope and their order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ocrportal.results import Line

STEEP = 20.0
"""Degrees from which a line counts as standing, not as lying on a crooked page."""


def skew_of(lines: Iterable[Line]) -> float:
    """Degrees clockwise that level the lines: their median slope, longer ones count more."""
    slopes = []
    for line in lines:
        (ax, ay), (bx, by) = line.box[0], line.box[1]
        slope = math.degrees(math.atan2(by - ay, bx - ax))
        if abs(slope) < STEEP:
            slopes.append((slope, math.dist(line.box[0], line.box[1])))
    half = sum(length for _, length in slopes) / 2
    for slope, length in sorted(slopes):
        half -= length
        if half <= 0:
            return 0.0 - slope
    return 0.0


def in_rows(lines: Sequence[Line], skew: float) -> list[Line]:
    """Rows from the top, each from the left, as if the page were level.

    Columns and paragraphs are no matter here; whoever wants them sees the whole page.
    """
    turn = math.radians(skew)

    def place(line: Line) -> tuple[float, float, float]:
        (ax, ay), _, (cx, cy), (dx, dy) = line.box
        x, y = (ax + dx) / 2, (ay + cy) / 2
        middle_x = (ax + cx) / 2
        level = middle_x * math.sin(turn) + y * math.cos(turn)
        return level, x * math.cos(turn) - y * math.sin(turn), math.dist((ax, ay), (dx, dy))

    rows: list[list[tuple[float, Line]]] = []
    bottom = -math.inf
    for (level, along, height), line in sorted(
        ((place(line), line) for line in lines), key=lambda pair: pair[0]
    ):
        if level > bottom:
            rows.append([])
            bottom = level + height / 2
        rows[-1].append((along, line))
    return [line for row in rows for _, line in sorted(row, key=lambda pair: pair[0])]
