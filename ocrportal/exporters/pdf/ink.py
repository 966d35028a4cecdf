"""The ink on a page picture, within the boxes of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.errors.export import ExportError
from ocrportal.geometry import Quad, quad_height, quad_length

_CONTRAST = 24
"""Grey levels by which ink stands off its ground at least."""
_HALF_TONE = 0.4
"""What is ink, between the ground (0) and the strongest ink in a box (1)."""
_STRONGEST = 99.5
"""Percentile that is taken for the strongest ink, so that a speck does not count."""
_MARGIN = 0.1
"""How far beyond its box, in heights, the ink of a line is looked for."""
_EDGE = 0.3
"""Share of a box, from its upper or lower edge, in which neighbours may intrude."""
_MAX_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class InkedStrip:
    """Where the ink of a line lies in its box: shares of its height and length."""

    top: float
    bottom: float
    left: float
    right: float
    _columns: NDArray[np.bool_]

    def gap_at(self, place: float) -> tuple[float, float] | None:
        """Where the ink ends before a place in the line, and where it begins again."""
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
    """The picture of a page in grey, as it is stored."""

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
        ground = _median(levels)
        strongest = _percentile(_distances(levels, ground), _STRONGEST)
        if strongest < _CONTRAST:
            return None
        ink = _beyond(grey, ground, int(max(_HALF_TONE * strongest, _CONTRAST)))
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
        """The pixels of a box and a margin above and below it, row by row as it is read.

        Most boxes are parallel to the axes: whole rows and columns are taken then.
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
        # One flat index is several times as fast as a pair of grids.
        pixels: NDArray[np.uint8] = self._grey.ravel().take(rows * limit_x + columns)
        return pixels


def _median(levels: NDArray[np.intp]) -> int:
    """The median of grey levels, of which ``levels`` holds how often each occurs."""
    sums = levels.cumsum()
    total = int(sums[-1])
    low = int(sums.searchsorted((total - 1) // 2, side="right"))
    return low if total % 2 else (low + int(sums.searchsorted(total // 2, side="right"))) // 2


def _percentile(levels: NDArray[np.intp], percent: float) -> int:
    """A percentile of grey levels, interpolated as ``numpy.percentile`` does, rounded down."""
    sums = levels.cumsum()
    total = int(sums[-1])
    position = percent / 100 * (total - 1)
    below = int(position)
    low = int(sums.searchsorted(below, side="right"))
    high = int(sums.searchsorted(min(below + 1, total - 1), side="right"))
    share = position - below
    return int(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))


def _distances(levels: NDArray[np.intp], ground: int) -> NDArray[np.intp]:
    """How often each distance from the ground occurs."""
    distances = np.zeros(256, levels.dtype)
    distances[: 256 - ground] = levels[ground:]
    if ground:
        distances[1 : ground + 1] += levels[ground - 1 :: -1]
    return distances


def _beyond(grey: NDArray[np.uint8], ground: int, limit: int) -> NDArray[np.bool_]:
    """Where grey levels differ from the ground by more than ``limit``."""
    low, high = ground - limit, ground + limit
    if low <= 0:
        return grey > high if high < 255 else np.zeros(grey.shape, np.bool_)
    if high >= 255:
        return grey < low
    return (grey < low) | (grey > high)


def _row_range(ink: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The rows with ink, without the ink that reaches in from the lines above and below.

    Towards either edge the ink ends where there is least of it: at an empty row, or at the
    seam to a neighbour whose ink overlaps because the box has another slope.
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
