"""Applies the chosen steps in order and maps results back to the original picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocrportal.geometry import Quad
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.contrast import enhance_contrast
from ocrportal.ingest.preprocessing.deskew import deskew
from ocrportal.ingest.preprocessing.downscale import downscale
from ocrportal.ingest.preprocessing.perspective import correct_perspective
from ocrportal.ingest.preprocessing.pixels import Matrix, map_points, pixels_of
from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """The picture for an engine, and its mapping to the original."""

    image: Image.Image
    changed: bool
    """False if it is the original."""
    width: int
    """Pixels of the original, like ``height``."""
    height: int
    inverse: Matrix
    """Maps points of the picture to points of the original."""

    def restore(self, result: PageResult) -> PageResult:
        """Convert a result for the picture to one for the original.

        The original can be skewed even if the picture is not. ``rotation`` is unchanged, since
        no step rotates a page by more than a few degrees.
        """
        if not self.changed:
            return result
        return replace(
            result.map_boxes(self._quad),
            width=self.width,
            height=self.height,
            skew=result.skew - self._skew_of_original(result.rotation),
        )

    def _quad(self, box: Quad) -> Quad:
        corners = map_points(self.inverse, np.array(box)).clip(0, (self.width, self.height))
        a, b, c, d = ((float(x), float(y)) for x, y in corners)
        return a, b, c, d

    def _skew_of_original(self, rotation: int) -> float:
        """The clockwise degrees by which the inverse rotates a line at the centre of the page."""
        middle = np.array([self.image.width / 2, self.image.height / 2])
        reading = math.radians(-rotation)
        ahead = middle + np.array([math.cos(reading), math.sin(reading)])
        start, end = map_points(self.inverse, np.array([middle, ahead]))
        turned = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) + rotation
        return (turned + 180) % 360 - 180


def preprocess(image: Image.Image, preprocessing: Preprocessing) -> Preprocessed:
    """Apply the chosen steps that change pixels.

    A step that is not needed leaves the picture unchanged. Raises OSError if the picture
    cannot be decoded.
    """
    steps = [
        step
        for step, chosen in (
            (correct_perspective, preprocessing.correct_perspective),
            (deskew, preprocessing.deskew),
            (downscale, preprocessing.downscale),
        )
        if chosen
    ]
    inverse = np.eye(3)
    if not steps and not preprocessing.enhance_contrast:
        return Preprocessed(image, False, image.width, image.height, inverse)
    pixels = pixels_of(image)
    changed = False
    for step in steps:
        warped = step(pixels)
        if warped is not None:
            pixels, inverse, changed = warped.pixels, inverse @ warped.inverse, True
    # Last, when fewer pixels are left and the surroundings of the sheet are cropped.
    darker = enhance_contrast(pixels) if preprocessing.enhance_contrast else None
    if darker is not None:
        pixels, changed = darker, True
    shown = Image.fromarray(pixels) if changed else image
    return Preprocessed(shown, changed, image.width, image.height, inverse)
