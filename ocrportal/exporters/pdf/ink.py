"""The ink of a page image within the boxes of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.errors.export import ExportError
from ocrportal.geometry import Quad, quad_height, quad_length
from ocrportal.ink import ink_in_strip

_CONTRAST = 24
"""Minimum difference of ink from the background, in grey levels."""
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
        ink = ink_in_strip(
            self._upright(box), min_contrast=_CONTRAST, percentile=_STRONGEST, step=(2, 3)
        )
        if ink is None:
            return None
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
