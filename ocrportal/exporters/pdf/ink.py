"""The ink on a page picture, within the boxes of its lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.errors import ExportError
from ocrportal.geometry import Quad

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
        """Raises ExportError for anything that cannot be read as a picture."""
        try:
            with Image.open(BytesIO(picture)) as image:
                self._grey = np.asarray(image.convert("L"))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise ExportError from error

    def strip(self, box: Quad) -> InkedStrip | None:
        """The ink in a line's box; None if there is none that stands out."""
        grey = self._upright(box)
        some = grey[::2, ::3]
        ground = int(np.median(some))
        strongest = int(np.percentile(np.abs(some - ground), _STRONGEST))
        if strongest < _CONTRAST:
            return None
        ink = np.abs(grey - ground) > max(_HALF_TONE * strongest, _CONTRAST)
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

    def _upright(self, box: Quad) -> NDArray[np.int16]:
        """The pixels of a box and a little above and below it, row by row as it is read."""
        (left, top), (right, bottom), _, (low_x, low_y) = box
        length, height = math.dist(box[0], box[1]), math.dist(box[0], box[3])
        count = min(max(round(length), 1), _MAX_COLUMNS)
        along = ((np.arange(count) + 0.5) / count).astype(np.float32)
        rows_in_all = max(round(height * (1 + 2 * _MARGIN)), 2)
        down = np.linspace(-_MARGIN, 1 + _MARGIN, rows_in_all, endpoint=False, dtype=np.float32)
        x = (left + (right - left) * along) + ((low_x - left) * down)[:, None]
        y = (top + (bottom - top) * along) + ((low_y - top) * down)[:, None]
        limit_y, limit_x = self._grey.shape
        columns = x.astype(np.int32).clip(0, limit_x - 1)
        rows = y.astype(np.int32).clip(0, limit_y - 1)
        pixels: NDArray[np.int16] = self._grey[rows, columns].astype(np.int16)
        return pixels


def _row_range(ink: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The rows with ink, without what reaches in from the lines above and below.

    Towards either edge the ink ends where there is least of it: that is a blank row, or the
    seam to a neighbour whose ink overlaps because the box leans a little otherwise.
    """
    counts = ink.sum(axis=1)
    speck = ink.shape[1] // 400
    edge = int(len(counts) * _EDGE)
    above, below = counts[:edge], counts[len(counts) - edge :]
    top = int(np.flatnonzero(above <= max(speck, above.min()))[-1]) if edge else 0
    bottom = len(counts) - edge
    bottom += int(np.flatnonzero(below <= max(speck, below.min()))[0]) + 1 if edge else 0
    rows = np.flatnonzero(counts[top:bottom] > speck)
    if not len(rows):
        return None
    return top + int(rows[0]), top + int(rows[-1]) + 1
