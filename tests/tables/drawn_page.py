"""A page that a test draws, with lines as the recogniser returns them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ocrportal.results import Char, Line, Table, Type, TypeRun
from ocrportal.tables import find_tables

LETTER, HEIGHT = 12, 24


class Page:
    """An image on which a test draws rulings and texts; a letter is a bar of ink."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", (900, 700), "white")
        self.lines: list[Line] = []
        self._draw = ImageDraw.Draw(self.picture)

    def write(self, x: int, y: int, text: str, *, bold: bool = False) -> None:
        """Add a line of letters of the same width."""
        for number, letter in enumerate(text):
            if letter != " ":
                left = x + number * LETTER
                self._draw.rectangle((left + 2, y + 6, left + LETTER - 4, y + 18), fill="black")
        right, count = x + LETTER * len(text), len(text)
        chars = tuple(
            Char(letter, i / count, (i + 1) / count, 1.0) for i, letter in enumerate(text)
        )
        box = ((x, y), (right, y), (right, y + HEIGHT), (x, y + HEIGHT))
        quad = tuple((float(a), float(b)) for a, b in box)
        runs = (TypeRun(0.0, 1.0, Type(bold=bold)),)
        self.lines.append(Line(text, quad, 1.0, chars, runs))

    def fill(self, *corners: int) -> None:
        """A light background; to be drawn before what is on it."""
        self._draw.rectangle(corners, fill="#dddddd")

    def ruling(self, *ends: int) -> None:
        self._draw.line(ends, fill="black", width=2)

    def erase(self, *corners: int) -> None:
        self._draw.rectangle(corners, fill="white")

    def grid(self, xs: list[int], ys: list[int]) -> None:
        for x in xs:
            self.ruling(x, ys[0], x, ys[-1])
        for y in ys:
            self.ruling(xs[0], y, xs[-1], y)

    def found(self) -> tuple[list[Table], list[Line]]:
        return find_tables(np.asarray(self.picture), self.lines, 0.0)
