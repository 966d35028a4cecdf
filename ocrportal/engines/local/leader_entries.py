"""Entries of lists of contents as whole lines: what is before a dot leader, and its number."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.leaders import Leader, find_leaders
from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.recognition import Reading, Recogniser, TextRegion
from ocrportal.geometry import Rect
from ocrportal.results import Char

DOTS = "……"
"""The text of a leader, however many dots it has."""
MARGIN = 0.35
"""White around a number, in its heights, as the detector includes it."""
MAX_DISTANCE = 1.0
"""Distance of a leader's line from the middle of the lines it connects, in half their heights."""
_LEADER_DOTS = ".．·⋯・…•‧∙, "
_NUMBER = re.compile(
    r"[(（]?(?:[A-Z]{1,2}[-–.])?[\d,.:–-]*\d[)）%元页]?|[ivxlc]{1,7}", re.IGNORECASE
)


def join_leader_entries(
    image: Pixels, regions: list[TextRegion], recogniser: Recogniser
) -> list[TextRegion]:
    """The regions of an upright page, with each entry that a leader connects as one region.

    Numbers that no region covers are read. A leader without a number, or with other text behind
    it, connects nothing.
    """
    leaders = find_leaders(image, [corners for corners, _ in regions])
    joined = dict(enumerate(regions))
    for leader in leaders:
        title = _title(leader, joined)
        if title is None:
            continue
        number = _number(leader, joined, title)
        if number is not None:
            after = joined[number]
        elif leader.number is not None:
            corners = _around(leader.number)
            after = TextRegion(corners, recogniser.read(image, [corners])[0])
        else:
            continue
        whole = _joined(joined[title], after, leader.slope)
        if whole is not None:
            joined[title] = whole
            if number is not None:
                del joined[number]
    return list(joined.values())


def _title(leader: Leader, regions: dict[int, TextRegion]) -> int | None:
    """The region to the left of a leader that is nearest to it and ends before its last dot."""
    middle = (leader.left + leader.right) / 2
    ends = {
        key: (corners[1, 0] + corners[2, 0]) / 2
        for key, (corners, reading) in regions.items()
        if reading.is_read and _is_level(leader, corners, 1)
    }
    before = [key for key, end in ends.items() if end < max(middle, leader.right - 1)]
    return max(before, key=ends.__getitem__, default=None)


def _number(leader: Leader, regions: dict[int, TextRegion], title: int) -> int | None:
    """The region that the number after a leader is in, or begins with the last dots."""
    x = leader.number.center_x if leader.number else leader.right
    for key, (corners, _) in regions.items():
        left, right = float(corners[[0, 3], 0].mean()), float(corners[[1, 2], 0].mean())
        if key != title and left <= x <= right and _is_level(leader, corners, 0):
            return key
    return None


def _is_level(leader: Leader, corners: Corners, side: int) -> bool:
    """Whether the line of a leader meets the left (0) or right (1) end of a region."""
    top, bottom = corners[side], corners[3 - side]
    x, y = float((top[0] + bottom[0]) / 2), float((top[1] + bottom[1]) / 2)
    return abs(leader.y(x) - y) <= MAX_DISTANCE * math.dist(top, bottom) / 2


def _around(number: Rect) -> Corners:
    margin = MARGIN * number.height
    left, top, right, bottom = number
    box = Rect(left - margin, top - margin, right + margin, bottom + margin)
    return np.array(box.quad, dtype=np.float32)


def _joined(title: TextRegion, number: TextRegion, slope: float) -> TextRegion | None:
    """Both with dots between them as one region; None if there is no number behind the dots."""
    before = _without_dots(title.reading.chars, last=True)
    after = _without_dots(number.reading.chars, last=False)
    if not before or not _NUMBER.fullmatch("".join(char.text for char in after)):
        return None
    a, b, _, d = title.corners
    # Both ends of the line are as high as the title, and the dots show its skew.
    across = float(number.corners[1, 0] - a[0])
    along = np.array([across, slope * across], dtype=np.float32)
    corners = np.array([a, a + along, d + along, d], dtype=np.float32)
    length = float(np.hypot(*along))
    first, second = math.dist(a, b) / length, math.dist(a, number.corners[0]) / length
    start = [_moved(char, 0.0, first) for char in before]
    end = [_moved(char, second, 1.0) for char in after]
    left, right = start[-1].end, max(start[-1].end, end[0].start)
    step = (right - left) / len(DOTS)
    dots = [
        Char(dot, left + i * step, left + (i + 1) * step, end[0].confidence)
        for i, dot in enumerate(DOTS)
    ]
    chars = (*start, *dots, *end)
    confidence = sum(char.confidence for char in chars) / len(chars)
    return TextRegion(corners, Reading("".join(char.text for char in chars), confidence, chars))


def _without_dots(chars: Sequence[Char], *, last: bool) -> Sequence[Char]:
    """The characters without the dots at their end or beginning."""
    ends = -1 if last else 0
    chars = list(chars)
    while chars and chars[ends].text in _LEADER_DOTS:
        del chars[ends]
    return chars


def _moved(char: Char, start: float, end: float) -> Char:
    """A character whose places are shares of the part of a line between two shares."""
    length = end - start
    return replace(char, start=start + char.start * length, end=start + char.end * length)
