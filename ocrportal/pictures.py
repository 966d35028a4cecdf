"""The figures of a page, cut out of the page image while a file is written.

They are not stored a second time. A photograph becomes a JPEG, line art a PNG with few colours.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal

from django.utils.translation import gettext as _
from PIL import Image

from ocrportal import results
from ocrportal.errors.export import ExportError
from ocrportal.geometry import Quad, Rect
from ocrportal.layout.blocks import Figure
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.source import RecognisedPage

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Transpositions of Pillow, which rotates counter-clockwise, by degrees clockwise."""
_JPEG = b"\xff\xd8"
_QUALITY = 90
"""As that of the stored page images: cutting out adds no visible loss."""
_LEVELS = 32
_MAIN_LEVELS = 6
_LINE_ART = 0.9
"""Line art has this share of its pixels in a few of the levels of grey: paper, ink and flat
colours. The rest are the edges of its strokes."""
_COLOURS = 64
"""Colours of line art: the flat ones, and the shades at the edges of strokes."""
_WHITE = 244
"""Brighter channels are white paper with the noise of a JPEG, which a PNG would store in full."""
_MAX_GROWTH = 2
"""A noisy scan of line art is a JPEG if a PNG would be larger than this many times."""
_MIN_TURN = 1.0
"""Pixels by which a corner differs from an upright box before the cut-out is rotated."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A cut-out: the bytes of an image file, and its size in pixels."""

    data: bytes
    extension: Literal["jpg", "png"]
    width: int
    height: int

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self.extension == "jpg" else "image/png"


class PictureFolder:
    """A folder of pictures beside a file in an archive."""

    def __init__(self, name: str, data: IO[bytes]) -> None:
        """``data`` is a temporary file with the pictures, until all are written."""
        self._name, self._data = name, data
        self._ends: dict[str, int] = {}

    def add(self, picture: Picture) -> str:
        """Add a picture, and return its path relative to the file."""
        path = f"{self._name}/figure-{len(self._ends) + 1}.{picture.extension}"
        self._data.write(picture.data)
        self._ends[path] = self._data.tell()
        return path

    def files(self) -> Iterator[tuple[str, BinaryIO]]:
        """The path and the data of each picture."""
        self._data.seek(0)
        for path, end in self._ends.items():
            yield path, io.BytesIO(self._data.read(end - self._data.tell()))


def pictures_of(page: LaidOutPage) -> dict[Figure, Picture]:
    """The pictures of a page's figures.

    The page image is only read if there are any. Raises ExportError if it cannot be read.
    """
    figures = [block for block in page.blocks if isinstance(block, Figure)]
    if not figures:
        return {}
    image = _upright(page.source.read_image(), page.source.result.rotation)
    return {figure: _picture(image, figure.box) for figure in figures}


def alternative_text(figure: Figure) -> str:
    """The words in a figure on one line, or what it is, for readers who do not see it."""
    words = " ".join(figure.text.split())
    if words:
        return words
    match figure.kind:
        case "seal":
            return _("Seal")
        case results.FORMULA:
            return _("Formula")
        case "code":
            return _("Barcode")
        case _:
            return _("Figure")


def whole_picture(page: RecognisedPage) -> Picture:
    """The whole page, turned upright; raises ExportError if it cannot be read.

    The bytes of a page that is stored upright stay as they are.
    """
    data = page.read_image()
    image = _upright(data, page.result.rotation)
    extension: Literal["jpg", "png"] = "png" if image.mode == "1" else "jpg"
    if page.result.rotation:
        data = _saved(image, extension)
    elif not data.startswith(_JPEG):
        extension = "png"
    return Picture(data, extension, *image.size)


def _upright(data: bytes, rotation: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return image.transpose(_TURNS[rotation]) if rotation else image.copy()
    except (OSError, ValueError) as error:
        raise ExportError from error


def _picture(page: Image.Image, box: Quad) -> Picture:
    image = _cut(page, box)
    if image.mode == "1":
        return Picture(_saved(image, "png"), "png", *image.size)
    if image.mode != "L":
        image = image.convert("RGB")
    jpeg = _saved(image, "jpg")
    if _is_line_art(image):
        white = image.point(
            [level if level < _WHITE else 255 for level in range(256)] * len(image.getbands())
        )
        png = _saved(white.quantize(_COLOURS, Image.Quantize.FASTOCTREE), "png")
        if len(png) <= _MAX_GROWTH * len(jpeg):
            return Picture(png, "png", *image.size)
    return Picture(jpeg, "jpg", *image.size)


def _cut(page: Image.Image, box: Quad) -> Image.Image:
    """The part of the page within a box, deskewed."""
    # On a rotated page the first corner may be any of the four.
    start = min(range(4), key=lambda corner: sum(box[corner]))
    a, b, c, d = box[start:] + box[:start]
    bounds = Rect.around(box)
    turn = max(math.dist(*ends) for ends in zip((a, b, c, d), bounds.quad, strict=True))
    if turn < _MIN_TURN:
        left, top = max(0, round(bounds.left)), max(0, round(bounds.top))
        right = max(left + 1, min(page.width, round(bounds.right)))
        bottom = max(top + 1, min(page.height, round(bounds.bottom)))
        return page.crop((left, top, right, bottom))
    size = max(1, round(math.dist(a, b))), max(1, round(math.dist(a, d)))
    source = page.convert("L") if page.mode == "1" else page
    return source.transform(
        size,
        Image.Transform.QUAD,
        (*a, *d, *c, *b),
        Image.Resampling.BICUBIC,
        fillcolor="white",
    )


def _is_line_art(image: Image.Image) -> bool:
    histogram = image.convert("L").histogram()
    width = 256 // _LEVELS
    levels = [sum(histogram[start : start + width]) for start in range(0, 256, width)]
    return sum(sorted(levels)[-_MAIN_LEVELS:]) >= _LINE_ART * sum(levels)


def _saved(image: Image.Image, extension: Literal["jpg", "png"]) -> bytes:
    out = io.BytesIO()
    if extension == "png":
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
