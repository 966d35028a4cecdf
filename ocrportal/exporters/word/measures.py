"""Measures of a page in points: type sizes, line pitches, gaps and bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from ocrportal.geometry import Point, Rect
from ocrportal.layout.blocks import Block, Figure, Paragraph, TableBlock, TextLine
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.paper import paper_size
from ocrportal.layout.typography import weighted_median

MAX_SIDE = 1584.0
"""Longest side of a page in Word, 22 inches, in points."""
_A4_SHORT, _A4_LONG = 595.0, 842.0
_SAME_TYPE = 0.1
"""Sizes that differ by less than this share count as the same."""
_MIN_TYPE, _MAX_TYPE = 5.0, 200.0
_MIN_PITCH, _MAX_PITCH = 1.1, 3.0
"""Limits of the line pitch, in type sizes."""
_MAX_GAP = 72.0
_MAX_FIGURE = 0.9
"""Share of the page that a figure fills at most, within the narrowest margins."""
_MIN_SHRINK = 0.7
"""A figure that is wider than the text is made as wide as the text, but not smaller than this
share of its size: the width of a few short lines is not that of the column."""


class PageMeasures:
    """Converts the pixels of one page to points on its paper in Word."""

    def __init__(self, page: LaidOutPage) -> None:
        self._upright = page.result
        paper = paper_size(page.result, page.source.dpi)
        width, height = _roomy(page, paper)
        shrink = min(1.0, MAX_SIDE / max(width, height))
        self.size = (width * shrink, height * shrink)
        self._scale = paper[0] * shrink / self._upright.width

    def type_size(self, paragraph: Paragraph) -> float:
        points = round(2 * paragraph.style.size * self._scale) / 2
        return min(max(points, _MIN_TYPE), _MAX_TYPE) if points else 0.0

    def pitch(self, paragraph: Paragraph) -> float:
        return paragraph.style.line_pitch * self._scale

    def bounds(self, lines: Iterable[TextLine]) -> Rect:
        """The bounds of at least one printed line."""
        boxes = (self._upright.lines[index].box for line in lines for index in line.indices)
        return Rect.around_quads(boxes).scaled(self._scale)

    def box(self, corners: Iterable[Point]) -> Rect:
        """The bounds of a box."""
        return Rect.around(corners).scaled(self._scale)


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """The size of a figure in points, and its alignment in terms of Word."""

    size: tuple[float, float]
    alignment: str


def text_bounds(blocks: Iterable[Block], measures: PageMeasures) -> Rect | None:
    """The bounds of the text of a page without its headers and footers; None without text."""
    lines = [
        line
        for block in blocks
        if isinstance(block, Paragraph) and not block.is_header_or_footer
        for line in block.lines
    ]
    return measures.bounds(lines) if lines else None


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


class TypeSizes:
    """Type sizes and line pitches of a document: the first of similar values is used for all."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def harmonised(self, name: str, measured: float) -> float:
        """The known size of this name if it is similar to the measured one, else the latter."""
        known = self._known.get(name, 0.0)
        if not known or abs(measured / known - 1) > _SAME_TYPE:
            self._known[name] = known = measured
        return known


@dataclass(frozen=True, slots=True)
class Setting:
    """The typographic setting of a paragraph, in points."""

    size: float
    pitch: float
    gap: float
    """Space above it in addition to the line pitch."""
    justified: bool


def settings_of(
    parts: tuple[Block, ...], measures: PageMeasures, sizes: TypeSizes
) -> dict[int, Setting]:
    """The settings of the paragraphs with a position, by index in ``parts``.

    Those of figures have a gap only.
    """
    printed = {
        place: part
        for place, part in enumerate(parts)
        if isinstance(part, Paragraph) and part.lines
    }
    body = [part for part in printed.values() if part.kind in ("body", "list_item")]
    running = body or list(printed.values())
    if not running:
        figures = [place for place, part in enumerate(parts) if isinstance(part, Figure)]
        return dict.fromkeys(figures, Setting(0.0, 0.0, 0.0, False))
    by_length = [(measures.type_size(part), len(part.text)) for part in running]
    base = sizes.harmonised("body", weighted_median(by_length))
    pitches = [measures.pitch(part) for part in body if part.style.line_pitch]
    pitch = sizes.harmonised("pitch", _within(median(pitches), base) if pitches else 1.3 * base)
    several = [part for part in body if len(part.lines) > 2]
    justified = sum(part.style.alignment == "justified" for part in several) * 2 > len(several)
    found: dict[int, Setting] = {}
    foot: float | None = None
    rest = 0.0
    for place, part in enumerate(parts):
        if isinstance(part, Figure):
            bounds = measures.box(part.box)
            white = bounds.top - pitch / 2 - foot if foot is not None else 0.0
            found[place] = Setting(base, pitch, min(max(white, 0.0), _MAX_GAP), False)
            foot, rest = max(foot or 0.0, bounds.bottom - pitch / 2), 0.0
        if isinstance(part, TableBlock) and part.table.box and foot is not None:
            # The gap is measured as if the table ended with a line of text.
            foot, rest = max(foot, measures.box(part.table.box).bottom - pitch / 2), 0.0
        if not isinstance(part, Paragraph) or place not in printed:
            continue
        size = _size(part, measures, sizes, base)
        own = measures.pitch(part) if len(part.lines) > 2 else pitch * size / base
        own = pitch if abs(own / pitch - 1) < _SAME_TYPE else _within(own, size)
        first, last = (measures.bounds(part.lines[end:][:1]) for end in (0, -1))
        white = 0.0
        if not part.is_header_or_footer:
            white = rest + first.center_y - foot - own if foot is not None else 0.0
            foot = last.center_y
        gap = min(white, _MAX_GAP) if white > 0.2 * own else 0.0
        # Lines that are closer than the pitch reduce the next gap, unless a column begins.
        rest = white if -own < white <= 0.2 * own else 0.0
        as_block = justified and part.kind == "body" and part.style.alignment == "left"
        found[place] = Setting(size, own, gap, as_block)
    return found


def _size(part: Paragraph, measures: PageMeasures, sizes: TypeSizes, base: float) -> float:
    size = measures.type_size(part)
    if part.kind == "heading":
        return sizes.harmonised(f"heading {part.level}", size)
    return base if abs(size / base - 1) < _SAME_TYPE else size


def _within(pitch: float, size: float) -> float:
    return min(max(pitch, _MIN_PITCH * size), _MAX_PITCH * size)


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
