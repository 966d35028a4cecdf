"""The type of a text that was joined from printed lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from ocrportal.layout.blocks import TextLine, TextRun
from ocrportal.results import Line, PageResult, Type

Typed = tuple[TextRun, ...] | str
"""A text with its type, or without if that is not known."""
_DROPPED = 3
"""The characters that joining two lines leaves out at most: a hyphen and spaces."""


def known_size(line: Line) -> float:
    """The type size of most of a line in pixels; 0 if it is not known."""
    lengths: dict[float, float] = {}
    for run in line.runs:
        lengths[run.type.size] = lengths.get(run.type.size, 0.0) + run.end - run.start
    return max(lengths, key=lambda size: lengths[size], default=0.0)


def is_bold(line: Line) -> bool:
    """Whether all of a line is known to be bold."""
    return bool(line.runs) and all(run.type.bold for run in line.runs)


def text_runs(upright: PageResult, printed: Sequence[TextLine], text: str) -> tuple[TextRun, ...]:
    """``text``, which the lines were joined to, divided where its type changes.

    Empty if the type of one of the lines is not known.
    """
    lines = [upright.lines[index] for row in printed for index in row.indices]
    if not all(line.runs for line in lines):
        return ()
    typed = list(_typed_characters(upright, printed))
    found: list[tuple[str, Type]] = []
    position = 0
    for char in text:
        ahead = [other for other, _ in typed[position : position + 1 + _DROPPED]]
        if char in ahead:
            position += ahead.index(char) + 1
        # Else it is a space between two lines, which has the type of the text before it.
        found.append((char, typed[max(position - 1, 0)][1]))
    return tuple(
        TextRun("".join(char for char, _ in part), kind)
        for kind, part in groupby(found, key=itemgetter(1))
    )


def joined_runs(
    text: str, first: tuple[TextRun, ...], rest: tuple[TextRun, ...]
) -> tuple[TextRun, ...]:
    """The runs of ``text``, which begins with that of ``first`` and ends with that of ``rest``."""
    if not (first and rest):
        return ()
    end = len(text) - sum(len(run.text) for run in rest)
    kept: list[TextRun] = []
    start = 0
    for run in first:
        kept.append(TextRun(text[start : min(start + len(run.text), end)], run.type))
        start += len(run.text)
    if start < end:  # a space between the two
        kept[-1] = TextRun(kept[-1].text + text[start:end], kept[-1].type)
    return (*(run for run in kept if run.text), *rest)


def length_of(text: Typed) -> int:
    """The characters of a text."""
    return len(text) if isinstance(text, str) else sum(len(run.text) for run in text)


def part_of(text: Typed, start: int, end: int | None = None) -> Typed:
    """The characters of a text from ``start`` to ``end``, as in a slice of a string."""
    end = length_of(text) if end is None else end
    if isinstance(text, str):
        return text[start:end]
    kept = []
    place = 0
    for run in text:
        inner = run.text[max(0, start - place) : max(0, end - place)]
        place += len(run.text)
        if inner:
            kept.append(replace(run, text=inner))
    return tuple(kept)


def _typed_characters(
    upright: PageResult, printed: Sequence[TextLine]
) -> Iterator[tuple[str, Type]]:
    for row in printed:
        for piece, index in zip(row.pieces, row.indices, strict=True):
            line = upright.lines[index]
            start = len(line.text) - len(line.text.lstrip())
            middles = _middles(line)
            kind = line.runs[0].type
            runs = iter(line.runs)
            run = next(runs)
            for position, char in enumerate(piece, start):
                if position < len(middles):  # else the space after the line
                    while middles[position] >= run.end and (following := next(runs, None)):
                        run = following
                    kind = run.type
                yield char, kind


def _middles(line: Line) -> list[float]:
    """The middle of each character of the text, as a fraction of the length of the line."""
    if not line.chars:
        return [(index + 0.5) / len(line.text) for index in range(len(line.text))]
    return [(char.start + char.end) / 2 for char in line.chars for _letter in char.text]
