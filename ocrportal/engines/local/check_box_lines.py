"""Check boxes in the text: each at its place in the line of its label, or as a line of its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocrportal.engines.local.check_boxes import EMPTY, LETTER, CheckBox
from ocrportal.geometry import (
    Point,
    Quad,
    Rect,
    RectIndex,
    interpolate,
    quad_height,
    quad_length,
)
from ocrportal.results import UNREAD_CHARACTER, Char, Line
from ocrportal.text import is_wide

CHECK_BOXES = "□▢☐☑☒■█⊠✓✔√×✗✘" + UNREAD_CHARACTER
"""Characters that may be in the reading for a check box."""
SIMILAR = "口"
"""An ideograph that it may read for one. In print it has legs."""
AT_IDEOGRAPH, AT_LETTER = 0.45, 0.32
"""Letters of the line between the centers of a check box and of what is read beside it, at least.
Nearer, the square is part of an ideograph or of a letter."""
NEAR = 2.5
"""Heights of the check box between it and its label, at most."""
MIN_ALIKE, SAME_SIZE = 3, 0.1
"""Check boxes of a page with the same size, and by which share of it they may differ. One or two
squares far from any text may be part of a drawing."""
SPACE = 0.35
"""White between a check box and a letter, in heights of the box, that becomes a space."""
CONFIDENCE = 0.9
"""Of a check box that was measured rather than recognised."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A check box in the direction of a line: distances from the start of the line, in pixels."""

    box: CheckBox
    start: float
    end: float


def with_check_boxes(lines: Sequence[Line], boxes: Iterable[CheckBox]) -> list[Line]:
    """The lines with the check boxes in their text; some are lines of their own."""
    boxes = list(boxes)
    widths = sorted(box.rect.width for box in boxes)
    reach = 2 * NEAR * max((box.rect.height for box in boxes), default=0.0)
    by_place = RectIndex(_around(line, reach) for line in lines)
    places: list[list[_Place]] = [[] for _ in lines]
    alone: list[Line] = []
    for box in boxes:
        number = _line_of(box, lines, by_place.at(box.rect.center))
        if number is not None:
            place = _place_in(lines[number], box)
            if _is_check_box(lines[number], place):
                places[number].append(place)
        elif not box.has_legs and _number_alike(box, widths) >= MIN_ALIKE:
            char = Char(box.state, 0, 1, CONFIDENCE)
            alone.append(Line(box.state, box.rect.quad, CONFIDENCE, (char,)))
    return [
        *(_with(line, there) if there else line for line, there in zip(lines, places, strict=True)),
        *alone,
    ]


def _around(line: Line, reach: float) -> Rect:
    """The bounds of a line and of what is within ``reach`` pixels of it."""
    left, top, right, bottom = Rect.around(line.box)
    return Rect(left - reach, top - reach, right + reach, bottom + reach)


def _line_of(box: CheckBox, lines: Sequence[Line], near: Iterable[int]) -> int | None:
    """The number of the line that a box is in, or of the nearest one beside it.

    ``near`` are the numbers of the lines that are searched.
    """
    best: tuple[float, int] | None = None
    for number in sorted(near):
        line = lines[number]
        if not _is_level(line, box):
            continue
        place = _place_in(line, box)
        length = quad_length(line.box)
        if place.end > 0 and place.start < length:
            return number
        height = box.rect.height
        # A label follows its box more often than it precedes it.
        distance = -place.end if place.end <= 0 else 2 * (place.start - length)
        if distance <= NEAR * height and (best is None or distance < best[0]):
            best = distance, number
    return None if best is None else best[1]


def _number_alike(box: CheckBox, widths: Sequence[float]) -> int:
    """How many of the sorted widths are that of a box, as those of one form are."""
    width, slack = box.rect.width, SAME_SIZE * box.rect.width
    return bisect_right(widths, width + slack) - bisect_left(widths, width - slack)


def _is_level(line: Line, box: CheckBox) -> bool:
    """Whether the center of a box is between the upper and the lower edge of a line."""
    (left, top), (right, bottom) = line.box[0], line.box[1]
    length = quad_length(line.box) or 1.0
    x, y = box.rect.center
    across = ((right - left) * (y - top) - (bottom - top) * (x - left)) / length
    return 0 <= across <= quad_height(line.box)


def _place_in(line: Line, box: CheckBox) -> _Place:
    (left, top), (right, bottom) = line.box[0], line.box[1]
    length = quad_length(line.box) or 1.0
    x, y = box.rect.center
    middle = ((x - left) * (right - left) + (y - top) * (bottom - top)) / length
    half = box.rect.width / 2
    return _Place(box, middle - half, middle + half)


def _is_check_box(line: Line, place: _Place) -> bool:
    """Whether what the recogniser read there may be a check box."""
    length, letter = quad_length(line.box), LETTER * quad_height(line.box)
    middle = (place.start + place.end) / 2
    there = ""
    for char in line.chars:
        distance = abs((char.start + char.end) / 2 * length - middle)
        if distance < (AT_IDEOGRAPH if is_wide(char.text) else AT_LETTER) * letter:
            there += char.text.replace(UNREAD_CHARACTER, "").strip()
    if there and all(char in CHECK_BOXES for char in there):
        return True
    return not place.box.has_legs and there in ("", SIMILAR)


def _with(line: Line, places: list[_Place]) -> Line:
    """The line with check boxes in its text, longer if they are beside it."""
    length = quad_length(line.box)
    places = sorted(places, key=lambda place: place.start)
    start = min(0.0, places[0].start)
    end = max(length, places[-1].end)
    pieces = [
        (char.start * length, char.end * length, char)
        for char in line.chars
        if not any(_covers(place, char, length) for place in places)
    ]
    pieces += [
        (place.start, place.end, Char(_state(line, place), 0, 0, CONFIDENCE)) for place in places
    ]
    pieces.sort(key=lambda piece: piece[0] + piece[1])
    height = max(place.box.rect.height for place in places)
    chars: list[Char] = []
    reach = start
    for first, last, char in pieces:
        if chars and first - reach > SPACE * height and _needs_space(chars[-1].text, char.text):
            chars.append(_moved(Char(" ", 0, 0, char.confidence), reach, first, start, end))
        chars.append(_moved(char, max(first, reach), max(last, reach), start, end))
        reach = max(last, reach)
    text = "".join(char.text for char in chars)
    confidence = sum(char.confidence for char in chars) / len(chars)
    return Line(text, _part(line.box, start / length, end / length), confidence, tuple(chars))


def _needs_space(before: str, after: str) -> bool:
    """Whether a gap between two characters becomes a space: one is a check box, none a space."""
    is_beside_a_box = before in CHECK_BOXES or after in CHECK_BOXES
    return is_beside_a_box and not before.isspace() and not after.isspace()


def _covers(place: _Place, char: Char, length: float) -> bool:
    """Whether a check box replaces a character: one at its place that may be a check box."""
    if char.text not in CHECK_BOXES + SIMILAR and not char.text.isspace():
        return False
    if char.text == UNREAD_CHARACTER:
        # The gap that the box made in the reading may be wider than the box, with several marks.
        return char.start * length < place.end and place.start < char.end * length
    return place.start <= (char.start + char.end) / 2 * length <= place.end


def _state(line: Line, place: _Place) -> str:
    """The state; the square character that the recogniser read for an empty box remains."""
    if place.box.state != EMPTY:
        return place.box.state
    length = quad_length(line.box)
    read = [char.text for char in line.chars if _covers(place, char, length) and char.text in "□☐"]
    return read[0] if read else EMPTY


def _moved(char: Char, first: float, last: float, start: float, end: float) -> Char:
    length = end - start
    return replace(char, start=(first - start) / length, end=(last - start) / length)


def _part(quad: Quad, start: float, end: float) -> Quad:
    a, b, c, d = quad
    ends: list[Point] = [
        interpolate(a, b, start),
        interpolate(a, b, end),
        interpolate(d, c, end),
        interpolate(d, c, start),
    ]
    return ends[0], ends[1], ends[2], ends[3]
