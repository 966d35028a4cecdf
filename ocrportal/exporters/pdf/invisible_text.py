"""One printed row as invisible text over its ink.

Viewers derive lines and spaces from the positions of characters. The rules here make copied text
equal to the recognised text in all viewers:

- A row has one baseline, one size and no gaps. Otherwise viewers split fragments with different
  slopes into several lines, and insert a space at every gap, also between Han characters.
- A row that rises or falls by less than the height of its characters is horizontal.
- PDFium compares whole text objects (the text of one ``Tj``) to decide whether they are on one
  line. A skewed row extends into the height of the next row, and the columns of a vertical page
  start at the same height. So the first character of a skewed row is a separate text object, and
  so are the last two of a column: a single character has no direction for PDFium, which takes it
  for the next row of a horizontal page.
- In horizontal and vertical rows, each word is positioned by itself if the engine gives character
  positions, as is each change between Han and Latin within a word, and the space between two words
  is stretched. In a skewed row, viewers would take the words for lines.
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
from ocrportal.geometry import Point, Quad, interpolate, quad_angle, quad_height

_MAX_RISE = 1.0
"""A row that rises or falls by less than this, in type sizes, is horizontal."""
_NEARLY_PARALLEL = 0.9
"""Cosine of the largest angle between fragments on one baseline."""
_SIDE_BY_SIDE = 0.5
"""Slope from which a fragment is beside another one, rather than after it."""
_MIN_SPACE = 0.3
"""Some viewers ignore spaces narrower than this, in type sizes."""
_STEPS = (10, 5, 2, 1, 0.5, 0.2, 0.1)
"""Steps in percent to which horizontal scaling is rounded, since fewer digits are fewer bytes."""
_TOLERANCE = 0.025
"""Displacement of the end of a text by the rounding, in type sizes, at most."""
_LONG_COLUMN = 5
"""Minimum length of a column whose last two characters start below an indented neighbour."""
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text with the space after it, and its extent in the box of its fragment."""

    text: str
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Text from ``start`` to ``end``, as distances along the row."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageScale:
    """The coordinates of rows, with y upwards from the lower edge."""

    unit: float
    """Units per pixel."""
    height: float
    """In units."""
    decimals: int
    """Decimals of coordinates."""


def row_operators(
    pieces: Sequence[str], lines: Sequence[FittedLine], scale: PageScale, codes: Codes
) -> Iterator[bytes]:
    """The operators that show a row.

    ``pieces`` are the texts of the fragments with the spaces after them, ``lines`` the upright
    fragments with their type boxes, in pixels.
    """
    boxes = [line.box for line in lines]
    if not _in_line(boxes):
        for piece, line in zip(pieces, lines, strict=True):
            yield from row_operators([piece], [line], scale, codes)
        return
    size = median(map(quad_height, boxes)) or 1.0
    start, end = _baseline(boxes, size)
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
    x = (start[0] + first * cos) * scale.unit
    y = scale.height - (start[1] + first * sin) * scale.unit
    turn = b" ".join(number(value) for value in (cos, -sin, sin, cos))
    yield b"/%b %b Tf" % (FONT_NAME.encode(), number(size * scale.unit, scale.decimals))
    yield b"%b %b %b Tm" % (turn, number(x, scale.decimals), number(y, scale.decimals))
    reached = 0.0
    for run in _runs(texts, spans, _MIN_SPACE * size):
        natural = advance(run.text) * size
        stretch = _stretch(run, reached, natural, size)
        reached += stretch / 100 * natural
        shown = b" ".join(b"%bTj" % codes.string(part) for part in _parts(run.text, cos, sin))
        yield b"%b Tz%b" % (number(stretch, 1), shown)


def _stretch(run: _Run, reached: float, natural: float, size: float) -> float:
    """The horizontal scaling of a run in percent of its ``natural`` width, in few digits.

    The width of a space is rounded by itself, so that most spaces are equal, and not below the
    minimum. A word is scaled from the end of the text before it, ``reached``, to its own end, so
    that rounding errors do not accumulate.
    """
    unit = natural / 100
    step = next((step for step in _STEPS if step * unit <= 2 * _TOLERANCE * size), _STEPS[-1])
    if run.text.isspace():
        steps = round((run.end - run.start) / unit / step)
        return max(steps, math.ceil(_MIN_SPACE * size / unit / step - 0.01)) * step
    return max(round((run.end - reached) / unit / step), 1) * step


def _words(piece: str, line: FittedLine) -> Iterator[_Piece]:
    """The text of a fragment by word and script, if its characters have positions."""
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
    """Whether all boxes have the same direction, and each is after the one before it."""
    left, top = boxes[0][0]
    angle = quad_angle(boxes[0])
    cos, sin = math.cos(angle), math.sin(angle)
    for box in boxes[1:]:
        turn = quad_angle(box) - angle
        along, across = box[0][0] - left, box[0][1] - top
        aside = abs(across * cos - along * sin)
        if math.cos(turn) < _NEARLY_PARALLEL or aside > _SIDE_BY_SIDE * abs(along):
            return False
    return True


def _baseline(boxes: Sequence[Quad], size: float) -> tuple[Point, Point]:
    """Start and end of the baseline of a row, made horizontal or vertical if it nearly is."""
    start = interpolate(boxes[0][3], boxes[0][0], DESCENT)
    end = interpolate(boxes[-1][2], boxes[-1][1], DESCENT)
    if abs(end[1] - start[1]) < _MAX_RISE * size:
        y = (start[1] + end[1]) / 2
        return (start[0], y), (end[0], y)
    if abs(end[0] - start[0]) < _MAX_RISE * size:
        x = (start[0] + end[0]) / 2
        return (x, start[1]), (x, end[1])
    return start, end


def _runs(
    pieces: Sequence[str], spans: Sequence[tuple[float, float]], min_space: float
) -> Iterator[_Run]:
    """The fragments of a row, each over its box, without gaps between them.

    A gap is filled by the space between two fragments or, without a space, by stretching the
    first one.
    """
    position = 0.0
    for text, (span, following) in zip(pieces, pairwise(spans), strict=False):
        reach = max(following[0], position + 1)
        word = text.rstrip()
        if word != text:
            end = max(min(span[1], reach - min_space), position + 1)
            yield _Run(word, position, end)
            position, reach = end, max(reach, end + min_space)
            text = text[len(word) :]
        yield _Run(text, position, reach)
        position = reach
    yield _Run(pieces[-1], position, max(spans[-1][1], position + 1))


def _parts(text: str, cos: float, sin: float) -> list[str]:
    """The parts of a run that are separate text objects, by the direction of its row."""
    if sin == 0 or len(text) < 2:
        return [text]
    if abs(sin) < abs(cos) or len(text) < _LONG_COLUMN:
        return [text[0], text[1:]]
    return [text[0], text[1:-2], text[-2:]]
