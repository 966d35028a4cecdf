"""Vertical columns: the marks that the network overlooks when it reads them on their side.

Ideographs on their side are recognised, but of what is between them the network overlooks
punctuation, long vowel marks and small kana. So that ink is set in a horizontal line, between its
neighbours set upright, and read there.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.recognition import HEIGHT, Reading, Recogniser, TextRegion, strip_of
from ocrportal.geometry import Rect
from ocrportal.ink import ink_in_strip
from ocrportal.results import UNREAD_CHARACTER, Char
from ocrportal.text import is_han_like, is_kana

MIN_IDEOGRAPHS = 3
"""Pairs of neighbouring ideographs, from which their size is known."""
MAX_SIZE = 0.9
"""Size of an ideograph in heights of the strip, which includes a margin."""
# Lengths below are in sizes of an ideograph.
REACH_OF_WIDE, REACH_OF_NARROW = 0.5, 0.3
"""How far a character reaches from its center."""
MIN_GAP = 0.35
"""Space between two characters that may hold a mark."""
MIN_ROOM = 0.75
"""Space between two characters that may hold an ideograph."""
MIN_PITCH = 0.7
"""Distance of the centers of two ideographs."""
MIN_INK = 0.08
"""Length of the ink of a mark; less is dust, or the end of a neighbour's stroke."""
MIN_WHITE = 0.08
"""Between two marks; less is within one."""
LEVEL = 0.12
"""Distance of a dot from the middle of the ink before it, across the column."""
MAX_DOT = 0.35
"""Sides of a dot of a colon or an ellipsis …"""
DOT_DISTANCE = 0.6
"""… and the white between them."""
DISTANCE_BELOW = 0.3
"""White above the dot of a question or exclamation mark."""
WINDOW = 0.95
"""Length of the ink of an ideograph, at most."""
SHIFT = 0.35
"""How far the network's centers are from the true ones, mostly beside marks it overlooked."""
OVERLAP = 0.1
"""How far the ink of a mark reaches beyond the space for it."""
OFF_CENTER = 0.2
"""Distance of a dash from the middle of the column."""
MAX_DASH = 0.14
"""Thickness of a dash, which is at least half as long as an ideograph."""
MAX_COMMA = 0.55
"""Sides of a comma or full stop, which is in the upper right of its place."""
MAX_LENGTH = 1.2
"""Length of an upright character."""
RULE_SHARE = 0.8
"""Ink along this share of the strip is a rule beside the column."""
MIN_CONFIDENCE = 0.7
"""Confidence of a mark; one read with less is left as it was."""
MIN_SIDEWAYS = 0.5
"""The same of a mark on its side: only brackets and the like do."""
CERTAIN = 0.9
"""A mark read with this is not read in another position."""
MIN_CONTRAST = 40
"""Grey values of the strongest ink of a strip; less is paper."""
APART = 32
"""Pixels of paper between marks that are read in one strip."""

COMMAS = {"，": "，", ",": "，", "、": "、", "。": "。", "°": "。", "；": "；", "．": "．"}
DASH = "—"
PROLONGED = "ー"
"""The long vowel mark looks like a dash, but follows kana."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Ink between two characters, in pixels of a strip; its top is the right of the column."""

    ink: Rect
    is_solid: bool
    """Whether there is no white in it along the strip."""
    before: Char | None
    after: Char | None


class _Space(NamedTuple):
    """From where one character reaches to where the next one does, in pixels of a strip."""

    first: float
    last: float
    before: Char | None
    after: Char | None


def with_marks_of_columns(image: Pixels, region: TextRegion, recogniser: Recogniser) -> TextRegion:
    """A column that was read downwards, with what was overlooked between its ideographs.

    Recognised characters are kept, except for punctuation, which is read again.
    """
    chars = region.reading.chars
    known = [char for before, char in pairwise((None, *chars)) if char and _is_known(before, char)]
    strip = strip_of(image, region.corners)
    size = _size(known, strip.shape[1])
    if size is None:
        return region
    column = _Column(strip, size)
    spaces = column.spaces(known)
    marks = column.marks(spaces)
    read = dict(column.read(marks, recogniser))
    kept = [char for char in chars if not _is_unread(char)]
    unread = [
        mark
        for mark in marks
        if mark not in read and not any(column.is_at(char, [mark]) for char in kept)
    ]
    kept = [char for char in kept if char in known or not column.is_at(char, read)]
    kept += [
        char
        for char in chars
        if _is_unread(char)
        and not column.is_at(char, read)
        and (column.is_at(char, unread) or column.is_ideograph(char, spaces))
    ]
    found = list(chain.from_iterable(read.values()))
    # The confidence of the column counts the guesses that marks of unread characters replace.
    total = region.reading.confidence * len(chars) + sum(char.confidence for char in found)
    confidence = total / (len(chars) + len(found))
    kept = _merged(kept, found)
    text = "".join(char.text for char in kept)
    return TextRegion(region.corners, Reading(text, confidence, tuple(kept)))


def _merged(chars: Iterable[Char], marks: Iterable[Char]) -> list[Char]:
    """Characters and marks in order; characters end where a mark, whose ink is exact, begins."""
    ordered = sorted(
        [*((char, False) for char in chars), *((mark, True) for mark in marks)],
        key=lambda item: item[0].start + item[0].end,
    )
    merged: list[Char] = []
    was_mark = False
    for char, is_mark in ordered:
        before = merged[-1] if merged else None
        if before and before.end > char.start:
            if was_mark:
                char = replace(char, start=before.end, end=max(before.end, char.end))
            elif is_mark:
                merged[-1] = replace(before, end=max(before.start, char.start))
        merged.append(char)
        was_mark = is_mark
    return merged


def _is_unread(char: Char) -> bool:
    return char.text == UNREAD_CHARACTER


def _is_known(before: Char | None, char: Char) -> bool:
    """Whether a character is a letter, a digit or a sign between them, such as in 70.8%."""
    if char.text.isalnum():
        return True
    follows = before is not None and before.text.isascii() and before.text.isalnum()
    return char.text.isascii() and follows


def _size(known: Sequence[Char], length: int) -> float | None:
    """The size of the ideographs in pixels; None if there are too few to know it."""
    pitches = [
        (b.start + b.end - a.start - a.end) / 2 * length
        for a, b in pairwise(known)
        if is_han_like(a.text) and is_han_like(b.text)
    ]
    if len(pitches) < MIN_IDEOGRAPHS:
        return None
    # Up to half of the pairs may have a mark between them.
    return min(sorted(pitches)[len(pitches) // 3], MAX_SIZE * HEIGHT)


class _Column:
    """A column on its side, as a strip: its right side is at the top."""

    def __init__(self, strip: Pixels, size: float) -> None:
        self._strip = strip
        self._size = size
        self._length: int = strip.shape[1]
        self._paper = np.median(strip[:, ::4].reshape(-1, 3), axis=0).astype(np.uint8)
        grey = strip.mean(axis=2).astype(np.uint8)
        ink = ink_in_strip(grey, min_contrast=MIN_CONTRAST)
        self._ink: NDArray[np.bool_] = np.zeros(grey.shape, np.bool_) if ink is None else ink
        self._ink[self._ink.mean(axis=1) > RULE_SHARE] = False
        self._filled: NDArray[np.bool_] = np.any(self._ink, axis=0)

    def spaces(self, known: Sequence[Char]) -> list[_Space]:
        """What is between characters, before the first and after the last."""
        centers = self._centers(known)
        found = []
        for i in range(len(known) + 1):
            before = known[i - 1] if i else None
            after = known[i] if i < len(known) else None
            first = centers[i - 1] + _reach(before) * self._size if before else 0.0
            last = centers[i] - _reach(after) * self._size if after else float(self._length)
            found.append(_Space(first, last, before, after))
        return found

    def marks(self, spaces: Sequence[_Space]) -> list[_Mark]:
        """The ink in spaces that does not touch the characters beside them."""
        runs = _runs(self._filled)
        return [
            _Mark(box, bool(self._filled[int(box.left) : int(box.right)].all()), *space[2:])
            for space in spaces
            for box in self._inks(runs, space.first, space.last)
        ]

    def is_ideograph(self, char: Char, spaces: Iterable[_Space]) -> bool:
        """Whether an ideograph has room where a character was not read, and there is ink.

        It may touch its neighbours; then it is not among the marks.
        """
        center, reach = self._center(char), REACH_OF_NARROW * self._size
        has_ink = bool(self._filled[max(0, int(center - reach)) : int(center + reach) + 1].any())
        return has_ink and any(
            space.first <= center <= space.last
            and space.last - space.first >= MIN_ROOM * self._size
            for space in spaces
        )

    def _centers(self, known: Sequence[Char]) -> list[float]:
        """The centers of characters, from their ink: the network's are estimates.

        An ideograph is where most ink is in a place of its size that cuts no stroke.
        """
        half, reach = round(WINDOW * self._size / 2), round(SHIFT * self._size)
        sums = np.concatenate(([0], self._ink.sum(axis=0).cumsum()))
        filled = self._filled
        is_cut = np.concatenate(([False], filled[1:] & filled[:-1], [False]))
        centers = []
        for char in known:
            center = self._center(char)
            if is_han_like(char.text):
                starts = np.arange(round(center) - half - reach, round(center) - half + reach + 1)
                ends = (starts + 2 * half).clip(0, self._length)
                starts = starts.clip(0, self._length)
                cuts = is_cut[starts].astype(int) + is_cut[ends]
                order = np.lexsort(
                    (np.abs(np.arange(-reach, reach + 1)), sums[starts] - sums[ends], cuts)
                )
                center = float(starts[order[0]] + half)
            centers.append(center)
        return centers

    def _inks(self, runs: Sequence[tuple[int, int]], first: float, last: float) -> Iterator[Rect]:
        size = self._size
        if last - first < MIN_GAP * size:
            return
        low, high = first - OVERLAP * size, last + OVERLAP * size
        boxes = []
        for left, right in _joined(_within(runs, low, high), MIN_WHITE * size):
            if right - left >= MIN_INK * size:
                rows = np.flatnonzero(self._ink[:, left:right].any(axis=1))
                boxes.append(Rect(left, int(rows[0]), right, int(rows[-1]) + 1))
        yield from _with_dots_joined(boxes, size)

    def read(
        self, marks: Sequence[_Mark], recogniser: Recogniser
    ) -> Iterator[tuple[_Mark, list[Char]]]:
        """The marks that could be read, each in the position in which it is read best."""
        best: dict[_Mark, Char] = {}
        left = []
        for mark in marks:
            if self._is_dash(mark):
                yield mark, self._dashes(mark)
            else:
                left.append(mark)
        for position in (self._lowered, self._sideways, self._upright):
            tried = [(mark, tile) for mark in left if (tile := position(mark)) is not None]
            for mark, char in self._readings(tried, recogniser):
                if mark not in best or char.confidence > best[mark].confidence:
                    best[mark] = char
            left = [mark for mark in left if mark not in best or not _is_certain(best[mark])]
        for mark, char in best.items():
            yield mark, [char]

    def is_at(self, char: Char, marks: Iterable[_Mark]) -> bool:
        """Whether a recognised character is one of the marks."""
        center = self._center(char)
        reach = REACH_OF_NARROW * self._size
        return any(mark.ink.left - reach <= center <= mark.ink.right + reach for mark in marks)

    def _readings(
        self, tiles: Sequence[tuple[_Mark, _Tile]], recogniser: Recogniser
    ) -> Iterator[tuple[_Mark, Char]]:
        """What is read of tiles, each between its neighbours, all in one strip."""
        if not tiles:
            return
        space = self._white(APART)
        parts, places = [space], []
        length = APART
        for mark, tile in tiles:
            before, after = self._neighbour(mark.before), self._neighbour(mark.after)
            start = length + before.shape[1]
            places.append((start, start + tile.pixels.shape[1]))
            parts += [before, tile.pixels, after, space]
            length = places[-1][1] + after.shape[1] + APART
        chars = recogniser.read_strip(np.concatenate(parts, axis=1)).chars
        for (mark, tile), (start, end) in zip(tiles, places, strict=True):
            inside = [char for char in chars if start <= (char.start + char.end) / 2 * length < end]
            text = tile.text("".join(char.text for char in inside))
            confidence = min((char.confidence for char in inside), default=0.0)
            if not text or confidence < tile.min_confidence:
                continue
            if _is_ideograph(text) and not self._is_apart(mark):
                continue
            left, right = mark.ink.left / self._length, mark.ink.right / self._length
            yield mark, Char(text, left, right, confidence)

    def _is_apart(self, mark: _Mark) -> bool:
        """Whether a mark is in a place of its own, rather than a stroke of its neighbour."""
        return all(
            abs(self._center(char) - mark.ink.center_x) >= MIN_PITCH * self._size
            for char in (mark.before, mark.after)
            if char
        )

    def _is_dash(self, mark: _Mark) -> bool:
        ink, size = mark.ink, self._size
        if not mark.is_solid:
            return False
        is_central = abs(ink.center_y - HEIGHT / 2) <= OFF_CENTER * size
        return is_central and ink.height <= MAX_DASH * size and ink.width >= size / 2

    def _dashes(self, mark: _Mark) -> list[Char]:
        """Dashes, or the mark that prolongs the kana before it, which the network does not tell."""
        count = max(1, round(mark.ink.width / self._size))
        prolongs = count == 1 and mark.before is not None and is_kana(mark.before.text)
        start, length = mark.ink.left / self._length, mark.ink.width / self._length
        return [
            Char(
                PROLONGED if prolongs else DASH,
                start + length * i / count,
                start + length * (i + 1) / count,
                CERTAIN,
            )
            for i in range(count)
        ]

    def _center(self, char: Char) -> float:
        return (char.start + char.end) / 2 * float(self._length)

    def _white(self, width: int) -> Pixels:
        return np.broadcast_to(self._paper, (HEIGHT, width, 3)).copy()

    def _cut(self, mark: _Mark) -> Pixels:
        """The ink of a mark alone, on its side."""
        left, top, right, bottom = (int(edge) for edge in mark.ink)
        return self._strip[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]

    def _neighbour(self, char: Char | None) -> Pixels:
        """A character beside a mark, upright; empty for a Latin one, which is not upright."""
        if char is None or not is_han_like(char.text):
            return self._white(0)
        half, center = self._size / 2, self._center(char)
        left, right = max(0, round(center - half)), min(self._length, round(center + half))
        return self._placed(np.rot90(self._strip[:, left:right], -1), 0.5, 0.5)

    def _placed(self, ink: Pixels, x: float, y: float) -> Pixels:
        """A picture on the place of an ideograph, from 0 (left or top) to 1 (right or bottom)."""
        height, width = min(ink.shape[0], HEIGHT), ink.shape[1]
        place = self._white(max(HEIGHT, width))
        left, top = round((place.shape[1] - width) * x), round((HEIGHT - height) * y)
        place[top : top + height, left : left + width] = ink[:height]
        return place

    def _lowered(self, mark: _Mark) -> _Tile | None:
        """A comma or full stop at the lower left, where it is in horizontal text."""
        ink, limit = mark.ink, MAX_COMMA * self._size
        is_first = mark.before is None
        if is_first or ink.width > limit or ink.height > limit or ink.center_y > HEIGHT / 2:
            return None
        return _Tile(self._placed(np.rot90(self._cut(mark), -1), 0.15, 0.85), _comma)

    def _sideways(self, mark: _Mark) -> _Tile | None:
        """Brackets and colons lie on their side in vertical text."""
        cut = self._strip[:, int(mark.ink.left) : int(mark.ink.right) + 1]
        return _Tile(self._placed(cut, 0.5, 0.5), _bracket, MIN_SIDEWAYS)

    def _upright(self, mark: _Mark) -> _Tile | None:
        """Question marks, small kana and ideographs are upright, Latin text is not."""
        follows_latin = mark.before is not None and not is_han_like(mark.before.text)
        if follows_latin or mark.ink.width > MAX_LENGTH * self._size:
            return None
        return _Tile(self._placed(np.rot90(self._cut(mark), -1), 0.5, 0.5), _upright_character)


@dataclass(frozen=True, slots=True)
class _Tile:
    """A mark as it is set in a horizontal line."""

    pixels: Pixels
    text: Callable[[str], str]
    """The text of a mark that is read as given; empty if it can't be."""
    min_confidence: float = MIN_CONFIDENCE


def _comma(read: str) -> str:
    return COMMAS.get(read, "")


def _bracket(read: str) -> str:
    return read if len(read) == 1 and (read == PROLONGED or not read.isalnum()) else ""


def _upright_character(read: str) -> str:
    return read if len(read) == 1 and is_han_like(read) else ""


def _is_ideograph(text: str) -> bool:
    return text.isalnum() and not is_kana(text)


def _is_certain(char: Char) -> bool:
    """Whether a mark need not be tried in other positions: the kana へ looks like a bracket."""
    return char.confidence >= CERTAIN or unicodedata.category(char.text) in ("Ps", "Pe")


def _reach(char: Char) -> float:
    return REACH_OF_WIDE if is_han_like(char.text) else REACH_OF_NARROW


def _runs(filled: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs of true values."""
    changes = np.flatnonzero(np.diff(np.concatenate(([0], filled.view(np.int8), [0]))))
    return list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))


def _within(runs: Sequence[tuple[int, int]], low: float, high: float) -> Sequence[tuple[int, int]]:
    """The runs that neither begin before ``low`` nor end after ``high``."""
    first = bisect_left(runs, low, key=itemgetter(0))
    return runs[first : bisect_right(runs, high, key=itemgetter(1))]


def _joined(runs: Iterable[tuple[int, int]], min_white: float) -> list[tuple[int, int]]:
    """The runs, with those that are less than ``min_white`` apart as one."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] < min_white:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _with_dots_joined(boxes: Sequence[Rect], size: float) -> list[Rect]:
    """The boxes, with the dots of colons, ellipses, question and exclamation marks as one."""
    joined: list[Rect] = []
    last: Rect | None = None
    for box in boxes:
        if last and _continues(last, box, size):
            joined[-1] = Rect.union((joined[-1], box))
        else:
            joined.append(box)
        last = box
    return joined


def _continues(ink: Rect, dot: Rect, size: float) -> bool:
    """Whether a dot, in the middle of the column, belongs to the ink before it."""
    if max(dot.width, dot.height) > MAX_DOT * size:
        return False
    is_first_dot = max(ink.width, ink.height) <= MAX_DOT * size
    is_level = abs(dot.center_y - ink.center_y) <= LEVEL * size
    distance = DOT_DISTANCE if is_first_dot else DISTANCE_BELOW
    return is_level and dot.left - ink.right <= distance * size
