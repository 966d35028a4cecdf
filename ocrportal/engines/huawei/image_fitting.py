"""Fits a page picture to the limits of a service.

Large files take time to send and the cloud refuses oversized ones, but downscaling costs
legibility. A picture is sent as its own file if that fits; otherwise its JPEG quality is
reduced first, and its size only after that.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ocrportal.catalogue.spec import Limits, Service
from ocrportal.errors.engine import PictureUnfit

CARD_BYTES = 1024 * 1024
"""Huawei Cloud recommends less than 1 MB for cards and other small documents."""
PAGE_BYTES = 2 * 1024 * 1024
"""Its recommendation for densely printed A4 pages."""
_CARD_SIDE = 1024
"""Longest side (pixels) below which a card is not downscaled; also recommended."""
_PAGE_SIDE = 2000
"""The same for pages: 9 point text on A4 is then about 20 pixels high."""
_MIN_SIDE = 8
"""A picture with a shorter side (pixels) than this shows no legible text."""
_QUALITIES = (90, 80, 70)
"""JPEG qualities; below the last, small Chinese text suffers more than by downscaling."""
_SHRINK = 0.7
"""Factor for both sides per step, which halves the pixels."""


@dataclass(frozen=True, slots=True)
class FittedPicture:
    """A JPEG or PNG file to send, and its scale to the page picture."""

    data: bytes
    width: int
    """In pixels, like ``height``; includes white padding at the right and bottom."""
    height: int
    scale_x: float
    """Pixels of the page picture per sent pixel; the origin is the top left corner."""
    scale_y: float


def target_bytes(service: Service) -> int:
    """The target file size for the pictures of a service."""
    dense = service.category in ("general", "smart-document") or service.kind == "table_regions"
    return PAGE_BYTES if dense else CARD_BYTES


def fit(image: Image.Image, data: bytes, limits: Limits, target_bytes: int) -> FittedPicture:
    """The picture within ``limits``, of at most ``target_bytes`` if it stays legible.

    ``data`` is its own JPEG or PNG file, or empty; it is sent unchanged if it fits. Raises
    PictureUnfit if the limits would make it illegible.
    """
    if _fits_unchanged(image, data, limits, target_bytes):
        return FittedPicture(data, image.width, image.height, 1.0, 1.0)
    share = _share_within(image, limits)
    floor = _CARD_SIDE if target_bytes <= CARD_BYTES else _PAGE_SIDE
    target = min(target_bytes, _max_bytes(limits))
    paper = _plain(image)
    while True:
        fitted = _encoded(paper, share, limits, target)
        if len(fitted.data) <= target:
            return fitted
        smaller_share = share * _SHRINK
        if smaller_share * max(image.size) < floor and len(fitted.data) <= _max_bytes(limits):
            return fitted
        _check_legible(image, smaller_share)
        share = smaller_share


def smaller(image: Image.Image, fitted: FittedPicture, limits: Limits) -> FittedPicture:
    """The picture with half the pixels of ``fitted``, which the cloud refused as too large.

    Raises PictureUnfit if that would make it illegible.
    """
    share = min(_SHRINK / fitted.scale_x, _share_within(image, limits))
    _check_legible(image, share)
    return _encoded(_plain(image), share, limits, len(fitted.data) // 2)


def _fits_unchanged(image: Image.Image, data: bytes, limits: Limits, target: int) -> bool:
    width, height = image.size
    return (
        _format_of(data) in limits.formats
        and len(data) <= min(target, _max_bytes(limits))
        and min(width, height) >= limits.min_side
        and max(width, height) <= limits.max_side
        and width * height <= (limits.max_pixels or math.inf)
        and image.mode in ("1", "L", "P", "RGB")
        and "transparency" not in image.info
    )


def _format_of(data: bytes) -> str:
    """The catalogue's name of the format; empty if it is neither JPEG nor PNG."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPG"
    return "PNG" if data.startswith(b"\x89PNG\r\n\x1a\n") else ""


def _max_bytes(limits: Limits) -> int:
    """The largest accepted file: base64 uses four characters for three bytes."""
    return limits.max_base64_bytes // 4 * 3


def _share_within(image: Image.Image, limits: Limits) -> float:
    """The largest scale (at most 1) at which a picture is within the limits."""
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

    It has the best quality that fits ``target`` bytes, else the lowest one.
    """
    # The epsilon prevents rounding errors from removing a pixel.
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
    """The picture with white padding at the right and bottom if a side is too short."""
    if min(image.size) >= min_side:
        return image
    size = max(image.width, min_side), max(image.height, min_side)
    padded = Image.new(image.mode, size, "white")
    padded.paste(image)
    return padded


def _plain(image: Image.Image) -> Image.Image:
    """The picture in grey or RGB, as JPEG requires; transparency becomes white."""
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
    """Scales the brightest value to white; Pillow would clip all values above 255."""
    values = image.convert("F")
    high = float(np.asarray(values).max()) or 1.0
    return values.point(lambda value: value * (255.0 / high) + 0.0).convert("L")
