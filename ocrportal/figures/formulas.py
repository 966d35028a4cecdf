"""Displayed formulas: mathematics on lines of its own, which a recogniser of text cannot read.

A formula is a group of pieces that are no words and have no text beside them: stacked signs, such
as a fraction or a sum with its limits, or one row in the middle of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocrportal.figures.marks import Mark, Role
from ocrportal.figures.page_colours import PageColours
from ocrportal.geometry import Rect
from ocrportal.results import Line

# Lengths are in line heights.
_RELATION = re.compile(r"[=≠≈≡≤≥<>≪≫∝∈⊂→⇒≜∑∏∫√±∂∇]|[:：]=")
"""A formula has one of these."""
_FUNCTIONS = re.compile(r"(?i)\b(sin|cos|tan|log|ln|exp|lim|max|min|arg|sup|inf|det|mod|if|for)\b")
_WORD = re.compile(r"[A-Za-z][a-z]{2,}|[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]+")
_MIN_WORD = 4
"""Fewer letters, or one ideograph, may be misread signs."""
_MAX_WORDS = 0.5
"""A line with a larger share of its characters in words is text …"""
_MAX_LETTERS = 12
"""… as is one with more letters than this in words."""
_PROGRAM = re.compile(r"[;；]\s*$|==|//|[+\-*]=")
"""Marks of the lines of a program, which are text."""
_LETTER = re.compile(r"[A-Za-zΑ-ωϕϵ∂∇]")
"""A name in a formula; arithmetic without one is text."""
_NUMBER = re.compile(r"(?:^|\s)[(（\[]\s*[A-Z]?\d+(?:[.．\-–]\d+)*[a-z]?\s*[)）\]]$")
"""The number of a formula at the right edge of its column."""
_MARKER = re.compile(r"^\s*[(（]?[\da-zA-Z]{1,3}[)）.、]\s*")
"""The number of an exercise is not a name."""
_ACROSS, _DOWN = 1.6, 0.3
"""Space between two pieces of a formula, at most."""
MAX_PART = 3.5
"""Higher marks are drawings."""
_MIN_STACKED = 1.6
"""Stacked signs are at least this high."""
_MAX_HIGH = 8.0
_OVER = 0.4
"""Pieces that have more than this share of their width in common are above each other."""
_SAME_LEFT = 0.3
_SHORT = 4.0
"""Longer pieces that begin at the same place are lines of a list."""
_MAX_BAR, _MIN_BAR = 0.35, 0.8
_SAME_MIDDLE = 0.25
"""A fraction bar is lower than the first and wider than the second, and the middles of its terms
differ from its own by less than the last share of its width."""
_BETWEEN = 0.3
"""The boxes of two lines of a text overlap by less than this …"""
_LIMIT = 0.85
"""… and those of the limits of a sum, which are lower than this, are closer to it."""
_FAR = 12.0
"""The distance of a number, if there is no text whose right edge it shares."""
_BESIDE = 1.8
"""Text closer than this on the left or on the right: the piece is within a line."""
_NEAR = 8.0
"""The text above or below a formula is at most so far from it."""
_MIN_COLUMN = 8.0
_INDENT = 1.2
"""A row in the middle of its column has at least this much space on the left …"""
_CENTERED = 0.08
"""… and its middle differs by less than this share of the column."""


@dataclass(frozen=True, slots=True)
class _Part:
    rect: Rect
    text: str
    """Empty for a sign that was not recognised."""


def find_formulas(
    page: PageColours,
    lines: Sequence[Line],
    words: Sequence[Rect],
    marks: Sequence[Mark],
    elsewhere: Sequence[Rect],
) -> list[Rect]:
    """The bounds of the displayed formulas on a page, with their numbers, from top to bottom.

    ``words`` are the places of ``lines``; ``elsewhere`` are those of tables and figures.
    """
    unit = page.line_height
    pieces, texts, numbers = [], [], []
    for line, rect in zip(lines, words, strict=True):
        if any(area.contains(rect.center) for area in elsewhere):
            continue
        if _NUMBER.fullmatch(line.text.strip()):
            numbers.append(rect)
        elif _is_text(line.text):
            texts.append(rect)
        else:
            pieces.append(_Part(rect, line.text))
    if not any(_RELATION.search(piece.text) for piece in pieces):
        return []
    signs = [
        _Part(mark.rect, "")
        for mark in marks
        if mark.role in (Role.PART, Role.RULING, Role.FIGURE)
        and mark.rect.height < MAX_PART * unit
        and not any(area.contains(mark.rect.center) for area in elsewhere)
    ]
    columns = _Columns(texts, unit)
    found = []
    for group in _groups(page, pieces, signs, texts):
        for row in _rows([_fraction(part, group, unit) for part in group], unit):
            bounds = Rect.union(part.rect for part in row)
            if not _is_mathematics(row) or bounds.height > _MAX_HIGH * unit:
                continue
            if columns.has_text_beside(bounds):
                continue
            number = columns.number_of(bounds, numbers)
            if (
                number is not None
                or any(_NUMBER.search(part.text) for part in row)
                or _is_stacked(row, unit)
                or columns.has_in_its_middle(bounds)
            ):
                place = Rect.union((bounds, number)) if number else bounds
                found.append(_inked(place, page))
    return sorted(found, key=lambda rect: (rect.top, rect.left))


def _is_text(text: str) -> bool:
    """Whether a line has words, or is of a program."""
    names = _FUNCTIONS.sub("", text)
    plain = "".join(names.split())
    if len(plain) < 2 or (len(plain) < _MIN_WORD and plain.isascii()):
        return False
    letters = sum(len(word) for word in _WORD.findall(names))
    return letters > min(_MAX_LETTERS, _MAX_WORDS * len(plain)) or bool(_PROGRAM.search(text))


def _is_mathematics(row: Sequence[_Part]) -> bool:
    text = " ".join(_MARKER.sub("", part.text) for part in row)
    return bool(_RELATION.search(text) and _LETTER.search(text))


def _is_stacked(row: Sequence[_Part], unit: float) -> bool:
    """Whether there are signs above each other, or signs higher than a line."""
    if any(part.rect.height > _MIN_STACKED * unit for part in row):
        return True
    order = sorted((part.rect for part in row if part.text), key=lambda rect: rect.left)
    return any(
        before.right - after.left > _OVER * min(before.width, after.width)
        and (after.left - before.left > _SAME_LEFT * unit or before.width < _SHORT * unit)
        for before, after in pairwise(order)
    )


def _fraction(bar: _Part, group: Sequence[_Part], unit: float) -> _Part:
    """A fraction instead of its bar; another part is returned unchanged."""
    rect = bar.rect
    if bar.text or rect.height > _MAX_BAR * unit or rect.width < _MIN_BAR * unit:
        return bar
    terms = [
        part.rect
        for part in group
        if part.text
        and part.rect.width < rect.width + unit
        and abs(part.rect.center_x - rect.center_x) < _SAME_MIDDLE * rect.width
        and abs(part.rect.center_y - rect.center_y) < unit
    ]
    places = {term.center_y < rect.center_y for term in terms}
    return _Part(Rect.union((rect, *terms)), "") if len(places) == 2 else bar


def _rows(group: Sequence[_Part], unit: float) -> Iterator[list[_Part]]:
    """The parts of a group, divided where a text would have a new line."""
    row: list[_Part] = []
    bottom = 0.0
    for part in sorted(group, key=lambda part: part.rect.top):
        is_limit = part.rect.height < _LIMIT * unit or all(
            above.rect.height < _LIMIT * unit for above in row
        )
        if row and part.rect.top > bottom + (_BETWEEN if is_limit else -_BETWEEN) * unit:
            yield row
            row, bottom = [], 0.0
        row.append(part)
        bottom = max(bottom, part.rect.bottom)
    if row:
        yield row


def _groups(
    page: PageColours, pieces: Sequence[_Part], signs: Sequence[_Part], texts: Sequence[Rect]
) -> Iterable[list[_Part]]:
    """Pieces and signs that are close to each other, in groups with a piece at least."""
    across, down = _ACROSS * page.line_height / 2, _DOWN * page.line_height / 2
    mask = np.zeros((page.height, page.width), np.uint8)
    for part in (*pieces, *signs):
        left, top = round(part.rect.left - across), round(part.rect.top - down)
        right, bottom = round(part.rect.right + across), round(part.rect.bottom + down)
        cv2.rectangle(mask, (left, top), (right, bottom), 1, cv2.FILLED)
    for rect in texts:
        left, top, right, bottom = map(round, rect)
        cv2.rectangle(mask, (left, top), (right, bottom), 0, cv2.FILLED)
    _, labels = cv2.connectedComponents(mask, connectivity=8)
    groups: dict[int, list[_Part]] = {}
    for part in pieces:
        if label := _label(labels, part.rect):
            groups.setdefault(label, []).append(part)
    for part in signs:
        if (label := _label(labels, part.rect)) in groups:
            groups[label].append(part)
    return groups.values()


def _inked(place: Rect, page: PageColours) -> Rect:
    """The part with ink of a place, which the boxes of a detector exceed."""
    left, top = max(0, int(place.left)), max(0, int(place.top))
    part = page.ink[top : int(place.bottom) + 1, left : int(place.right) + 1]
    x, y, width, height = cv2.boundingRect(part)
    if not width:
        return place
    return Rect(left + x - 1, top + y - 1, left + x + width + 1, top + y + height + 1)


def _label(labels: np.ndarray, rect: Rect) -> int:
    x = min(max(round(rect.center_x), 0), labels.shape[1] - 1)
    y = min(max(round(rect.center_y), 0), labels.shape[0] - 1)
    return int(labels[y, x])


class _Columns:
    """The lines of text around formulas."""

    def __init__(self, texts: Sequence[Rect], unit: float) -> None:
        self._texts = texts
        self._unit = unit

    def has_text_beside(self, bounds: Rect) -> bool:
        """Whether a line of text continues on the left or on the right."""
        reach = _BESIDE * self._unit
        return any(
            text.left < bounds.right + reach
            and text.right > bounds.left - reach
            and min(text.bottom, bounds.bottom) - max(text.top, bounds.top) > 0.3 * text.height
            for text in self._texts
        )

    def has_in_its_middle(self, bounds: Rect) -> bool:
        """Whether a place is in the middle of a column of text, with space on both sides."""
        edges = self._edges(bounds)
        if edges is None:
            return False
        left, right = edges
        return bounds.left - left > _INDENT * self._unit and abs(
            bounds.center_x - (left + right) / 2
        ) < _CENTERED * (right - left)

    def number_of(self, bounds: Rect, numbers: Sequence[Rect]) -> Rect | None:
        """The number on the right of a formula, within its column."""
        edges = self._edges(bounds)
        limit = edges[1] + self._unit if edges else bounds.right + _FAR * self._unit
        on_row = [
            rect
            for rect in numbers
            if bounds.top < rect.center_y < bounds.bottom
            and rect.left >= bounds.right
            and rect.right <= limit
        ]
        return min(on_row, key=lambda rect: rect.left, default=None)

    def _edges(self, bounds: Rect) -> tuple[float, float] | None:
        """The left and right edge of the text above and below a place; None if there is none."""
        near = [
            text
            for text in self._texts
            if text.width > _MIN_COLUMN * self._unit
            and text.overlaps_in_x(bounds)
            and max(text.top - bounds.bottom, bounds.top - text.bottom) < _NEAR * self._unit
        ]
        if not near:
            return None
        return min(text.left for text in near), max(text.right for text in near)
