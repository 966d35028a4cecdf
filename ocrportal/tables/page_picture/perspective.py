"""Straightens the picture of a photographed page, whose lines meet, before its tables are located.

The perspective is found by the texts themselves, which are level with each other in rows and begin
or end below each other in columns. Coordinates are those of the page, turned upright, with the
origin at its center, divided by its longer side.

layout/frame/perspective.py, which maps boxes only, takes the slopes of long lines. The short texts
of cells show none, and rulings must be straight in the picture: here homographies are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MIN_LINES = 8
"""Lines that show the perspective, at least."""
MIN_LENGTH = 0.06
"""Length from which the ends of a line show its slope, as a share of the page's longer side."""
MAX_SLOPE, COARSE, FINE = 0.08, 0.008, 0.002
"""Slopes that are tried at both edges of the text: up to the first, in these steps."""
ALIGNED = 0.0015
"""Points so near to one line are on it, as a share of the page's longer side."""
MIN_GAIN = 1.15
"""By this factor more points are aligned if lines meet than if they are parallel …"""
MIN_MORE = 0.25
"""… and by this share of the points at least."""
MAX_POINTS = 500
"""More points do not show it better."""

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SWAPPED = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float64)
"""Exchanges both axes, so that columns are searched for as rows are."""


def straightening(starts: Points, ends: Points) -> Matrix | None:
    """The homography that makes the lines level and their common edges upright.

    ``starts`` and ``ends`` are the middles of both ends of each line, n x 2. None if they are
    level and upright already.
    """
    if len(starts) < MIN_LINES:
        return None
    long = np.hypot(*(ends - starts).T) >= MIN_LENGTH
    # The ends of a short line do not show its slope, but its middle is level with its neighbours.
    level = _levelling([np.concatenate([(starts + ends) / 2, starts[long], ends[long]])])
    straight = np.eye(3) if level is None else level
    edges = [mapped(straight, points)[:, ::-1] for points in (starts, ends)]
    upright = _levelling(edges)
    if upright is not None:
        return np.asarray(_SWAPPED @ upright @ _SWAPPED @ straight)
    return level


def mapped(matrix: Matrix, points: Points) -> Points:
    """The points, n x 2, after a homography."""
    placed = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(placed[:, :2] / placed[:, 2:])


def _levelling(groups: Sequence[Points]) -> Matrix | None:
    """The homography after which most points of a group are at the height of another one.

    None if nearly as many are level before.
    """
    heights = np.concatenate(groups)[:, 1]
    top, bottom = float(heights.min()), float(heights.max())
    if bottom - top < MIN_LENGTH:
        return None
    groups = [points[:: 1 + len(points) // MAX_POINTS] for points in groups]

    def score(slopes: tuple[float, float]) -> int:
        matrix = _through(*slopes, top, bottom)
        return sum(_aligned(mapped(matrix, points)[:, 1]) for points in groups)

    steps = np.arange(-MAX_SLOPE, MAX_SLOPE + COARSE / 2, COARSE)
    best = max(((a, b) for a in steps for b in steps), key=score)
    near = np.arange(-COARSE, COARSE + FINE / 2, FINE)
    best = max(((best[0] + a, best[1] + b) for a in near for b in near), key=score)
    parallel = max(((a, a) for a in np.arange(-MAX_SLOPE, MAX_SLOPE, FINE)), key=score)
    before = score((0.0, 0.0))
    if score(best) > _enough(max(score(parallel), before), groups):
        return _through(*best, top, bottom)
    return _through(*parallel, top, bottom) if score(parallel) > _enough(before, groups) else None


def _enough(pairs: int, groups: Sequence[Points]) -> float:
    return max(MIN_GAIN * pairs, pairs + MIN_MORE * sum(map(len, groups)))


def _through(at_top: float, at_bottom: float, top: float, bottom: float) -> Matrix:
    """The homography that levels lines with these slopes at two heights of the center."""
    # Lines through the point (1, m, z) have the slope m - z * y.
    z = (at_top - at_bottom) / (bottom - top)
    m = at_top + z * top
    return np.array([[1, 0, 0], [-m, 1, 0], [-z, 0, 1]], dtype=np.float64)


def _aligned(heights: NDArray[np.float64]) -> int:
    """How many pairs of points are level."""
    placed = np.sort(heights)
    return int((np.searchsorted(placed, placed + ALIGNED) - np.arange(len(placed)) - 1).sum())
