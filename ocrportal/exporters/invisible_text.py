"""One printed row as invisible text, put on its ink.

Viewers guess lines and blanks from where characters stand. What is done here looks odd
in places because copied text must come out exactly as it was recognised in all of them:

- A row has one base line, one size and no gaps: fragments that lean a little differently
  would be taken for several lines, and every gap for a blank, also between Han characters.
- A row that rises or falls by less than its characters are high is set level.
- PDFium asks of whole pieces of text (what one textOut shows) whether they stand side
  by side. A leaning row reaches into the next row's height, and the columns of a vertical
  page all begin at one height. So a leaning row begins with its first character alone, and
  a column ends with its last as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reportlab.pdfgen.textobject import PDFTextObject

from ocrportal.exporters.pdf_font import FONT_NAME, advance
from ocrportal.results import Point, Quad

_INK = 0.7
"""Share of a line's box that its characters fill; the rest is air around them."""
_BASE = 0.3
"""Height of the base line in the box of a line, from its lower edge."""
_LEVEL = 1.0
"""A row that rises or falls by less than this, in sizes, is set level."""
_NEARLY_PARALLEL = 0.9
"""Cosine of the greatest angle between fragments that share a base line."""
_NARROWEST_BLANK = 0.3
"""Blanks narrower than this, in sizes, are overlooked by some viewers."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Text to be set from ``start`` to ``end``; distances along the row."""

    text: str
    start: float
    end: float


def show_line(
    text: PDFTextObject,
    pieces: Sequence[str],
    boxes: Sequence[Quad],
    scale: float,
    page_height: float,
) -> None:
    """Add a row to the text of a page.

    ``pieces`` are the texts of the row's fragments with the blanks behind them, ``boxes``
    their corners in upright pixels; ``scale`` is points per pixel, ``page_height`` points.
    """
    if len(boxes) > 1 and not _parallel(boxes):
        for piece, box in zip(pieces, boxes, strict=True):
            show_line(text, [piece], [box], scale, page_height)
        return
    size = median(math.dist(box[0], box[3]) for box in boxes) * _INK or 1.0
    start, end = _base_line(boxes, size)
    length = math.dist(start, end) or 1.0
    cos, sin = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    edges = [
        (x - start[0]) * cos + (y - start[1]) * sin for box in boxes for x, y in (box[3], box[2])
    ]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    text.setFont(FONT_NAME, round(size * scale, 1))
    place = start[0] * scale, page_height - start[1] * scale
    turn = (round(value, 4) for value in (cos, -sin, sin, cos))
    text.setTextTransform(*turn, *(round(value, 1) for value in place))
    for run in _runs(pieces, spans, _NARROWEST_BLANK * size):
        stretch = 100 * (run.end - run.start) / (advance(run.text) * size)
        text.setHorizScale(round(stretch, 1))
        for part in _parts(run.text, cos, sin):
            text.textOut(part)


def _parallel(boxes: Sequence[Quad]) -> bool:
    """Whether all boxes run the same way, and none of them down the page beside the rest."""
    angles = [math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) for box in boxes]
    return all(math.cos(angle - angles[0]) > _NEARLY_PARALLEL for angle in angles)


def _base_line(boxes: Sequence[Quad], size: float) -> tuple[Point, Point]:
    """Where a row's base line begins and ends, set level or upright if it nearly is."""
    start = _between(boxes[0][3], boxes[0][0], _BASE)
    end = _between(boxes[-1][2], boxes[-1][1], _BASE)
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
        if text.endswith(" "):
            end = max(min(span[1], reach - narrowest_blank), position + 1)
            yield _Run(text[:-1], position, end)
            position, reach = end, max(reach, end + narrowest_blank)
            text = " "
        yield _Run(text, position, reach)
        position = reach
    yield _Run(pieces[-1], position, max(spans[-1][1], position + 1))


def _parts(text: str, cos: float, sin: float) -> list[str]:
    """The pieces in which a run is shown, depending on the direction of its row."""
    if sin == 0 or len(text) < 2:
        return [text]
    if abs(sin) < abs(cos):
        return [text[0], text[1:]]
    return [part for part in (text[0], text[1:-1], text[-1]) if part]


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
