"""The text along the rim of a round seal, unrolled to a line."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.recognition import Reading
from ocrportal.geometry import Rect
from ocrportal.results import UNREAD_CHARACTER

MAX_ASPECT = 1.3
"""Width to height, or height to width, of a round or an oval seal."""
RADII = 100
"""Steps from the center of a seal to its outer edge."""
OUTER, INNER = 0.95, 0.45
"""The text is between these shares of the radius: within the rim, and around the star."""
INKED = 0.035
"""The share of the circle that has ink where letters are."""
MIN_BAND, MAX_BAND = 0.1, 0.4
"""The height of the letters, in radii."""
MARGIN = 0.15
"""White above and below the letters, in their height, as in the strips of other lines."""
HEIGHT = 64
"""Pixels; the height of a strip."""
MIN_CONFIDENCE, MIN_CHARACTER = 0.95, 0.8
"""The confidence of a text, and of each of its characters, from which it is certain."""
MIN_LENGTH = 4
"""Characters of the name of an owner."""
MIN_GAP = 0.08
"""Of the circle; the end of the text and its beginning are at least so far apart."""


def ring_strip(image: Pixels, seal: Rect) -> Pixels | None:
    """The text along the rim of a seal as a line from its beginning, dark on white.

    Text below the seal is left out, since it has no colour. None if the seal is not round, or has
    no letters along its rim.
    """
    if not 1 / MAX_ASPECT < seal.width / max(1.0, seal.height) < MAX_ASPECT:
        return None
    seal = _tight(image, seal)
    turns = round(2 * math.pi * RADII)
    ink = _unrolled(image, seal, RADII, turns, 0.0, 1.0, 0.0)
    marked = ink > _limit(ink)
    band = _band(marked)
    if band is None:
        return None
    first, last = band
    start = _start(marked[RADII - 1 - last : RADII - first])
    if start is None:
        return None
    margin = MARGIN * (last - first) / RADII
    outer, inner = last / RADII + margin, first / RADII - margin
    length = round(HEIGHT * math.pi * (outer + inner) / (outer - inner))
    strip = _unrolled(image, seal, HEIGHT, length, inner, outer, start / turns)
    scaled = np.minimum(strip * (255.0 / max(1.0, float(np.percentile(strip, 99)))), 255.0)
    grey = 255 - scaled.astype(np.uint8)
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))


def certain_text(reading: Reading) -> str:
    """The text of a seal, without the spaces between its letters; empty if it is not certain."""
    chars = [char for char in reading.chars if not char.text.isspace()]
    if len(chars) < MIN_LENGTH or any(
        char.text == UNREAD_CHARACTER or char.confidence < MIN_CHARACTER for char in chars
    ):
        return ""
    is_certain = sum(char.confidence for char in chars) >= MIN_CONFIDENCE * len(chars)
    return "".join(char.text for char in chars) if is_certain else ""


def _tight(image: Pixels, seal: Rect) -> Rect:
    """The bounds of the coloured ink of a seal."""
    left, top = max(0, int(seal.left)), max(0, int(seal.top))
    colour = _colour(image[top : int(seal.bottom), left : int(seal.right)])
    marked = colour > _limit(colour)
    columns = np.flatnonzero(marked.sum(axis=0) > 2)
    rows = np.flatnonzero(marked.sum(axis=1) > 2)
    if not len(columns) or not len(rows):
        return seal
    return Rect(
        left + float(columns[0]),
        top + float(rows[0]),
        left + float(columns[-1]) + 1,
        top + float(rows[-1]) + 1,
    )


def _colour(pixels: Pixels) -> NDArray[np.float32]:
    """The darkness of the ink of a seal; black, white and ink of another colour are 0.

    The colours of a JPEG are blurred, its brightness is not: both limit the ink.
    """
    channels = [pixels[..., channel].astype(np.float32) for channel in range(3)]
    excesses = [
        np.clip(channel - np.maximum(*(c for c in channels if c is not channel)), 0, None)
        for channel in channels
    ]
    excess = max(excesses, key=lambda values: float(values.sum()))
    lowest = pixels.min(axis=2).astype(np.float32)
    darkness = np.clip(np.percentile(lowest, 90) - lowest, 0, None)
    return np.asarray(np.minimum(2 * excess, darkness), np.float32)


def _unrolled(
    image: Pixels, seal: Rect, rows: int, columns: int, inner: float, outer: float, start: float
) -> NDArray[np.float32]:
    """The colour of a ring between two radii, from its outer edge down and clockwise.

    ``start`` is the share of the circle at which it is cut, from the bottom.
    """
    angles = 2 * math.pi * (0.25 + start + (np.arange(columns) + 0.5) / columns)
    radii = outer - (outer - inner) * (np.arange(rows)[:, None] + 0.5) / rows
    across = seal.center_x + seal.width / 2 * radii * np.cos(angles)
    down = seal.center_y + seal.height / 2 * radii * np.sin(angles)
    left, top = max(0, int(seal.left) - 8), max(0, int(seal.top) - 8)
    colour = _colour(image[top : int(seal.bottom) + 8, left : int(seal.right) + 8])
    return np.asarray(
        cv2.remap(
            colour,
            (across - left).astype(np.float32),
            (down - top).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _limit(ink: NDArray[np.float32]) -> float:
    low, high = np.percentile(ink, [30, 97])
    return float(low + high) / 2


def _band(marked: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The first and the last radius of the outermost letters within the rim."""
    inked = marked.mean(axis=1)[::-1] > INKED
    radius = round(OUTER * RADII)
    while radius > INNER * RADII and inked[radius]:  # the rim
        radius -= 1
    while radius > INNER * RADII and not inked[radius]:
        radius -= 1
    last = radius
    while radius > INNER * RADII and inked[radius]:
        radius -= 1
    height = (last - radius) / RADII
    return (radius, last + 1) if MIN_BAND <= height <= MAX_BAND else None


def _start(marked: NDArray[np.bool_]) -> int | None:
    """The column in the middle of the widest gap; None without a wide one."""
    inked = np.flatnonzero(marked.sum(axis=0) > 1)
    if not len(inked):
        return None
    count = int(marked.shape[1])
    gaps = np.diff(np.append(inked, inked[0] + count))
    widest = int(gaps.argmax())
    width = int(gaps[widest])
    return (int(inked[widest]) + width // 2) % count if width >= MIN_GAP * count else None
