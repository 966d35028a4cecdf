"""Finds the pictures that a PDF page contains as objects: images, and drawings placed as a whole.

Photographs, logos and scans are image objects. Programs place a drawing of another program, such
as a chart, as a form: a group of paths with a place of its own. Their places are exact, while on
the picture of a page a pale or a fragmented one is easily overlooked.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from PIL import Image

from ocrportal.geometry import Rect
from ocrportal.ingest.readers.pdf_characters import Character, PageMap
from ocrportal.results import BACKDROP, FIGURE, Block
from ocrportal.running_text import text_runs_through

_MAX_OBJECTS = 5000
_MAX_DEPTH = 5
_MIN_PIXELS = 8
"""Columns and rows of an image; those with fewer are rules, fills and gradients."""
_MIN_WIDE, _MIN_HIGH = 2.2, 1.2
"""Smaller ones, in type sizes, are bullets and signs within a line."""
_MAX_PAGE = 0.85
"""The share of the page from which an image is its background."""
_MIN_PATHS = 4
"""Forms with fewer paths are frames, or groups of text."""
_MAX_FORM = 0.6
_MAX_TEXT_OF_FORM = 0.3
"""A form with a larger share of the page, or more of its area in text, is a part of the page."""
_MAX_TEXT_OF_IMAGE = 0.04
"""An image with more text than a few labels is behind text of the page."""
_CONTRAST = 12
"""The difference to the colour of its edge, of 255, by which a pixel belongs to the picture."""
_MIN_SHADES = 4
"""The range of an image, of 255; one with less is the background of text."""
_TOUCH = 2.0
"""Pixels between the strips of one image, at most."""


def pictures(
    page: pdfium.PdfPage, picture: Image.Image, printed: Sequence[Character]
) -> list[Block]:
    """The pictures on a page, with their places in pixels of ``picture``, from top to bottom.

    ``printed`` is the text of the page. The background of the page and ornaments are left out.
    Raises PdfiumError.
    """
    text = _Text(printed)
    images, drawings = _placed_objects(page, picture.size, text)
    if not images and not drawings:
        return []
    type_size = float(np.median([each.size for each in printed])) if printed else 0.0
    pixels = np.asarray(picture.convert("RGB"))
    found = []
    for place in _joined([*images, *drawings]):
        if place.area > _MAX_PAGE * picture.width * picture.height:
            continue
        visible = _visible(place, pixels)
        if (
            visible is not None
            and visible.width > _MIN_WIDE * type_size
            and visible.height > _MIN_HIGH * type_size
        ):
            is_behind = text.share_of(place) > _MAX_TEXT_OF_IMAGE and any(
                image.overlaps(place) for image in images
            )
            found.append((visible, BACKDROP if is_behind else FIGURE))
    found.sort(key=lambda entry: (entry[0].top, entry[0].left))
    return [Block(kind, "", place.quad) for place, kind in found]


def _placed_objects(
    page: pdfium.PdfPage, size: tuple[int, int], text: _Text
) -> tuple[list[Rect], list[Rect]]:
    """The places of the images, and those of the paths in each form that is a drawing."""
    where = PageMap.of(page, size)
    images: list[Rect] = []
    drawn: dict[int, list[Rect]] = {}
    objects = page.get_objects(max_depth=_MAX_DEPTH)
    for item in itertools.islice(objects, _MAX_OBJECTS):
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            if min(item.get_px_size()) >= _MIN_PIXELS and (place := _place(item, where, size)):
                images.append(place)
        elif (
            item.container is not None
            and item.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING)
            and (place := _place(item, where, size))
        ):
            for form in _containers(item):
                drawn.setdefault(_address(form), []).append(place)
    drawings = [
        bounds
        for places in drawn.values()
        if _is_drawing(bounds := Rect.union(places), len(places), size, text)
    ]
    return images, drawings


def _is_drawing(bounds: Rect, paths: int, size: tuple[int, int], text: _Text) -> bool:
    if paths < _MIN_PATHS or bounds.area > _MAX_FORM * size[0] * size[1]:
        return False
    return text.share_of(bounds) < _MAX_TEXT_OF_FORM and not text.runs_through(bounds)


class _Text:
    """The places of the characters on a page, for a search by their height on it."""

    def __init__(self, printed: Sequence[Character]) -> None:
        self._printed = sorted(printed, key=lambda each: each.room.center_y)
        self._heights = [each.room.center_y for each in self._printed]

    def share_of(self, place: Rect) -> float:
        """The share of a place that is in characters."""
        return sum(each.room.area for each in self._within(place)) / max(1.0, place.area)

    def runs_through(self, place: Rect) -> bool:
        """Whether running text is in a place.

        So are paragraphs between drawings that a program has written into one form, such as the
        rule and the seal of a letter.
        """
        return text_runs_through(place, map(_level_box, self._within(place)))

    def _within(self, place: Rect) -> Iterator[Character]:
        """The characters in a place."""
        start = bisect_left(self._heights, place.top)
        end = bisect_right(self._heights, place.bottom)
        return (each for each in self._printed[start:end] if place.contains(each.room.center))


def _level_box(each: Character) -> Rect:
    """The box of a character as high as its type, unlike the rooms of some fonts."""
    baseline = each.origin[1]
    return Rect(each.room.left, baseline - each.size, each.room.right, baseline)


def _containers(item: pdfium.PdfObject) -> Iterator[pdfium.PdfObject]:
    """The forms around an object, from the innermost."""
    while (item := item.container) is not None:
        yield item


def _address(item: pdfium.PdfObject) -> int:
    return ctypes.cast(item.raw, ctypes.c_void_p).value or 0


def _place(item: pdfium.PdfObject, where: PageMap, size: tuple[int, int]) -> Rect | None:
    """The visible part of an object in the picture of the page; None if there is none."""
    left, bottom, right, top = item.get_bounds()
    for clip in _clips(item):
        left, bottom = max(left, clip[0]), max(bottom, clip[1])
        right, top = min(right, clip[2]), min(top, clip[3])
    if left > right or bottom > top:
        return None
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    for form in _containers(item):
        matrix = form.get_matrix()
        corners = [matrix.on_point(*corner) for corner in corners]
    if not all(map(math.isfinite, itertools.chain.from_iterable(corners))):
        return None
    around = Rect.around([where.point(*corner) for corner in corners])
    return around.intersection(Rect(0, 0, *size))


def _clips(item: pdfium.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    """The left, bottom, right and top of the paths that an object is clipped to."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(item)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium_c.FPDFClipPath_CountPaths(clip) if clip else 0):
        points = []
        for index in range(pdfium_c.FPDFClipPath_CountPathSegments(clip, number)):
            segment = pdfium_c.FPDFClipPath_GetPathSegment(clip, number, index)
            if pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if points:
            (left, bottom), (right, top) = (
                map(min, zip(*points, strict=True)),
                map(max, zip(*points, strict=True)),
            )
            yield left, bottom, right, top


def _joined(places: Sequence[Rect]) -> list[Rect]:
    """The places with strips and layers of one image as one."""
    found = _JoinedPlaces(places)
    for place in sorted(places, key=lambda rect: (rect.top, rect.left)):
        while (other := found.take_part_of(place)) is not None:
            place = Rect.union((other, place))
        found.add(place)
    return found.all


class _JoinedPlaces:
    """Places in the order in which they were added, for a search by their height on the page."""

    def __init__(self, places: Sequence[Rect]) -> None:
        """``places`` are those that are going to be joined."""
        self._places: dict[int, Rect] = {}
        self._stripes: defaultdict[int, set[int]] = defaultdict(set)
        self._step = _TOUCH + sum(place.height for place in places) / max(1, len(places))
        self._added = 0

    @property
    def all(self) -> list[Rect]:
        return list(self._places.values())

    def add(self, place: Rect) -> None:
        self._places[self._added] = place
        for stripe in self._stripes_of(place):
            self._stripes[stripe].add(self._added)
        self._added += 1

    def take_part_of(self, place: Rect) -> Rect | None:
        """Remove and return the first place that is a part of the same image as ``place``."""
        near = set().union(*(self._stripes[stripe] for stripe in self._stripes_of(place)))
        for number in sorted(near):
            other = self._places[number]
            if _is_one(other, place):
                del self._places[number]
                for stripe in self._stripes_of(other):
                    self._stripes[stripe].discard(number)
                return other
        return None

    def _stripes_of(self, place: Rect) -> range:
        first, last = (place.top - _TOUCH) / self._step, (place.bottom + _TOUCH) / self._step
        return range(math.floor(first), math.floor(last) + 1)


def _is_one(one: Rect, other: Rect) -> bool:
    """Whether two places overlap, or are strips of one image with the same sides."""
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    if max(across, down) < 0:
        return across * down > 0.25 * min(one.area, other.area)
    if max(across, down) > _TOUCH:
        return False
    if across < down:  # one above the other
        return max(abs(one.left - other.left), abs(one.right - other.right)) <= _TOUCH
    return max(abs(one.top - other.top), abs(one.bottom - other.bottom)) <= _TOUCH


def _visible(place: Rect, pixels: npt.NDArray[np.uint8]) -> Rect | None:
    """The part of a place without its empty edges; None if it has one colour."""
    left, top = max(0, math.floor(place.left)), max(0, math.floor(place.top))
    part = pixels[top : math.ceil(place.bottom), left : math.ceil(place.right)]
    if not part.size or int(np.ptp(part, axis=(0, 1)).max()) < _MIN_SHADES:
        return None
    if not (part[[0, -1]] > 250).all() and not (part[:, [0, -1]] > 250).all():
        return place
    ink = (255 - part.min(axis=2) > _CONTRAST).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(ink)
    if not width:
        return None
    return Rect(left + x, top + y, left + x + width, top + y + height)
