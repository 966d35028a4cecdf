"""Reads a whole page: orientation, detection and recognition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import numpy as np

from ocrportal.engines.local.columns import with_marks_of_columns
from ocrportal.engines.local.detection import Corners, Detector
from ocrportal.engines.local.gutters import split_at_gutters
from ocrportal.engines.local.leader_entries import join_leader_entries
from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.orientation import OrientationClassifier
from ocrportal.engines.local.overprints.lines import (
    SAME_PLACE,
    better_lines,
    overlap,
    seals_without_notices,
    without_tilted_watermark,
)
from ocrportal.engines.local.overprints.page import find_overprints
from ocrportal.engines.local.overprints.seal_text import certain_text, ring_strip
from ocrportal.engines.local.punctuation import with_punctuation
from ocrportal.engines.local.recognition import (
    Reading,
    Recogniser,
    TextRegion,
    mean_confidence,
)
from ocrportal.geometry import Rect

ROTATIONS = (0, 90, 180, 270)
TALL_RATIO = 1.5
"""Height to width from which a box is read as vertical text."""
MAX_CHARACTER_RATIO = 3.0
"""Up to this height to width, a tall box may be a single upright character such as 1."""
MIN_BOX_CONFIDENCE = 0.8
"""A tall box read with less confidence is read in other directions too."""
MIN_PAGE_CONFIDENCE = 0.8
"""A page read with less confidence is read in other rotations too."""
MIN_SAMPLE_CONFIDENCE = 0.3
"""A page read with less confidence in every rotation is not rotated."""
SAMPLE = 8
"""The number of boxes read to compare two rotations of a page."""
VERTICAL_PENALTY = 0.2
"""Confidence that a rotation loses if its lines are vertical: the reader recognises vertical
lines as well as horizontal ones, and most pages are horizontal."""


class Seal(NamedTuple):
    """The place of a seal, and the text along its rim; empty if it was not read."""

    rect: Rect
    text: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """The regions of an image that was rotated clockwise by ``rotation`` degrees."""

    rotation: int
    regions: list[TextRegion]
    seals: tuple[Seal, ...] = ()

    @property
    def confidence(self) -> float:
        """The mean over all characters, 0 to 1; 0 without any."""
        return mean_confidence(self.regions)


class PageReader:
    """Reads pages in any of the four orientations."""

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

    def read(self, image: Pixels, *, auto_rotate: bool = True) -> PageReading:
        """The text of a page, which is rotated first if ``auto_rotate`` is set and it needs to be.

        The classifier may be wrong on images with little text. So the page is rotated only
        if its text is then read with more confidence.
        """
        if not auto_rotate:
            return self._read_turned(image, 0)
        proposed = self._orientation.rotation(image)
        rotation = self._best_rotation(image, (0, proposed)) if proposed else 0
        page = self._read_turned(image, rotation)
        if page.regions and page.confidence < MIN_PAGE_CONFIDENCE:
            rotation = self._best_rotation(image, ROTATIONS)
            if rotation != page.rotation:
                page = max(page, self._read_turned(image, rotation), key=lambda p: p.confidence)
        return page

    def read_lines(self, image: Pixels, boxes: Sequence[Corners]) -> list[Reading]:
        """The text in each box, read along its first side."""
        return self._recogniser.read(image, boxes)

    def _read_turned(self, image: Pixels, rotation: int) -> PageReading:
        upright = turned(image, rotation)
        boxes = self._boxes(upright)
        overprints = find_overprints(upright, boxes)
        if overprints is None:
            regions = self._with_entries(upright, self._read_boxes(upright, boxes))
            return PageReading(rotation, regions)
        beneath = [box for box in self._boxes(overprints.clean) if overprints.cross(box)]
        crossed = [
            overprints.cross(box) or any(overlap(box, other) > SAME_PLACE for other in beneath)
            for box in boxes
        ]
        apart = [box for box, is_crossed in zip(boxes, crossed, strict=True) if not is_crossed]
        printed = self._read_boxes(upright, list(compress(boxes, crossed)))
        clean = self._read_boxes(overprints.clean, beneath)
        regions = self._read_boxes(upright, apart)
        lines = better_lines(printed, clean, overprints)
        seals = tuple(
            Seal(rect, self._seal_text(upright, rect))
            for rect in seals_without_notices(overprints, lines)
        )
        regions = self._with_entries(overprints.clean, [*regions, *lines])
        return PageReading(rotation, regions, seals)

    def _seal_text(self, image: Pixels, seal: Rect) -> str:
        strip = ring_strip(image, seal)
        if strip is None:
            return ""
        height, width = strip.shape[:2]
        box = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        return certain_text(self._recogniser.read(strip, [box])[0])

    def _with_entries(self, image: Pixels, regions: list[TextRegion]) -> list[TextRegion]:
        texts = without_tilted_watermark(regions)
        return join_leader_entries(image, texts, self._recogniser)

    def _boxes(self, image: Pixels) -> list[Corners]:
        return split_at_gutters(image, self._detector.find(image))

    def _best_rotation(self, image: Pixels, rotations: tuple[int, ...]) -> int:
        """The rotation in which a sample of the text is read best; the first of equal ones.

        It is also the first if the text cannot be read in any: it may be of another script.
        """
        confidences = {rotation: self._sample_confidence(image, rotation) for rotation in rotations}
        best = max(rotations, key=confidences.__getitem__)
        return best if confidences[best] >= MIN_SAMPLE_CONFIDENCE else rotations[0]

    def _sample_confidence(self, image: Pixels, rotation: int) -> float:
        upright = turned(image, rotation)
        boxes = sorted(self._detector.find(upright), key=_length)[-SAMPLE:]
        if not boxes:
            return 0.0
        mostly_tall = sum(map(_is_tall, boxes)) * 2 > len(boxes)
        return mean_confidence(self._read_boxes(upright, boxes)) - VERTICAL_PENALTY * mostly_tall

    def _read_boxes(self, image: Pixels, boxes: list[Corners]) -> list[TextRegion]:
        """The text of boxes; tall ones are read downwards, if in doubt in other directions too."""
        directed = [_downwards(box) if _is_tall(box) else box for box in boxes]
        regions = list(map(TextRegion, directed, self._recogniser.read(image, directed)))
        doubtful = [
            i
            for i, box in enumerate(boxes)
            if _is_tall(box) and regions[i].reading.confidence < MIN_BOX_CONFIDENCE
        ]
        retries = [(i, box) for i in doubtful for box in _other_directions(boxes[i])]
        readings = self._recogniser.read(image, [box for _, box in retries])
        for (i, box), reading in zip(retries, readings, strict=True):
            if reading.confidence > regions[i].reading.confidence:
                regions[i] = TextRegion(box, reading)
        for i, region in enumerate(regions):
            if _is_tall(boxes[i]) and region.corners is directed[i]:
                regions[i] = with_marks_of_columns(image, region, self._recogniser)
        return list(map(with_punctuation, regions))


def turned(image: Pixels, rotation: int) -> Pixels:
    """An image rotated clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(image, -rotation // 90))


def _is_tall(box: Corners) -> bool:
    return math.dist(box[0], box[3]) >= TALL_RATIO * math.dist(box[0], box[1])


def _length(box: Corners) -> float:
    return max(math.dist(box[0], box[1]), math.dist(box[0], box[3]))


def _downwards(box: Corners) -> Corners:
    return np.roll(box, -1, axis=0)


def _other_directions(box: Corners) -> list[Corners]:
    upwards = np.roll(box, 1, axis=0)
    if math.dist(box[0], box[3]) > MAX_CHARACTER_RATIO * math.dist(box[0], box[1]):
        return [upwards]
    return [box, upwards]
