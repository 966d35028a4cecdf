"""Blocks of words: lines with their characters, and their rotation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ocrportal.engines.huawei.parsing.values import (
    Places,
    confidence_of,
    number_of,
    objects_in,
    text_of,
)
from ocrportal.geometry import Quad, quad_angle, quad_height, quad_length, text_slope
from ocrportal.results import Char, Line

UNKNOWN_CONFIDENCE = 1.0
"""Used if the response has no confidence, so that the text is not marked as doubtful."""
_TALL = 1.5
"""Ratio of height to width from which a text of several characters is vertical."""
_LONG = 3.0
"""Ratio of length to height from which a line counts for the skew of the page."""


def read_line(block: dict[str, Any], places: Places) -> Line | None:
    """A line from ``words``, ``location``, ``confidence`` and ``char_list``.

    None if text or position is missing.
    """
    text, box = text_of(block.get("words")), places.quad(block.get("location"))
    if not text or box is None:
        return None
    box = _along_text(text, box)
    confidence = confidence_of(block.get("confidence"))
    return Line(
        text=text,
        box=box,
        confidence=UNKNOWN_CONFIDENCE if confidence is None else confidence,
        chars=_chars(block, text, box, places),
    )


def rotation_of(blocks: Iterable[dict[str, Any]], direction: Any, places: Places) -> int:
    """Degrees clockwise (0, 90, 180, 270) that turn the page upright.

    The rotation of most characters counts. If no block shows it, ``direction`` is used: the
    anticlockwise angle that turns the page upright, or -1 if the service did not detect it.
    """
    quarters = Counter[int]()
    for block in blocks:
        text, box = text_of(block.get("words")), places.quad(block.get("location"))
        if text and box and not _is_column(text, box):
            quarters[round(math.degrees(quad_angle(box)) / 90) % 4] += len(text)
    if quarters:
        quarter, _ = quarters.most_common(1)[0]
        return -quarter * 90 % 360
    angle = number_of(direction)
    return 0 if angle is None or not 0 <= angle <= 360 else -round(angle / 90) * 90 % 360


def skew_of(lines: Iterable[Line], rotation: int) -> float:
    """Degrees clockwise (small) that deskew the page after it is turned upright."""
    slope = text_slope(
        (line.box for line in lines),
        max_slope=math.radians(45),
        min_elongation=_LONG,
        direction=math.radians(-rotation),
    )
    return 0.0 - math.degrees(slope)


def _is_column(text: str, box: Quad) -> bool:
    """Whether a text is vertical although its corners are those of horizontal text."""
    return len(text) > 1 and quad_height(box) > _TALL * quad_length(box)


def _along_text(text: str, box: Quad) -> Quad:
    """The corners in reading order."""
    a, b, c, d = box
    return (b, c, d, a) if _is_column(text, box) else box


def _chars(block: dict[str, Any], text: str, box: Quad, places: Places) -> tuple[Char, ...]:
    """The characters along the line; empty if they do not join to its text."""
    listed = [_char(entry, box, places) for entry in objects_in(block, "char_list")]
    known = [char for char in listed if char is not None]
    if len(known) < len(listed) or not known:
        return ()
    if "".join(char.text for char in known) != text:
        known = _with_spaces(known, text)
    return tuple(known)


def _char(entry: dict[str, Any], box: Quad, places: Places) -> Char | None:
    text, quad = entry.get("char"), places.quad(entry.get("char_location"))
    if not isinstance(text, str) or not text or quad is None:
        return None
    (ax, ay), (bx, by) = box[0], box[1]
    length = quad_length(box) or 1.0
    cos, sin = (bx - ax) / length, (by - ay) / length
    # Both ends in the direction of reading, regardless of the order of the corners.
    along = sorted((x - ax) * cos + (y - ay) * sin for x, y in quad)
    start, end = ((along[i] + along[i + 1]) / 2 / length for i in (0, 2))
    confidence = confidence_of(entry.get("char_confidence"))
    return Char(
        text=text,
        start=min(max(start, 0.0), 1.0),
        end=min(max(end, 0.0), 1.0),
        confidence=UNKNOWN_CONFIDENCE if confidence is None else confidence,
    )


def _with_spaces(chars: Sequence[Char], text: str) -> list[Char]:
    """The characters with the text's spaces inserted; empty if they still do not join."""
    filled: list[Char] = []
    position = 0
    for char in chars:
        while position < len(text) and text[position].isspace() and not char.text.isspace():
            start = filled[-1].end if filled else 0.0
            end = max(start, char.start)
            filled.append(Char(text[position], start, end, UNKNOWN_CONFIDENCE))
            position += 1
        filled.append(char)
        position += len(char.text)
    return filled if "".join(char.text for char in filled) == text else []
