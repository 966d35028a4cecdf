"""Lengths of a page in points, as Word sets it: type, line pitch, gaps, edges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from ocrportal.layout.blocks import Block, Paragraph, TableBlock, TextLine
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.paper import paper_size

MAX_SIDE = 1584.0
"""Word knows no page beyond 22 inches (in points)."""
_A4_SHORT, _A4_LONG = 595.0, 842.0
_SAME_TYPE = 0.1
"""Sizes that differ by less than this share are one and the same, measured twice."""
_MIN_TYPE, _MAX_TYPE = 5.0, 200.0
_MIN_PITCH, _MAX_PITCH = 1.1, 3.0
"""In sizes of the type."""
_MAX_GAP = 72.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Edges in points, from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class PageMeasures:
    """Turns the pixels of one page into points on Word's paper."""

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

    def place_of(self, lines: Iterable[TextLine]) -> Rectangle:
        """The rectangle around printed rows; there must be some."""
        boxes = [self._upright.lines[index].box for line in lines for index in line.indices]
        across = [x * self._scale for box in boxes for x, _ in box]
        down = [y * self._scale for box in boxes for _, y in box]
        return Rectangle(min(across), min(down), max(across), max(down))

    def box(self, corners: Iterable[tuple[float, float]]) -> Rectangle:
        points = [(x * self._scale, y * self._scale) for x, y in corners]
        across, down = [x for x, _ in points], [y for _, y in points]
        return Rectangle(min(across), min(down), max(across), max(down))


class TypeSizes:
    """Sizes and pitches of a document, told once: measured anew they vary a little."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def settled(self, name: str, measured: float) -> float:
        """The size under this name, unless what is measured now is another one."""
        known = self._known.get(name, 0.0)
        if not known or abs(measured / known - 1) > _SAME_TYPE:
            self._known[name] = known = measured
        return known


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set, in points."""

    size: float
    pitch: float
    gap: float
    """White above it, beyond the pitch."""
    justified: bool


def settings_of(
    parts: tuple[Block, ...], measures: PageMeasures, sizes: TypeSizes
) -> dict[int, Setting]:
    """The setting of each paragraph of a page whose place is known, by its place in ``parts``."""
    printed = {
        place: part
        for place, part in enumerate(parts)
        if isinstance(part, Paragraph) and part.lines
    }
    body = [part for part in printed.values() if part.kind in ("body", "list_item")]
    running = body or list(printed.values())
    if not running:
        return {}
    by_length = sorted((measures.type_size(part), len(part.text)) for part in running)
    base = sizes.settled("body", _weighted_median(by_length))
    pitches = [measures.pitch(part) for part in body if part.style.line_pitch]
    pitch = sizes.settled("pitch", _within(median(pitches), base) if pitches else 1.3 * base)
    several = [part for part in body if len(part.lines) > 2]
    justified = sum(part.style.alignment == "justified" for part in several) * 2 > len(several)
    found: dict[int, Setting] = {}
    foot: float | None = None
    rest = 0.0
    for place, part in enumerate(parts):
        if isinstance(part, TableBlock) and part.table.box and foot is not None:
            # As if a line of text ended the table: the gap is counted from there.
            foot, rest = max(foot, measures.box(part.table.box).bottom - pitch / 2), 0.0
        if not isinstance(part, Paragraph) or place not in printed:
            continue
        size = _size(part, measures, sizes, base)
        own = measures.pitch(part) if len(part.lines) > 2 else pitch * size / base
        own = pitch if abs(own / pitch - 1) < _SAME_TYPE else _within(own, size)
        first, last = (measures.place_of(part.lines[end:][:1]) for end in (0, -1))
        white = 0.0
        if not part.is_header_or_footer:
            white = rest + first.middle - foot - own if foot is not None else 0.0
            foot = last.middle
        gap = min(white, _MAX_GAP) if white > 0.2 * own else 0.0
        # Rows set closer than the pitch take it from the next gap, unless a column begins.
        rest = white if -own < white <= 0.2 * own else 0.0
        as_block = justified and part.kind == "body" and part.style.alignment == "left"
        found[place] = Setting(size, own, gap, as_block)
    return found


def _size(part: Paragraph, measures: PageMeasures, sizes: TypeSizes, base: float) -> float:
    size = measures.type_size(part)
    if part.kind == "heading":
        return sizes.settled(f"heading {part.level}", size)
    return base if abs(size / base - 1) < _SAME_TYPE else size


def _within(pitch: float, size: float) -> float:
    return min(max(pitch, _MIN_PITCH * size), _MAX_PITCH * size)


def _weighted_median(sizes: list[tuple[float, int]]) -> float:
    half = sum(weight for _, weight in sizes) / 2
    for size, weight in sizes:
        half -= weight
        if half <= 0:
            return size
    return sizes[-1][0]


def _roomy(page: LaidOutPage, paper: tuple[float, float]) -> tuple[float, float]:
    """The paper of the source, but at least A4 for fields alone: a card is too small for the
    table of its fields."""
    width, height = paper
    if not page.result.fields or page.result.lines:
        return width, height
    lies = width > height
    a4 = (_A4_LONG, _A4_SHORT) if lies else (_A4_SHORT, _A4_LONG)
    return (width, height) if width >= a4[0] and height >= a4[1] else a4
