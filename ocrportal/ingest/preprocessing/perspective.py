"""Finds the sheet of paper in a photo and corrects its perspective."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.ingest.preprocessing.pixels import Pixels, Warped, map_points

_MAX_SIDE = 800
"""Pixels per side at which the sheet is detected."""
_SHARE = (0.2, 0.97)
"""Minimum and maximum share of the picture that a sheet covers."""
_FILLED = 0.95
"""Share of its quadrilateral outline that a sheet fills; less for round or torn shapes."""
_MIN_ANGLE, _MAX_ANGLE = 55.0, 125.0
"""Degrees of the corners of a sheet in a photo taken at an angle."""
_BRIGHTER = 25.0
"""Of 255: how much brighter the sheet is than its surroundings."""
_RIM = 0.015
"""Share of the longest side: the distance from its edge at which contrast is measured."""
_AWAY = 2
"""Pixels of the small picture: a sheet closer to its edge is cut off, or a plain scan."""


def correct_perspective(pixels: Pixels) -> Warped | None:
    """Return the sheet as seen from above; None if no complete sheet is found."""
    corners = find_sheet(pixels)
    if corners is None:
        return None
    a, b, c, d = corners.tolist()
    width = round(max(math.dist(a, b), math.dist(d, c)))
    height = round(max(math.dist(a, d), math.dist(b, c)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    forth = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    drawn = cv2.warpPerspective(
        pixels, forth, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Warped(drawn, np.linalg.inv(forth))  # type: ignore[arg-type]  # cv2 does not say which array


def find_sheet(pixels: Pixels) -> NDArray[np.float64] | None:
    """Return the corners of a complete sheet on a darker background, clockwise from top left."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _MAX_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    paper = _whiteness(small)  # type: ignore[arg-type]  # cv2 does not say which array
    quads = [quad for mask in _masks(paper) if (quad := _quad_of(mask)) is not None]
    candidates = [(_margin(paper, quad), quad) for quad in quads]
    contrast, best = max(candidates, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or contrast < _BRIGHTER:
        return None
    return map_points(np.diag([width / size[0], height / size[1], 1.0]), best)


def _whiteness(picture: Pixels) -> Pixels:
    """The brightness of colourless areas such as paper, with print and texture smoothed away."""
    white = picture if picture.ndim == 2 else picture.min(axis=2)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    bare = cv2.morphologyEx(white, cv2.MORPH_CLOSE, kernel)
    return cv2.medianBlur(bare, 5)  # type: ignore[return-value]  # cv2 does not say which array


def _masks(paper: Pixels) -> Iterator[Pixels]:
    """Masks of possible sheets, at several brightness thresholds."""
    otsu, _ = cv2.threshold(paper, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    middle = float(np.median(paper[paper > otsu])) if (paper > otsu).any() else 255.0
    for limit in (otsu, (otsu + middle) / 2, otsu * 0.8, middle - 40):
        yield (paper > limit).astype(np.uint8)


def _quad_of(mask: Pixels) -> NDArray[np.float64] | None:
    """The four corners of the largest area, if it has the shape of a sheet."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    if len(hull) < 4:
        return None
    corners = cv2.approxPolyN(hull, 4, ensure_convex=True).reshape(-1, 2).astype(np.float64)
    height, width = mask.shape
    area = float(cv2.contourArea(corners.astype(np.float32)))
    least, most = _SHARE
    if len(corners) != 4 or not least <= area / (width * height) <= most:
        return None
    low, high = corners.min(axis=0), corners.max(axis=0)
    if low.min() < _AWAY or high[0] > width - 1 - _AWAY or high[1] > height - 1 - _AWAY:
        return None
    if cv2.contourArea(outline) < _FILLED * area or not _is_sheet_shaped(corners):
        return None
    return _from_top_left(corners)


def _is_sheet_shaped(corners: NDArray[np.float64]) -> bool:
    before, after = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    cosines = (before * after).sum(axis=1) / (
        np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    )
    angles = np.degrees(np.arccos(cosines.clip(-1, 1)))
    return bool((angles >= _MIN_ANGLE).all() and (angles <= _MAX_ANGLE).all())


def _from_top_left(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners clockwise from the top left one, for the smallest rotation."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(*(corners - middle).T[::-1])
    clockwise = corners[angles.argsort()]
    sums = clockwise.sum(axis=1)
    return np.roll(clockwise, -int(sums.argmin()), axis=0)


def _margin(paper: Pixels, quad: NDArray[np.float64]) -> float:
    """How much brighter the sheet is than its surroundings, on the side with least contrast."""
    rim = _RIM * max(paper.shape) + 3
    middle = quad.mean(axis=0)
    height, width = paper.shape
    contrasts = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = start + (end - start) * np.linspace(0.1, 0.9, 40)[:, None]
        normal = np.array([end[1] - start[1], start[0] - end[0]]) / math.dist(start, end)
        if (normal @ (middle - start)) > 0:
            normal = -normal
        inside, outside = (
            (along + normal * way).round().astype(int).clip(0, [width - 1, height - 1])
            for way in (-rim, rim)
        )
        contrasts.append(
            float(np.median(paper[inside[:, 1], inside[:, 0]]))
            - float(np.median(paper[outside[:, 1], outside[:, 0]]))
        )
    return min(contrasts)
