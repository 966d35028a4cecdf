"""One printed row as invisible text, put on its ink.

Viewers guess lines and blanks from where characters stand. What is done here looks odd
in places because copied text must come out exactly as it was recognised in all of them:

- A row has one base line, one size and no gaps: fragments that lean a little differently
  would be taken for several lines, and every gap for a blank, also between Han characters.
- A row that rises or falls by less than its characters are high is set level.
- PDFium asks of whole pieces of text (what one Tj shows) whether they stand side
  by side. A leaning row reaches into the next row's height, and the columns of a vertical
  page all begin at one height. So a leaning row begins with its first character alone, and
  a column ends with its last two as well: of one character PDFium cannot tell where it runs,
  and takes it for the next row of a page that is mostly level.
- In level and vertical rows words are set one by one where the engine says where their
  characters are, and so is what changes between Han and Latin in mid-word; the blank
  between two words is drawn out. The words of a leaning row would be taken for lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrportal.exporters.pdf.font import FONT_NAME, Codes, advance, is_wide
from ocrportal.exporters.pdf.type_box import DESCENT, FittedLine
from ocrportal.exporters.pdf.writer import number
from ocrportal.geometry import Point, Quad, interpolate

_LEVEL = 1.0
"""A row that rises or falls by less than this, in sizes, is set level."""
_NEARLY_PARALLEL = 0.9
"""Cosine of the greatest angle between fragments that share a base line."""
_SIDE_BY_SIDE = 0.5
"""Slope at which a fragment stands no longer behind another but beside it."""
_MIN_BLANK = 0.3
"""Blanks narrower than this, in sizes, are overlooked by some viewers."""
_STEPS = (10, 5, 2, 1, 0.5, 0.2, 0.1)
"""Per cents to which the widths of texts are rounded: few digits are few bytes."""
_TOLERANCE = 0.025
"""How far the end of a text may be moved by that, in sizes."""
_LONG_COLUMN = 5
"""Characters in a column whose last two begin lower than an indented column beside it."""
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text with the blank behind it, and the share of its fragment's box that it fills."""

    text: str
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Text to be set from ``start`` to ``end``; distances along the row."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What rows are set on: its units stand upwards from its lower edge."""

    unit: float
    """Units per pixel."""
    height: float
    """Units."""
    places: int
    """Decimals that are worth writing."""


def row_operators(
    pieces: Sequence[str], lines: Sequence[FittedLine], sheet: Sheet, codes: Codes
) -> Iterator[bytes]:
    """The operators that set a row.

    ``pieces`` are the texts of the row's fragments with the blanks behind them, ``lines``
    the upright fragments with the boxes of their type, in pixels.
    """
    boxes = [line.box for line in lines]
    if not _in_line(boxes):
        for piece, line in zip(pieces, lines, strict=True):
            yield from row_operators([piece], [line], sheet, codes)
        return
    size = median(math.dist(box[0], box[3]) for box in boxes) or 1.0
    start, end = _base_line(boxes, size)
    length = math.dist(start, end) or 1.0
    cos, sin = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    texts, spans = [], []
    for piece, line in zip(pieces, lines, strict=True):
        left, right = (
            (x - start[0]) * cos + (y - start[1]) * sin for x, y in (line.box[3], line.box[2])
        )
        for word in _words(piece, line) if sin == 0 or cos == 0 else [_Piece(piece)]:
            texts.append(word.text)
            spans.append((left + (right - left) * word.start, left + (right - left) * word.end))
    first = spans[0][0]
    spans = [(left - first, right - first) for left, right in spans]
    x = (start[0] + first * cos) * sheet.unit
    y = sheet.height - (start[1] + first * sin) * sheet.unit
    turn = b" ".join(number(value) for value in (cos, -sin, sin, cos))
    yield b"/%b %b Tf" % (FONT_NAME.encode(), number(size * sheet.unit, sheet.places))
    yield b"%b %b %b Tm" % (turn, number(x, sheet.places), number(y, sheet.places))
    reached = 0.0
    for run in _runs(texts, spans, _MIN_BLANK * size):
        natural = advance(run.text) * size
        stretch = _stretch(run, reached, natural, size)
        reached += stretch / 100 * natural
        shown = b" ".join(b"%bTj" % codes.string(part) for part in _parts(run.text, cos, sin))
        yield b"%b Tz%b" % (number(stretch, 1), shown)


def _stretch(run: _Run, reached: float, natural: float, size: float) -> float:
    """The per cent of its ``natural`` width that a run is drawn to, in few digits.

    A blank is rounded by itself, so that most are alike, and never below the narrowest; a
    word from where the text has ``reached`` to where it should end, so that nothing adds up.
    """
    unit = natural / 100
    step = next((step for step in _STEPS if step * unit <= 2 * _TOLERANCE * size), _STEPS[-1])
    if run.text.isspace():
        steps = round((run.end - run.start) / unit / step)
        return max(steps, math.ceil(_MIN_BLANK * size / unit / step - 0.01)) * step
    return max(round((run.end - reached) / unit / step), 1) * step


def _words(piece: str, line: FittedLine) -> Iterator[_Piece]:
    """A fragment's text by words, and those by script, where its characters have places."""
    if not line.edges:
        yield _Piece(piece)
        return
    places = line.edges
    offset = len(line.text) - len(line.text.lstrip())
    cuts = [offset]
    for word in _WORD.finditer(piece):
        cuts += [
            offset + index
            for index in range(word.start() + 1, word.end())
            if _changes_script(piece[index - 1], piece[index])
        ]
        cuts.append(offset + word.end())
    last = offset + len(piece.rstrip())
    for start, end in pairwise(cuts):
        text = piece[start - offset : end - offset]
        ink = min(start + len(text.rstrip()), last)
        yield _Piece(text, places[start][0], places[ink - 1][1])


def _changes_script(before: str, after: str) -> bool:
    return not before.isspace() and not after.isspace() and is_wide(before) != is_wide(after)


def _in_line(boxes: Sequence[Quad]) -> bool:
    """Whether all boxes run the same way, one behind the other and not side by side."""
    (left, top), (right, bottom) = boxes[0][0], boxes[0][1]
    angle = math.atan2(bottom - top, right - left)
    cos, sin = math.cos(angle), math.sin(angle)
    for box in boxes[1:]:
        turn = math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) - angle
        along, across = box[0][0] - left, box[0][1] - top
        aside = abs(across * cos - along * sin)
        if math.cos(turn) < _NEARLY_PARALLEL or aside > _SIDE_BY_SIDE * abs(along):
            return False
    return True


def _base_line(boxes: Sequence[Quad], size: float) -> tuple[Point, Point]:
    """Where a row's base line begins and ends, set level or upright if it nearly is."""
    start = interpolate(boxes[0][3], boxes[0][0], DESCENT)
    end = interpolate(boxes[-1][2], boxes[-1][1], DESCENT)
    if abs(end[1] - start[1]) < _LEVEL * size:
        y = (start[1] + end[1]) / 2
        return (start[0], y), (end[0], y)
    if abs(end[0] - start[0]) < _LEVEL * size:
        x = (start[0] + end[0]) / 2
        return (x, start[1]), (x, end[1])
    return start, end


def _runs(
    pieces: Sequence[str], spans: Sequence[tuple[float, float]], narrowest_blank: float
) -> Iterator[_Run]:
    """The fragments of a row, each over its own box, and nothing open between them.

    What separates two of them is filled: by the blank, if one belongs there, else by
    drawing the first one out.
    """
    position = 0.0
    for text, (span, following) in zip(pieces, pairwise(spans), strict=False):
        reach = max(following[0], position + 1)
        word = text.rstrip()
        if word != text:
            end = max(min(span[1], reach - narrowest_blank), position + 1)
            yield _Run(word, position, end)
            position, reach = end, max(reach, end + narrowest_blank)
            text = text[len(word) :]
        yield _Run(text, position, reach)
        position = reach
    yield _Run(pieces[-1], position, max(spans[-1][1], position + 1))


def _parts(text: str, cos: float, sin: float) -> list[str]:
    """The pieces in which a run is shown, depending on the direction of its row."""
    if sin == 0 or len(text) < 2:
        return [text]
    if abs(sin) < abs(cos) or len(text) < _LONG_COLUMN:
        return [text[0], text[1:]]
    return [text[0], text[1:-2], text[-2:]]
