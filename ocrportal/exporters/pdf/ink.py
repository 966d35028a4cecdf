"""The ink of a page image within the boxes of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.errors.export import ExportError
from ocrportal.geometry import Quad, quad_height, quad_length

_CONTRAST = 24
"""Minimum difference of ink from the background, in grey levels."""
_HALF_TONE = 0.4
"""Threshold of ink between the background (0) and the strongest ink of a box (1)."""
_STRONGEST = 99.5
"""Percentile of the strongest ink, which excludes specks."""
_MARGIN = 0.1
"""Margin above and below a box that is searched for ink, in heights."""
_EDGE = 0.3
"""Share of a box at its upper and lower edge that may contain ink of neighbouring lines."""
_MAX_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class InkedStrip:
    """The extent of the ink of a line, as fractions of the height and length of its box."""

    top: float
    bottom: float
    left: float
    right: float
    _columns: NDArray[np.bool_]

    def gap_at(self, place: float) -> tuple[float, float] | None:
        """The start and end of the gap in the ink at ``place``, a fraction of the length."""
        count = len(self._columns)
        column = min(max(int(place * count), 0), count - 1)
        if self._columns[column]:
            return None
        before = np.flatnonzero(self._columns[:column])
        behind = np.flatnonzero(self._columns[column:])
        if not len(before) or not len(behind):
            return None
        return (before[-1] + 1) / count, (column + behind[0]) / count


class Ink:
    """The stored image of a page in grey."""

    def __init__(self, picture: bytes) -> None:
        """Decode a JPEG or PNG file; raises ExportError if it cannot be read."""
        try:
            with Image.open(BytesIO(picture)) as image:
                self._grey = np.asarray(image if image.mode == "L" else image.convert("L"))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise ExportError from error

    def strip(self, box: Quad) -> InkedStrip | None:
        """The ink in a line's box; None if there is none with enough contrast."""
        grey = self._upright(box)
        levels = np.bincount(grey[::2, ::3].ravel(), minlength=256)
        background = _median(levels)
        strongest = _percentile(_distances(levels, background), _STRONGEST)
        if strongest < _CONTRAST:
            return None
        ink = _beyond(grey, background, int(max(_HALF_TONE * strongest, _CONTRAST)))
        rows = _row_range(ink)
        if rows is None:
            return None
        top, bottom = rows
        columns: NDArray[np.bool_] = np.any(ink[top:bottom], axis=0)
        places = np.flatnonzero(columns)
        if not len(places):
            return None
        height, width = ink.shape
        whole = 1 + 2 * _MARGIN
        return InkedStrip(
            top=top / height * whole - _MARGIN,
            bottom=bottom / height * whole - _MARGIN,
            left=places[0] / width,
            right=(places[-1] + 1) / width,
            _columns=columns,
        )

    def _upright(self, box: Quad) -> NDArray[np.uint8]:
        """The pixels of a box with a margin above and below it, rotated upright.

        For boxes parallel to the axes, which most are, whole rows and columns are taken.
        """
        (left, top), (right, bottom), _, (low_x, low_y) = box
        count = min(max(round(quad_length(box)), 1), _MAX_COLUMNS)
        along = ((np.arange(count) + 0.5) / count).astype(np.float32)
        row_count = max(round(quad_height(box) * (1 + 2 * _MARGIN)), 2)
        down = np.linspace(-_MARGIN, 1 + _MARGIN, row_count, endpoint=False, dtype=np.float32)
        limit_y, limit_x = self._grey.shape
        across_x, across_y = left + (right - left) * along, top + (bottom - top) * along
        down_x, down_y = (low_x - left) * down, (low_y - top) * down
        if top == bottom and left == low_x and left <= right:
            columns = across_x.astype(np.int32).clip(0, limit_x - 1)
            rows = (across_y[0] + down_y).astype(np.int32).clip(0, limit_y - 1)
            wide = self._grey.take(rows, axis=0)[:, columns[0] : columns[-1] + 1]
            upright: NDArray[np.uint8] = wide.take(columns - columns[0], axis=1)
            return upright
        columns = (across_x + down_x[:, None]).astype(np.int32).clip(0, limit_x - 1)
        rows = (across_y + down_y[:, None]).astype(np.int32).clip(0, limit_y - 1)
        # A flat index is several times as fast as a pair of index arrays.
        pixels: NDArray[np.uint8] = self._grey.ravel().take(rows * limit_x + columns)
        return pixels


def _median(levels: NDArray[np.intp]) -> int:
    """The median of a histogram of grey levels."""
    sums = levels.cumsum()
    total = int(sums[-1])
    low = int(sums.searchsorted((total - 1) // 2, side="right"))
    return low if total % 2 else (low + int(sums.searchsorted(total // 2, side="right"))) // 2


def _percentile(levels: NDArray[np.intp], percent: float) -> int:
    """A percentile of a histogram, interpolated like ``numpy.percentile`` and rounded down."""
    sums = levels.cumsum()
    total = int(sums[-1])
    position = percent / 100 * (total - 1)
    below = int(position)
    low = int(sums.searchsorted(below, side="right"))
    high = int(sums.searchsorted(min(below + 1, total - 1), side="right"))
    share = position - below
    return int(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))


def _distances(levels: NDArray[np.intp], background: int) -> NDArray[np.intp]:
    """The histogram of the distances from the background."""
    distances = np.zeros(256, levels.dtype)
    distances[: 256 - background] = levels[background:]
    if background:
        distances[1 : background + 1] += levels[background - 1 :: -1]
    return distances


def _beyond(grey: NDArray[np.uint8], background: int, limit: int) -> NDArray[np.bool_]:
    """A mask of the pixels that differ from the background by more than ``limit``."""
    low, high = background - limit, background + limit
    if low <= 0:
        return grey > high if high < 255 else np.zeros(grey.shape, np.bool_)
    if high >= 255:
        return grey < low
    return (grey < low) | (grey > high)


def _row_range(ink: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The range of rows with ink, without the ink of the lines above and below.

    Near either edge, the ink ends at the row with the least ink: an empty row, or the boundary to
    a neighbouring line that overlaps because the box has another slope.
    """
    counts = np.add.reduce(ink, axis=1, dtype=np.int32)
    speck = ink.shape[1] // 400
    edge = int(len(counts) * _EDGE)
    above, below = counts[:edge], counts[len(counts) - edge :]
    top = int(np.flatnonzero(above <= max(speck, above.min()))[-1]) if edge else 0
    bottom = len(counts) - edge
    bottom += int((below <= max(speck, below.min())).argmax()) + 1 if edge else 0
    rows = np.flatnonzero(counts[top:bottom] > speck)
    if not len(rows):
        return None
    return top + int(rows[0]), top + int(rows[-1]) + 1
