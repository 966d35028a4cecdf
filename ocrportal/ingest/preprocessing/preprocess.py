"""The chosen steps in their order, and the way back from what an engine then says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocrportal.geometry import Quad
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.contrast import darken
from ocrportal.ingest.preprocessing.deskew import level
from ocrportal.ingest.preprocessing.downscale import shrink
from ocrportal.ingest.preprocessing.perspective import straighten
from ocrportal.ingest.preprocessing.pixels import Matrix, moved, pixels_of
from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """The picture an engine is shown, and how it lies on the original."""

    image: Image.Image
    changed: bool
    """False if it is the original itself."""
    width: int
    """Pixels of the original, like ``height``."""
    height: int
    back: Matrix
    """Leads from points of the picture to points of the original."""

    def restore(self, result: PageResult) -> PageResult:
        """A result for the picture as one for the original.

        The original may lie askew even where the picture does not; ``rotation`` stays, since
        no step turns a page by more than some degrees.
        """
        if not self.changed:
            return result
        return replace(
            result,
            width=self.width,
            height=self.height,
            skew=result.skew - self._turn_back(result.rotation),
            lines=tuple(replace(line, box=self._quad(line.box)) for line in result.lines),
            tables=tuple(
                replace(
                    table,
                    box=self._placed(table.box),
                    cells=tuple(replace(cell, box=self._placed(cell.box)) for cell in table.cells),
                )
                for table in result.tables
            ),
            fields=tuple(replace(entry, box=self._placed(entry.box)) for entry in result.fields),
            blocks=tuple(replace(block, box=self._placed(block.box)) for block in result.blocks),
        )

    def _placed(self, box: Quad | None) -> Quad | None:
        return box and self._quad(box)

    def _quad(self, box: Quad) -> Quad:
        corners = moved(self.back, np.array(box)).clip(0, (self.width, self.height))
        a, b, c, d = ((float(x), float(y)) for x, y in corners)
        return a, b, c, d

    def _turn_back(self, rotation: int) -> float:
        """Degrees clockwise by which a line in the middle, once upright, turns on its way back."""
        middle = np.array([self.image.width / 2, self.image.height / 2])
        reading = math.radians(-rotation)
        ahead = middle + np.array([math.cos(reading), math.sin(reading)])
        start, end = moved(self.back, np.array([middle, ahead]))
        turned = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) + rotation
        return (turned + 180) % 360 - 180


def preprocess(image: Image.Image, preprocessing: Preprocessing) -> Preprocessed:
    """Apply those of the steps straighten, level, contrast and shrink that are chosen.

    A step that finds nothing to mend leaves the picture alone. Raises OSError if
    the picture cannot be decoded.
    """
    drawn = [
        step
        for step, chosen in (
            (straighten, preprocessing.correct_perspective),
            (level, preprocessing.deskew),
            (shrink, preprocessing.downscale),
        )
        if chosen
    ]
    back = np.eye(3)
    if not drawn and not preprocessing.enhance_contrast:
        return Preprocessed(image, False, image.width, image.height, back)
    pixels = pixels_of(image)
    changed = False
    for step in drawn:
        redrawn = step(pixels)
        if redrawn is not None:
            pixels, back, changed = redrawn.pixels, back @ redrawn.back, True
    # Last: fewer pixels are left, and a table around the sheet is gone.
    darker = darken(pixels) if preprocessing.enhance_contrast else None
    if darker is not None:
        pixels, changed = darker, True
    shown = Image.fromarray(pixels) if changed else image
    return Preprocessed(shown, changed, image.width, image.height, back)
