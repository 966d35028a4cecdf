"""The type of printed lines, measured in the picture of their page: its weight, slant and colour.

:func:`with_measured_types` takes the lines of a page and its picture. ``strip.py`` measures the
words of a line, ``emphasis.py`` decides which of them are bold and italic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ocrportal.printed_type.emphasis import bold_words, italic_words
from ocrportal.printed_type.strip import Strip, Word
from ocrportal.results import Line, Type, TypeRun

_SAME_COLOUR = 64
"""Levels, of 255, by which red, green and blue of one ink differ at most."""


def with_measured_types(pixels: NDArray[np.uint8], lines: Sequence[Line]) -> list[Line]:
    """The lines with the type of their characters, unless the file gives its font.

    ``pixels`` is the page, height x width x 3 (RGB), on which the lines lie. Lines without places
    of their characters, and lines that are too small, stay as they are.
    """
    words = {
        index: found
        for index, line in enumerate(lines)
        if any(not run.type.font for run in line.runs or (TypeRun(0, 1, Type()),))
        and (strip := Strip.of(pixels, line)) is not None
        and (found := list(strip.words(line)))
    }
    in_bold, in_italic = bold_words(list(words.values())), italic_words(list(words.values()))
    return [
        _with_runs(line, words[index], in_bold, in_italic) if index in words else line
        for index, line in enumerate(lines)
    ]


def _with_runs(
    line: Line, words: Sequence[Word], in_bold: frozenset[Word], in_italic: frozenset[Word]
) -> Line:
    typed: list[tuple[Word, Type]] = []
    for word in words:
        measured = _type(line, word, word in in_bold, word in in_italic)
        if typed and _are_alike(typed[-1][1].colour, measured.colour):
            measured = replace(measured, colour=typed[-1][1].colour)
        typed.append((word, measured))
    parts = [list(part) for _, part in groupby(typed, key=lambda pair: pair[1])]
    starts = [0.0, *(part[0][0].start for part in parts[1:]), 1.0]
    runs = tuple(
        TypeRun(start, end, part[0][1])
        for part, start, end in zip(parts, starts, starts[1:], strict=False)
    )
    return replace(line, runs=runs)


def _type(line: Line, word: Word, bold: bool, italic: bool) -> Type:
    known = next(_types_at(line, (word.start + word.end) / 2), Type())
    if known.font:
        return known
    return Type(
        known.size,
        bold=known.bold or bold,
        italic=known.italic or italic,
        underline=known.underline or word.is_underlined,
        colour=known.colour or word.colour,
    )


def _are_alike(colour: str, other: str) -> bool:
    """Whether two colours that were measured are those of one ink."""
    if not (colour and other):
        return False
    levels = (bytes.fromhex(each.removeprefix("#")) for each in (colour, other))
    return all(abs(a - b) < _SAME_COLOUR for a, b in zip(*levels, strict=True))


def _types_at(line: Line, middle: float) -> Iterator[Type]:
    return (run.type for run in line.runs if run.start <= middle <= run.end)
