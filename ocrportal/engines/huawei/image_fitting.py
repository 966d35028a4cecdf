"""A page picture brought within what a service accepts, and no further.

Sending costs time and the cloud refuses what is too large, while every shrinking costs
legibility. So a picture goes as its own file where that fits; else it is saved with less
care for detail first, and made smaller only then.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ocrportal.catalogue.spec import Limits, Service
from ocrportal.errors import PictureUnfit

CARD_BYTES = 1024 * 1024
"""Huawei Cloud's advice for cards and other small prints: stay below 1 MB."""
PAGE_BYTES = 2 * 1024 * 1024
"""Its advice for densely printed A4 pages."""
_CARD_SIDE = 1024
"""Longest side (pixels) below which a card is not shrunk to save bytes; also its advice."""
_PAGE_SIDE = 2000
"""The same for pages: 9 point print on A4 is about 20 pixels high then."""
_MIN_SIDE = 8
"""A strip that would be lower than this (pixels) shows no text any more."""
_QUALITIES = (90, 80, 70)
"""Of the JPEG file; below the last, small Chinese print suffers more than from shrinking."""
_SHRINK = 0.7
"""Step by which both sides are made smaller: half the pixels."""


@dataclass(frozen=True, slots=True)
class FittedPicture:
    """A JPEG or PNG file to send, and how its pixels lie on the page picture."""

    data: bytes
    width: int
    """Pixels, like ``height``; with white added at the right and below where it was small."""
    height: int
    scale_x: float
    """Pixels of the page picture for one sent pixel, counted from the top left corner."""
    scale_y: float


def target_bytes(service: Service) -> int:
    """The size of file worth aiming at for a service's usual pictures."""
    dense = service.category in ("general", "smart-document") or service.kind == "table_regions"
    return PAGE_BYTES if dense else CARD_BYTES


def fit(image: Image.Image, data: bytes, limits: Limits, target_bytes: int) -> FittedPicture:
    """The picture as ``limits`` ask for it, of ``target_bytes`` if it stays legible.

    ``data`` is its own JPEG or PNG file, or empty; it is sent untouched if it fits. Raises
    PictureUnfit if shrinking it into the limits would leave nothing to read.
    """
    if _fits_as_it_is(image, data, limits, target_bytes):
        return FittedPicture(data, image.width, image.height, 1.0, 1.0)
    share = _share_within(image, limits)
    floor = _CARD_SIDE if target_bytes <= CARD_BYTES else _PAGE_SIDE
    target = min(target_bytes, _most_bytes(limits))
    paper = _plain(image)
    while True:
        fitted = _encoded(paper, share, limits, target)
        if len(fitted.data) <= target:
            return fitted
        smaller_share = share * _SHRINK
        if smaller_share * max(image.size) < floor and len(fitted.data) <= _most_bytes(limits):
            return fitted
        _check_legible(image, smaller_share)
        share = smaller_share


def smaller(image: Image.Image, fitted: FittedPicture, limits: Limits) -> FittedPicture:
    """The picture with half as many pixels as in ``fitted``, which the cloud found too large.

    Raises PictureUnfit if that would leave nothing to read.
    """
    share = min(_SHRINK / fitted.scale_x, _share_within(image, limits))
    _check_legible(image, share)
    return _encoded(_plain(image), share, limits, len(fitted.data) // 2)


def _fits_as_it_is(image: Image.Image, data: bytes, limits: Limits, target: int) -> bool:
    width, height = image.size
    return (
        _format_of(data) in limits.formats
        and len(data) <= min(target, _most_bytes(limits))
        and min(width, height) >= limits.min_side
        and max(width, height) <= limits.max_side
        and width * height <= (limits.max_pixels or math.inf)
        and image.mode in ("1", "L", "P", "RGB")
        and "transparency" not in image.info
    )


def _format_of(data: bytes) -> str:
    """As the catalogue names it; empty for what is neither JPEG nor PNG."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPG"
    return "PNG" if data.startswith(b"\x89PNG\r\n\x1a\n") else ""


def _most_bytes(limits: Limits) -> int:
    """The largest file whose base64 text, four characters for three bytes, is accepted."""
    return limits.max_base64_bytes // 4 * 3


def _share_within(image: Image.Image, limits: Limits) -> float:
    """The largest share (at most 1) of its sides with which a picture is within the limits."""
    share = min(1.0, limits.max_side / max(image.size))
    if limits.max_pixels:
        share = min(share, math.sqrt(limits.max_pixels / (image.width * image.height)))
    _check_legible(image, share)
    return share


def _check_legible(image: Image.Image, share: float) -> None:
    if share < 1 and share * min(image.size) < _MIN_SIDE:
        raise PictureUnfit(width=image.width, height=image.height)


def _encoded(paper: Image.Image, share: float, limits: Limits, target: int) -> FittedPicture:
    """A JPEG file of the picture with its sides multiplied by ``share``.

    Of the best quality that is within ``target`` bytes, else of the least one.
    """
    # The tiny bit more keeps a side that is meant to be whole from losing a pixel.
    width, height = (max(1, math.floor(side * share + 1e-6)) for side in paper.size)
    sized = paper
    if (width, height) != paper.size:
        sized = paper.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    scale_x, scale_y = paper.width / width, paper.height / height
    sized = _padded(sized, limits.min_side)
    for quality in _QUALITIES:
        file = io.BytesIO()
        sized.save(file, "JPEG", quality=quality)
        if file.tell() <= target:
            break
    return FittedPicture(file.getvalue(), sized.width, sized.height, scale_x, scale_y)


def _padded(image: Image.Image, min_side: int) -> Image.Image:
    """With white at the right and below where a side is too short: the origin stays."""
    if min(image.size) >= min_side:
        return image
    size = max(image.width, min_side), max(image.height, min_side)
    padded = Image.new(image.mode, size, "white")
    padded.paste(image)
    return padded


def _plain(image: Image.Image) -> Image.Image:
    """In grey or RGB, as JPEG wants it; what is transparent becomes white paper."""
    if image.mode.startswith(("I", "F")):
        return _in_eight_bits(image)
    if image.has_transparency_data:
        glass = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(glass, mask=glass.getchannel("A"))
        return paper
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow would cut all above 255 to white; the brightest value becomes white instead."""
    values = image.convert("F")
    high = float(np.asarray(values).max()) or 1.0
    return values.point(lambda value: value * (255.0 / high) + 0.0).convert("L")
