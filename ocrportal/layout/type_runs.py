"""The type of a text that was joined from printed lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from ocrportal.layout.blocks import TextLine, TextRun
from ocrportal.results import Line, PageResult, Type, TypeRun

Typed = tuple[TextRun, ...] | str
"""A text with its type, or without if that is not known."""


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

    Empty if the type of none of the lines is known. A text that was changed after joining, such
    as an entry of the contents without its dots, has the type of most of its characters.
    """
    lines = [upright.lines[index] for row in printed for index in row.indices]
    if not any(line.runs for line in lines):
        return ()
    found: list[tuple[str, Type]] = []
    for row in printed:
        typed = list(_typed_characters(upright, row))
        row_text = "".join(char for char, _ in typed)
        if found and not text.startswith(row_text, len(found)):
            if text.startswith(row_text, len(found) - 1):
                found.pop()  # a hyphen at the end of the line before
            else:
                found.append((" ", found[-1][1]))
        found += typed
    if "".join(char for char, _ in found) != text:
        usual, _count = Counter(kind for _, kind in found).most_common(1)[0]
        return (TextRun(text, usual),)
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


def resized(runs: tuple[TextRun, ...], scale: float) -> tuple[TextRun, ...]:
    """The runs of a page that is ``scale`` times as wide in pixels, in pixels of another one."""
    return tuple(
        replace(run, type=replace(run.type, size=round(run.type.size / scale, 1))) for run in runs
    )


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


def _typed_characters(upright: PageResult, row: TextLine) -> Iterator[tuple[str, Type]]:
    for piece, index in zip(row.pieces, row.indices, strict=True):
        line = upright.lines[index]
        start = len(line.text) - len(line.text.lstrip())
        middles = _middles(line)
        runs = iter(line.runs or (TypeRun(0, 1, Type()),))
        run = next(runs)
        for position, char in enumerate(piece, start):
            if position < len(middles):  # else the space after the line
                while middles[position] >= run.end and (following := next(runs, None)):
                    run = following
            yield char, run.type


def _middles(line: Line) -> list[float]:
    """The middle of each character of the text, as a fraction of the length of the line."""
    if not line.chars:
        return [(index + 0.5) / len(line.text) for index in range(len(line.text))]
    return [(char.start + char.end) / 2 for char in line.chars for _letter in char.text]
