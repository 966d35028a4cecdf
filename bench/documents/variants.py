"""A printed page as a clean picture, a scan or a photograph, and where its points are then."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.documents.truth import TruePage
from bench.transforms import Corners, faint, photo_matrix, photographed, tilted

VARIANTS = ("printed", "scanned", "photographed")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page and what is on it."""

    data: bytes
    truth: TruePage


def picture_of(data: bytes, truth: TruePage, variant: str, chance: random.Random) -> PagePicture:
    """A variant of a PNG file; scans are tilted and faint, photographs are taken at an angle."""
    if variant == "printed":
        return PagePicture(data, truth)
    with Image.open(io.BytesIO(data)) as image:
        page = image.convert("RGB")
    if variant == "scanned":
        degrees = chance.uniform(-1.5, 1.5)
        changed = faint(tilted(page, degrees), chance.uniform(0.55, 0.95))
        matrix = _tilt_matrix(page.size, changed.size, degrees)
    else:
        corners = _corners(chance)
        changed = photographed(page, busy=chance.random() < 0.5, corners=corners)
        matrix = photo_matrix(page.size, corners)
    out = io.BytesIO()
    changed.save(out, "JPEG", quality=chance.randint(70, 92))
    return PagePicture(out.getvalue(), truth.mapped(matrix, *changed.size))


def _corners(chance: random.Random) -> Corners:
    """The corners of a sheet that someone tried to photograph from straight above."""
    sheet = ((0.08, 0.07), (0.92, 0.07), (0.92, 0.93), (0.08, 0.93))
    return tuple(
        (x + chance.uniform(-0.03, 0.03), y + chance.uniform(-0.03, 0.03)) for x, y in sheet
    )


def _tilt_matrix(
    before: tuple[int, int], after: tuple[int, int], degrees: float
) -> NDArray[np.float64]:
    """The rotation of ``tilted``: counterclockwise about the center, on a larger canvas."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    center, middle = np.array(before) / 2, np.array(after) / 2
    turn = np.array([[cosine, sine], [-sine, cosine]])
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = middle - turn @ center
    return matrix
