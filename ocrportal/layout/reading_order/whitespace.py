"""White space between fragments: bands from top to bottom, gutters, and the middle of a spread."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from statistics import median

from ocrportal.layout.fragments import Fragment

_CORE = 0.6
"""Share of a fragment's height that separates bands: a detector's boxes have margins, so the
boxes of neighbouring rows may touch."""
_BOX_MARGIN = 0.25
"""Margin of a detector's box before and after the text, in line heights. Between columns that
are set close together the margins fill the gutter."""
_MIN_SPREAD_ASPECT = 1.1
"""Width of the text of a spread divided by its height, at least."""
_MIN_SPREAD_WIDTH = 45.0
"""Width of the text of a spread in line heights, at least."""
_MIN_SPREAD_GUTTER = 0.07
"""Share of its width between both pages, at least: the inner margins of two pages."""
_MIN_PAGE_ROWS = 10
"""Rows on each page, at least: a slide has fewer, and may have cards in rows."""

Band = list[Fragment]
"""Fragments between two horizontal white lines."""


@dataclass(frozen=True, slots=True)
class Gap:
    """White space between ``start`` and ``end`` on an axis, in pixels."""

    start: float
    end: float

    @property
    def width(self) -> float:
        return self.end - self.start

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Section:
    """Successive bands, from ``start`` to before ``end``, that the same gutters cross."""

    start: int
    end: int
    gutters: tuple[Gap, ...]


def bands_of(fragments: Iterable[Fragment]) -> list[Band]:
    """The fragments cut wherever a horizontal line crosses the core of none of them."""
    cores = sorted(((*_core(f), f) for f in fragments), key=lambda core: core[0])
    bands: list[Band] = []
    reach = float("-inf")
    for top, bottom, fragment in cores:
        if top >= reach:
            bands.append([])
        bands[-1].append(fragment)
        reach = max(reach, bottom)
    return bands


def gutters_of(fragments: Iterable[Fragment], min_width: float) -> tuple[Gap, ...]:
    """The gaps between the texts that no fragment covers, from left to right."""
    return _gaps(_cover([], fragments), min_width)


def facing_pages(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """The fragments of both pages of a spread, from left to right; otherwise all fragments."""
    left, right = min(f.rect.left for f in fragments), max(f.rect.right for f in fragments)
    height = max(f.rect.bottom for f in fragments) - min(f.rect.top for f in fragments)
    width, center = right - left, (left + right) / 2
    line = median(f.rect.height for f in fragments)
    if width < max(_MIN_SPREAD_ASPECT * height, _MIN_SPREAD_WIDTH * line):
        return [list(fragments)]
    gutters = gutters_of(fragments, _MIN_SPREAD_GUTTER * width)
    if len(gutters) != 1 or not gutters[0].start < center < gutters[0].end:
        return [list(fragments)]
    pages = [
        [f for f in fragments if f.rect.center_x < center],
        [f for f in fragments if f.rect.center_x >= center],
    ]
    if min(len(bands_of(page)) for page in pages) < _MIN_PAGE_ROWS:
        return [list(fragments)]
    return pages


def sections_of(bands: Sequence[Band], min_width: float, min_room: float) -> Iterator[Section]:
    """Every longest run of bands with gutters in common.

    A run ends wherever one of its gutters is closed. Longer runs have fewer gutters, so runs
    overlap. A column does not fit in less than ``min_room`` beside a band.
    """
    covers = [_cover([], band) for band in bands]
    left = min(cover[0][0] for cover in covers)
    right = max(cover[-1][1] for cover in covers)
    ends: dict[tuple[int, int], Section] = {}
    known: list[list[tuple[float, float]]] = [[] for _ in bands]
    """What the bands from the last start to each end cover."""
    for start in range(len(bands)):
        cover: list[tuple[float, float]] = []
        gutters: tuple[Gap, ...] = ()
        for end in range(start, len(bands)):
            cover = _merged([*cover, *covers[end]])
            remaining = _gaps(cover, min_width)
            if end > start and _closes_any(gutters, cover):
                _keep(ends, Section(start, end, gutters))
            gutters = remaining
            if cover == known[end]:
                gutters = ()  # what follows are sections of an earlier start, which are longer
                break
            known[end] = cover
            if not gutters and cover[0][0] < left + min_room and cover[-1][1] > right - min_room:
                break
        if gutters:
            _keep(ends, Section(start, len(bands), gutters))
    yield from ends.values()


def _keep(found: dict[tuple[int, int], Section], section: Section) -> None:
    """Add a section unless one that starts earlier has the same end and as many gutters."""
    found.setdefault((section.end, len(section.gutters)), section)


def _closes_any(gutters: Sequence[Gap], cover: list[tuple[float, float]]) -> bool:
    """Whether the middle of a gutter is inside one of the intervals, which are sorted."""
    for gap in gutters:
        index = bisect_left(cover, gap.middle, key=itemgetter(0)) - 1
        if index >= 0 and gap.middle < cover[index][1]:
            return True
    return False


def covered_height(fragments: Iterable[Fragment]) -> float:
    """The height of the rows that fragments are in, without the space between them."""
    return sum(bottom - top for top, bottom in _merged([_core(f) for f in fragments]))


def _core(fragment: Fragment) -> tuple[float, float]:
    if fragment.is_area:
        return fragment.rect.top, fragment.rect.bottom
    half = fragment.rect.height * _CORE / 2
    return fragment.rect.center_y - half, fragment.rect.center_y + half


def _text_edges(fragment: Fragment) -> tuple[float, float]:
    """Left and right edge of the text in a box, or of an area."""
    rect = fragment.rect
    if fragment.is_area:
        return rect.left, rect.right
    margin = min(_BOX_MARGIN * rect.height, rect.width / 4)
    return rect.left + margin, rect.right - margin


def _cover(
    intervals: list[tuple[float, float]], fragments: Iterable[Fragment]
) -> list[tuple[float, float]]:
    return _merged([*intervals, *map(_text_edges, fragments)])


def _merged(intervals: list[tuple[float, float]]) -> list[tuple[float, float]]:
    intervals.sort()
    merged: list[tuple[float, float]] = []
    for left, right in intervals:
        if merged and left <= merged[-1][1]:
            if right > merged[-1][1]:
                merged[-1] = (merged[-1][0], right)
        else:
            merged.append((left, right))
    return merged


def _gaps(cover: list[tuple[float, float]], min_width: float) -> tuple[Gap, ...]:
    return tuple(
        Gap(before[1], after[0])
        for before, after in pairwise(cover)
        if after[0] - before[1] >= min_width
    )
