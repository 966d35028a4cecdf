"""Measures of a page in points: its paper, type sizes, line pitches and bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrportal.geometry import Point, Rect
from ocrportal.layout.blocks import Block, Figure, Paragraph, TableBlock, TextLine
from ocrportal.layout.frame import is_vertical_text
from ocrportal.layout.laid_out_page import LaidOutPage, paper_size

MAX_SIDE = 1584.0
"""Longest side of a page in Word, 22 inches, in points."""
_A4_SHORT, _A4_LONG = 595.0, 842.0
_LONG = 3.0
"""Ratio of height to width from which a page runs over several pages."""
_MIN_TYPE, _MAX_TYPE = 5.0, 200.0
SPARE = 3.0
"""The text is so much wider than printed, in points, since other fonts may be wider."""
_BOTTOM = 36.0
"""The widest bottom margin, in points."""
MIN_MARGIN = 6.0
"""The narrowest margin, in points."""
_MAX_FIGURE = 0.9
"""Share of the page that a figure fills at most, within the narrowest margins."""
_MIN_SHRINK = 0.7
"""A figure that is wider than the text is made as wide as the text, but not smaller than this
share of its size: the width of a few short lines is not that of the column."""


class PageMeasures:
    """Converts the pixels of one page to points in Word.

    The text of a page of vertical columns is turned to rows: its places are those on a page that
    is rotated by 90° counter-clockwise, and ``size`` is the size of that.
    """

    def __init__(self, page: LaidOutPage, *, flows: bool = True) -> None:
        """``flows``: vertical text is turned, and a long page runs over several of A4."""
        self._upright = page.result
        paper = paper_size(page.result, page.source.dpi)
        self.is_long = flows and paper[1] > _LONG * paper[0]
        """Whether it is much longer than paper is, such as a picture of a whole web page."""
        if self.is_long:
            paper = (_A4_SHORT, _A4_SHORT * paper[1] / paper[0])
        width, height = (_A4_SHORT, _A4_LONG) if self.is_long else _roomy(page, paper)
        shrink = min(1.0, MAX_SIDE / max(width, height))
        self.paper = (width * shrink, height * shrink)
        self.is_vertical = flows and not self.is_long and _is_vertical(page)
        self.size = self.paper[::-1] if self.is_vertical else self.paper
        self.scale = paper[0] * shrink / self._upright.width
        """Points per pixel."""

    def type_size(self, paragraph: Paragraph) -> float:
        points = round(2 * paragraph.style.size * self.scale) / 2
        return min(max(points, _MIN_TYPE), _MAX_TYPE) if points else 0.0

    def pitch(self, paragraph: Paragraph) -> float:
        return paragraph.style.line_pitch * self.scale

    def bounds(self, lines: Iterable[TextLine]) -> Rect:
        """The bounds of at least one printed line."""
        return self._turned(self.bounds_on_paper(lines))

    def box(self, corners: Iterable[Point]) -> Rect:
        """The bounds of a box."""
        return self._turned(self.box_on_paper(corners))

    def bounds_on_paper(self, lines: Iterable[TextLine]) -> Rect:
        """The bounds of at least one printed line, never turned."""
        boxes = (self._upright.lines[index].box for line in lines for index in line.indices)
        return Rect.around_quads(boxes).scaled(self.scale)

    def box_on_paper(self, corners: Iterable[Point]) -> Rect:
        """The bounds of a box, never turned."""
        return Rect.around(corners).scaled(self.scale)

    def _turned(self, rect: Rect) -> Rect:
        if not self.is_vertical:
            return rect
        width = self.paper[0]
        return Rect(rect.top, width - rect.right, rect.bottom, width - rect.left)


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """The size of a figure in points, and its alignment in terms of Word."""

    size: tuple[float, float]
    alignment: str


def text_bounds(blocks: Sequence[Block], measures: PageMeasures) -> Rect | None:
    """The bounds of the text and tables of a page without its headers and footers; None without.

    A table may extend beyond the sides of text that is wider.
    """
    lines = [
        line
        for block in blocks
        if isinstance(block, Paragraph) and not block.is_header_or_footer
        for line in block.lines
    ]
    tables = [
        measures.box(block.table.box)
        for block in blocks
        if isinstance(block, TableBlock) and block.table.box
    ]
    text = measures.bounds(lines) if lines else None
    if not tables or text is None:
        return Rect.union(tables) if tables else text
    found = Rect.union([text, *tables])
    if text.width >= Rect.union(tables).width:
        return found._replace(left=text.left, right=text.right)
    return found


def foot_of(blocks: Iterable[Block], measures: PageMeasures) -> float:
    """The foot of the lowest text, figure or table; 0 for a page without them."""
    feet = [0.0]
    for block in blocks:
        if isinstance(block, Figure):
            feet.append(measures.box(block.box).bottom)
        elif isinstance(block, TableBlock) and block.table.box:
            feet.append(measures.box(block.table.box).bottom)
        elif isinstance(block, Paragraph) and block.lines and not block.is_header_or_footer:
            feet.append(measures.bounds(block.lines).bottom)
    return max(feet)


def text_limits(blocks: Sequence[Block], measures: PageMeasures) -> tuple[float, float]:
    """How high and how low the text of a page may reach, in points: between header and footer."""
    height = measures.size[1]
    if measures.is_long:
        return MIN_MARGIN, math.inf
    limit = height - bottom_margin(foot_of(blocks, measures), height)
    around = headers_footers(blocks, measures)
    heads = [rect.bottom for rect in around if rect.center_y <= height / 2]
    footers = [rect.top for rect in around if rect.center_y > height / 2]
    return max([MIN_MARGIN, *heads]), min([limit, *footers])


def headers_footers(blocks: Iterable[Block], measures: PageMeasures) -> list[Rect]:
    """The places of headers, footers and page numbers; none on a page of vertical text.

    They are above and below its columns, and take no room from them.
    """
    return [
        measures.bounds(block.lines)
        for block in blocks
        if isinstance(block, Paragraph)
        and block.is_header_or_footer
        and block.lines
        and not measures.is_vertical
    ]


def bottom_margin(foot: float, height: float) -> float:
    """The bottom margin of pages of a height whose text is printed as low as ``foot``.

    It is narrower than printed, since text may be longer in another font.
    """
    return max(MIN_MARGIN, min(_BOTTOM, (height - foot) / 2))


def figure_place(rect: Rect, text: Rect | None, measures: PageMeasures) -> FigurePlace:
    """A figure at its printed size, or as large as the page allows.

    It is aligned with whatever it is nearest to: an edge of the text, or its middle.
    """
    width, height = (_MAX_FIGURE * side for side in measures.size)
    if text is not None:
        width = min(width, max(text.width, rect.width * _MIN_SHRINK))
    scale = min(1.0, width / max(rect.width, 1.0), height / max(rect.height, 1.0))
    size = (max(rect.width * scale, 1.0), max(rect.height * scale, 1.0))
    if text is None:
        return FigurePlace(size, "center")
    distances = {
        "center": abs(rect.center_x - text.center_x),
        "left": abs(rect.left - text.left),
        "right": abs(rect.right - text.right),
    }
    return FigurePlace(size, min(distances, key=lambda name: distances[name]))


def _is_vertical(page: LaidOutPage) -> bool:
    """Whether the text of a page is vertical, and can be turned: tables cannot."""
    return is_vertical_text(page.result.lines) and not any(
        isinstance(block, TableBlock) for block in page.blocks
    )


def _roomy(page: LaidOutPage, paper: tuple[float, float]) -> tuple[float, float]:
    """The paper size of the source, or at least A4 for a page of fields only.

    A card is too small for the table of its fields.
    """
    width, height = paper
    if not page.result.fields or page.result.lines:
        return width, height
    is_landscape = width > height
    a4 = (_A4_LONG, _A4_SHORT) if is_landscape else (_A4_SHORT, _A4_LONG)
    return (width, height) if width >= a4[0] and height >= a4[1] else a4
