"""Lines crossed by overprints: the better of two readings, with the overprint and without it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from statistics import median_low

import cv2

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.overprints.page import Overprints
from ocrportal.engines.local.overprints.pale import LEVEL
from ocrportal.engines.local.recognition import TextRegion, mean_confidence
from ocrportal.geometry import Rect
from ocrportal.results import UNREAD_CHARACTER

SAME_PLACE = 0.5
"""Share of the smaller of two boxes that the other covers, if they are the same line."""
SAME_QUALITY = 0.02
"""Confidence that differs by less does not show which reading is better."""
MIN_LENGTH = 0.8
"""Share of the characters that a reading without the overprint has at least. With fewer, it lost
text that has the colour of the overprint."""
UNREADABLE = 0.8
"""Confidence of a reading that is too poor to be missed."""
MIN_TIMES = 3
"""Times that the text of a watermark is read whole."""
MIN_PARTS = 0.7
"""Share of the pale lines that are repetitions of the watermark or parts of it. Where they are
labels instead, such as those of a screen, they have different texts."""
MIN_REACH = 0.5
"""Share of the level lines between the first and the last repetition of a watermark, which is all
over the page; the labels of an axis or the heads of columns are in one place."""
SHORT = 2
"""Characters of a fragment: letters of a large watermark are found one by one."""


def overlap(a: Corners, b: Corners) -> float:
    """The share of the smaller of two boxes that both cover."""
    area, _ = cv2.intersectConvexConvex(a, b)
    return float(area) / max(1.0, min(cv2.contourArea(a), cv2.contourArea(b)))


def better_lines(
    printed: Sequence[TextRegion], clean: Sequence[TextRegion], overprints: Overprints
) -> list[TextRegion]:
    """The better of two readings of the crossed lines, without text that is an overprint itself.

    ``printed`` was read on the page as it is, ``clean`` on the page without the overprints.
    """
    lines: list[TextRegion] = []
    rest = list(printed)
    for new in clean:
        if not new.reading.text or overprints.contain(new.corners):
            continue
        is_same = [_is_same_line(old, new) for old in rest]
        same = list(compress(rest, is_same))
        if not same or _is_better(new, same):
            rest = [old for old, is_it in zip(rest, is_same, strict=True) if not is_it]
            lines.append(new)
    overprinted = [overprints.contain(old.corners) for old in rest]
    mark = _repeated_text(compress(rest, overprinted))
    return lines + [
        old
        for old, is_overprinted in zip(rest, overprinted, strict=True)
        if not is_overprinted or not _is_overprint(old, mark, overprints)
    ]


def without_tilted_watermark(regions: Sequence[TextRegion]) -> list[TextRegion]:
    """The regions without a text that is repeated at an angle to the lines all over the page.

    A watermark that is not pale enough to be one layer, as on photographs, is read like text.
    """
    if not regions:
        return []
    level = median_low(_angle(region.corners) for region in regions)
    tilted = [bool(region.reading.text) and _is_tilted(region.corners, level) for region in regions]
    mark = _repeated_text(compress(regions, tilted))
    if not mark:
        return list(regions)
    is_part = [
        is_tilted and _without_spaces(region.reading.text) in mark * 3
        for region, is_tilted in zip(regions, tilted, strict=True)
    ]
    heights = [float(region.corners[:, 1].mean()) for region in regions]
    of_parts = list(compress(heights, is_part))
    of_lines = [height for height, is_in in zip(heights, is_part, strict=True) if not is_in]
    reached = sum(min(of_parts) < height < max(of_parts) for height in of_lines)
    if reached < MIN_REACH * len(of_lines):
        return list(regions)
    return [region for region, is_in in zip(regions, is_part, strict=True) if not is_in]


def seals_without_notices(overprints: Overprints, lines: Sequence[TextRegion]) -> tuple[Rect, ...]:
    """The seals, without the frames in whose ink some of the kept lines are."""
    notices = [line.corners for line in lines if overprints.contain(line.corners)]
    return tuple(
        seal
        for seal in overprints.seals
        if seal not in overprints.frames or not any(_is_in([seal], box) for box in notices)
    )


def _is_overprint(region: TextRegion, mark: str, overprints: Overprints) -> bool:
    """Whether a line in the ink of an overprint is part of a seal or a watermark.

    ``mark`` is the text that is repeated in such ink.
    """
    text = _without_spaces(region.reading.text)
    if _is_in(overprints.seals, region.corners):
        # The letters along a rim are read in fragments; a notice in a frame is read as it is.
        is_whole = len(text) > SHORT and UNREAD_CHARACTER not in text
        is_legible = is_whole and region.reading.confidence >= UNREADABLE
        return not (
            _is_in(overprints.frames, region.corners)
            and is_legible
            and not _is_tilted(region.corners)
        )
    match overprints.watermark:
        case "tilted":
            return _is_tilted(region.corners) or len(text) <= SHORT or text in mark * 3
        case "level":
            return text in mark * 3 or region.reading.confidence < UNREADABLE
        case None:
            return False


def _repeated_text(regions: Iterable[TextRegion]) -> str:
    """The text of which most regions are repetitions or parts; empty without one."""
    texts = [_without_spaces(region.reading.text) for region in regions]
    (mark, times), *_ = Counter(texts).most_common(1) or [("", 0)]
    parts = sum(text in mark * 3 for text in texts)
    return mark if times >= MIN_TIMES and parts >= MIN_PARTS * len(texts) else ""


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _is_same_line(a: TextRegion, b: TextRegion) -> bool:
    return (
        abs(math.remainder(_angle(a.corners) - _angle(b.corners), 180)) < LEVEL
        and overlap(a.corners, b.corners) > SAME_PLACE
    )


def _is_better(new: TextRegion, same: list[TextRegion]) -> bool:
    before = mean_confidence(same)
    length = sum(len(old.reading.text) for old in same)
    return new.reading.confidence > before - SAME_QUALITY and (
        len(new.reading.text) >= MIN_LENGTH * length or before < UNREADABLE
    )


def _angle(box: Corners) -> float:
    (left, top), (right, bottom) = box[0], box[1]
    return math.degrees(math.atan2(bottom - top, right - left))


def _is_tilted(box: Corners, level: float = 0.0) -> bool:
    return abs(math.remainder(_angle(box) - level, 90)) >= LEVEL


def _is_in(marks: Iterable[Rect], box: Corners) -> bool:
    x, y = (float(value) for value in box.mean(axis=0))
    return any(mark.contains((x, y)) for mark in marks)
