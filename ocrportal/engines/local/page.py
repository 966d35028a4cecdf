"""A whole page: which way up it lies, where its text stands, and what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ocrportal.engines.local.detection import Corners, Detector
from ocrportal.engines.local.gutters import cut_at_gutters
from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.orientation import OrientationClassifier
from ocrportal.engines.local.recognition import Reading, Recogniser

ROTATIONS = (0, 90, 180, 270)
TALL = 1.5
"""Height to width from which a box is read as a column."""
MAYBE_ONE_CHARACTER = 3.0
"""Up to this height to width, a tall box may be a single upright character such as 1."""
DOUBTFUL = 0.8
"""A tall box read with less confidence than this is tried in other directions too."""
POOR = 0.8
"""A page read with less confidence than this is tried in other rotations too."""
SAMPLE = 8
"""How many boxes are read to compare two rotations of a page."""
SIDEWAYS = 0.2
"""Confidence a rotation loses where lines run down the page: both ways they read alike,
and far more pages are written across."""


class TextRegion(NamedTuple):
    """One region of text: corners, first side along the direction of reading, and text."""

    corners: Corners
    reading: Reading


@dataclass(frozen=True, slots=True)
class PageReading:
    """The regions of a picture that was turned clockwise by ``rotation``."""

    rotation: int
    regions: list[TextRegion]

    @property
    def confidence(self) -> float:
        """Mean over all characters, 0 to 1; 0 where there are none."""
        return _confidence(self.regions)


class PageReader:
    """Reads pages that lie any way up."""

    def __init__(self, threads: int) -> None:
        self._orientation = OrientationClassifier(threads)
        self._detector = Detector(threads)
        self._recogniser = Recogniser(threads)

    def warm_up(self) -> None:
        """Run each network once on an empty page."""
        paper = np.full((1200, 850, 3), 255, dtype=np.uint8)
        self._orientation.rotation(paper)
        self._detector.find(paper)
        self._recogniser.read(paper, [np.array([[0, 0], [640, 0], [640, 48], [0, 48]], "f4")])

    def read(self, picture: Pixels, *, auto_rotate: bool = True) -> PageReading:
        """Turn the page upright if need be, unless told not to, and read it.

        The classifier alone may be wrong on pictures with little text, so that it only
        proposes: a page is turned if the text then reads better.
        """
        if not auto_rotate:
            return self._read_turned(picture, 0)
        proposed = self._orientation.rotation(picture)
        rotation = self._best_rotation(picture, (0, proposed)) if proposed else 0
        page = self._read_turned(picture, rotation)
        if page.regions and page.confidence < POOR:
            rotation = self._best_rotation(picture, ROTATIONS)
            if rotation != page.rotation:
                page = max(page, self._read_turned(picture, rotation), key=lambda p: p.confidence)
        return page

    def _read_turned(self, picture: Pixels, rotation: int) -> PageReading:
        upright = turned(picture, rotation)
        boxes = cut_at_gutters(upright, self._detector.find(upright))
        return PageReading(rotation, self._read_boxes(upright, boxes))

    def _best_rotation(self, picture: Pixels, rotations: tuple[int, ...]) -> int:
        """The rotation in which a sample of the text reads best, the earlier one if equal."""
        return max(rotations, key=lambda rotation: self._legibility(picture, rotation))

    def _legibility(self, picture: Pixels, rotation: int) -> float:
        upright = turned(picture, rotation)
        boxes = sorted(self._detector.find(upright), key=_length)[-SAMPLE:]
        if not boxes:
            return 0.0
        mostly_tall = sum(map(_is_tall, boxes)) * 2 > len(boxes)
        return _confidence(self._read_boxes(upright, boxes)) - SIDEWAYS * mostly_tall

    def _read_boxes(self, picture: Pixels, boxes: list[Corners]) -> list[TextRegion]:
        """Read boxes across, tall ones down; doubtful tall ones also in other ways."""
        ways = [_downwards(box) if _is_tall(box) else box for box in boxes]
        regions = list(map(TextRegion, ways, self._recogniser.read(picture, ways)))
        doubtful = [
            i
            for i, box in enumerate(boxes)
            if _is_tall(box) and regions[i].reading.confidence < DOUBTFUL
        ]
        others = [(i, way) for i in doubtful for way in _other_ways(boxes[i])]
        readings = self._recogniser.read(picture, [way for _, way in others])
        for (i, way), reading in zip(others, readings, strict=True):
            if reading.confidence > regions[i].reading.confidence:
                regions[i] = TextRegion(way, reading)
        return regions


def turned(picture: Pixels, rotation: int) -> Pixels:
    """A picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -rotation // 90))


def _is_tall(box: Corners) -> bool:
    return math.dist(box[0], box[3]) >= TALL * math.dist(box[0], box[1])


def _length(box: Corners) -> float:
    return max(math.dist(box[0], box[1]), math.dist(box[0], box[3]))


def _downwards(box: Corners) -> Corners:
    return np.roll(box, -1, axis=0)


def _other_ways(box: Corners) -> list[Corners]:
    upwards = np.roll(box, 1, axis=0)
    if math.dist(box[0], box[3]) > MAYBE_ONE_CHARACTER * math.dist(box[0], box[1]):
        return [upwards]
    return [box, upwards]


def _confidence(regions: list[TextRegion]) -> float:
    weight = sum(len(reading.text) for _, reading in regions)
    total = sum(len(reading.text) * reading.confidence for _, reading in regions)
    return total / weight if weight else 0.0
