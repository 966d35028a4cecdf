"""Groups positioned characters to lines of text."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter

from ocrportal.geometry import Point
from ocrportal.ingest.readers.pdf_characters import Character
from ocrportal.results import Char, Line, Type, TypeRun
from ocrportal.text import is_wide

# All in multiples of the font size.
_MAX_GAP = 1.2
"""A wider gap starts another column or cell."""
_FURTHEST_BACK = 0.7
_MAX_STEP = 0.5
"""The offset of exponents and indices is smaller."""
_MAX_DRIFT = 0.1
"""The offset of characters on one baseline, by which rounding moves them, is smaller."""
_COLUMN_SHIFT = 0.3
_COLUMN_STEP = (0.6, 1.6)
_ABOVE_BASELINE = 1.0
_BELOW_BASELINE = 0.35
_WORD_GAP = 0.18
"""A gap that separates words without a space character."""
_OF_NUMBERS = frozenset("0123456789.,:/-%")
_PITCH_TOLERANCE = 0.03
"""The share by which steps of the same pitch differ."""
_WIDE_WORD_GAP = 0.6
"""The same beside Chinese characters, which include spacing."""


def lines_of(found: Iterable[Character | None]) -> tuple[list[Line], int]:
    """Return the lines in file order, and the rotation in degrees that makes most upright."""
    pieces: list[_Piece] = []
    piece: _Piece | None = None
    is_after_end = False
    for character in found:
        if character is None:
            is_after_end = True
            continue
        # PDFium takes a page of many short lines for vertical writing. It then ends a line after
        # every character that the file places by itself.
        if is_after_end and piece is not None and not piece.is_level_with(character):
            piece = None
        is_after_end = False
        if piece is not None and piece.takes(character):
            piece.add(character)
        elif not character.is_space:
            piece = _Piece(character)
            pieces.append(piece)
    turns: Counter[int] = Counter()
    for each in pieces:
        turns[_turn(each.last.direction)] += len(each.characters)
    return [each.line() for each in pieces], turns.most_common(1)[0][0] if turns else 0


class _Piece:
    """The characters of one line."""

    def __init__(self, first: Character) -> None:
        self.characters = [first]
        self.direction = first.direction

    @property
    def last(self) -> Character:
        return self.characters[-1]

    @property
    def _printed(self) -> Character:
        return next(each for each in reversed(self.characters) if not each.is_space)

    @property
    def is_from_the_right(self) -> bool:
        """True for text of a script such as Arabic, whose first character is the rightmost."""
        return _is_rightmost_first(self._printed.text)

    @property
    def is_column(self) -> bool:
        """True for vertical writing, as in old Chinese books."""
        return self.direction != self.last.direction

    def is_level_with(self, character: Character) -> bool:
        """True for a character on the baseline of the last one."""
        last = self.last
        across = _dot(_down(last.direction), _minus(character.origin, last.origin))
        return abs(across) < _MAX_DRIFT * last.size

    def takes(self, character: Character) -> bool:
        last = self.last
        if _dot(last.direction, character.direction) < 0.98:
            return False
        size = max(last.size, character.size)
        if len(self.characters) == 1 and _are_stacked(last, character):
            self.direction = _down(last.direction)
            return True
        across = _dot(_down(self.direction), _minus(character.origin, last.origin))
        if abs(across) > _MAX_STEP * size:
            return False
        start, end = _extent(character, self.direction)
        last_start, last_end = _extent(last, self.direction)
        if self.is_from_the_right and (character.is_space or _is_rightmost_first(character.text)):
            return -_FURTHEST_BACK * size < last_start - end < _MAX_GAP * size
        _, printed_end = _extent(self._printed, self.direction)
        return start - last_end < _MAX_GAP * size and start - printed_end > -_FURTHEST_BACK * size

    def add(self, character: Character) -> None:
        self.characters.append(character)

    def line(self) -> Line:
        self._drop_spaces_without_room()
        along, down = self.direction, _down(self.direction)
        is_from_the_right = self._is_mostly_from_the_right()
        extents = self._extents()
        start, end = min(extents)[0], max(each for _, each in extents)
        top, bottom = self._across(down)
        length = (end - start) or 1
        chars: list[Char] = []
        before, last = extents[0][0], self.characters[0]
        evenly_set = self._evenly_set()
        is_reordered = any(_is_rightmost_first(each.text) for each in self.characters)
        for index, (each, (left, right)) in enumerate(zip(self.characters, extents, strict=True)):
            # The shape of an italic f begins before its place.
            place = left if is_from_the_right else max(left, _dot(along, each.origin))
            is_gap = place - before > _word_gap(last, each) and index not in evenly_set
            if is_gap and not self.is_column:
                chars.append(Char(" ", (before - start) / length, (left - start) / length, 1.0))
            chars.append(Char(each.text, (left - start) / length, (right - start) / length, 1.0))
            before, last = right, each
        text = "".join(char.text for char in chars)
        if is_from_the_right:
            start, end = -end, -start
        box = (
            _place(along, down, start, top),
            _place(along, down, end, top),
            _place(along, down, end, bottom),
            _place(along, down, start, bottom),
        )
        return Line(
            text, box, 1.0, () if is_reordered else tuple(chars), tuple(self._runs(extents))
        )

    def _runs(self, extents: Sequence[tuple[float, float]]) -> Iterator[TypeRun]:
        """The type of the line; a space takes that of the character before it."""
        line_start = min(extents)[0]
        length = max(end for _, end in extents) - line_start or 1
        printed = [
            (start, each)
            for each, (start, _) in zip(self.characters, extents, strict=True)
            if not each.is_space
        ]
        # Text that runs from right to left has its characters in the opposite order.
        printed.sort(key=itemgetter(0))
        parts = [list(part) for _, part in groupby(printed, key=lambda pair: _type_of(pair[1]))]
        starts = [0.0, *((part[0][0] - line_start) / length for part in parts[1:]), 1.0]
        for part, (start, end) in zip(parts, pairwise(starts), strict=True):
            yield TypeRun(start, end, _type_of(part[0][1]))

    def _extents(self) -> list[tuple[float, float]]:
        """The start and the end of each character in the direction of reading."""
        extents = [_extent(each, self.direction) for each in self.characters]
        if self._is_mostly_from_the_right():
            return [(-end, -start) for start, end in extents]
        return extents

    def _is_mostly_from_the_right(self) -> bool:
        """Whether most letters of the line are of a script such as Arabic.

        A line from the left may end with a word of such a script.
        """
        letters = Counter(unicodedata.bidirectional(each.text) for each in self.characters)
        return letters["R"] + letters["AL"] > letters["L"]

    def _evenly_set(self) -> set[int]:
        """The characters of numbers that are as far from the one before as their neighbours are.

        Numbers in forms are often set at a fixed pitch, which leaves gaps beside narrow signs.
        """
        places = [_dot(self.direction, each.origin) for each in self.characters]
        steps = [after - before for before, after in pairwise(places)]
        return {
            index + 1
            for index, step in enumerate(steps)
            if len(steps) > 1
            and {self.characters[index].text, self.characters[index + 1].text} <= _OF_NUMBERS
            and all(
                abs(other - step) < _PITCH_TOLERANCE * step
                for other in (*steps[max(0, index - 1) : index], *steps[index + 1 : index + 2])
            )
        }

    def _drop_spaces_without_room(self) -> None:
        """Drop trailing spaces and spaces that the next character overlaps.

        Some programs write a space after every Chinese character.
        """
        kept: list[Character] = []
        following = -math.inf
        pairs = list(zip(self.characters, self._extents(), strict=True))
        for each, (start, end) in reversed(pairs):
            if not each.is_space:
                following = start
            elif following < (start + end) / 2:
                continue
            kept.append(each)
        self.characters = kept[::-1]

    def _across(self, down: Point) -> tuple[float, float]:
        extents = [_extent(each, down) for each in self.characters if not each.is_space]
        top, bottom = min(extents)[0], max(each for _, each in extents)
        if self.is_column:
            return top, bottom
        # Some fonts declare several times their real height.
        baselines = [_dot(down, each.origin) for each in self.characters]
        size = max(each.size for each in self.characters)
        return (
            max(top, min(baselines) - _ABOVE_BASELINE * size),
            min(bottom, max(baselines) + _BELOW_BASELINE * size),
        )


def _type_of(character: Character) -> Type:
    return replace(character.type, size=round(character.size, 1))


def _word_gap(first: Character, second: Character) -> float:
    if first.is_space or second.is_space:
        return math.inf
    wide = is_wide(first.text) or is_wide(second.text)
    return (_WIDE_WORD_GAP if wide else _WORD_GAP) * max(first.size, second.size)


def _extent(character: Character, direction: Point) -> tuple[float, float]:
    """The start and the end of a character along ``direction``."""
    left, top, right, bottom = character.room
    if max(abs(direction[0]), abs(direction[1])) > 0.999:
        ends = (_dot(direction, (left, top)), _dot(direction, (right, bottom)))
        return min(ends), max(ends)
    # An axis-aligned box is wider than a rotated character, but has the same centre.
    middle = _dot(direction, ((left + right) / 2, (top + bottom) / 2))
    if _dot(direction, character.direction) > 0.5:
        start = _dot(direction, character.origin)
        return start, max(start, 2 * middle - start)
    return middle - character.size / 2, middle + character.size / 2


def _are_stacked(first: Character, second: Character) -> bool:
    if not (is_wide(first.text) and is_wide(second.text)):
        return False
    step = _minus(second.origin, first.origin)
    shortest, longest = _COLUMN_STEP
    return (
        abs(_dot(first.direction, step)) < _COLUMN_SHIFT * first.size
        and shortest * first.size < _dot(_down(first.direction), step) < longest * first.size
    )


def _is_rightmost_first(text: str) -> bool:
    return unicodedata.bidirectional(text) in ("R", "AL")


def _turn(direction: Point) -> int:
    """The clockwise rotation that makes text of this direction run from left to right."""
    x, y = direction
    if abs(x) >= abs(y):
        return 0 if x > 0 else 180
    return 270 if y > 0 else 90


def _down(direction: Point) -> Point:
    """The direction from one line to the next."""
    return -direction[1], direction[0]


def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1]


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _place(along: Point, down: Point, distance: float, depth: float) -> Point:
    return (
        along[0] * distance + down[0] * depth,
        along[1] * distance + down[1] * depth,
    )
