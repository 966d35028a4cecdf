"""Converts every picture to a PageImage: upright, without transparency, compressed."""

from __future__ import annotations

import io
import math
import struct
from typing import Literal

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageStat

from ocrportal.ingest.base import PageImage

THUMBNAIL_BOX = (240, 320)
"""The maximum width and height of a thumbnail in pixels."""

_JPEG_QUALITY = 90
_THUMBNAIL_QUALITY = 75
_JPEG_MAX_SIDE = 65_500
_MAX_INCHES = 48
"""Slightly more than A0. A camera's nominal "72 dpi" gives larger sizes and is ignored."""
_MIN_DPI = 50
_GREY_TOLERANCE = 8
"""An invisible difference between colour channels (of 255), as scanners produce it."""
_LIGHT = 200
"""Mean brightness (of 255) from which ink needs a dark background."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The transposition that reverts each EXIF orientation."""


def encode_page(image: Image.Image, dpi: float | None = None) -> PageImage:
    """Convert any Pillow picture to a PageImage.

    ``dpi`` defaults to the resolution in the picture. Black and white is stored as PNG, which
    is lossless and small; all else as JPEG, which is much faster. Raises Pillow's errors for
    damaged data: call it within :func:`damage_translated`.
    """
    image.load()
    dpi = dpi or resolution(image)
    turn = turn_to_upright(image)
    across, down = stretch_to_square(image)
    image = _plain(image)
    if (across, down) != (1, 1):
        grey = image.convert("L") if image.mode == "1" else image
        image = grey.resize((round(image.width * across), round(image.height * down)))
    if turn is not None:
        image = image.transpose(turn)
    image = _fewest_colours(image)
    extension, data = _compressed(image)
    return PageImage(data, extension, image.width, image.height, dpi, thumbnail(image))


def thumbnail(image: Image.Image) -> bytes:
    """Return a small JPEG of a picture without transparency, for lists of pages."""
    image.load()
    shrink = min(1, *(box / side for box, side in zip(THUMBNAIL_BOX, image.size, strict=True)))
    size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
    if image.mode in ("1", "LA"):
        image = image.convert("L")
    elif image.mode in ("P", "RGBA"):
        image = image.convert("RGB")
    # With the gap, Pillow averages blocks of pixels first, which is ten times faster.
    small = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY)
    return buffer.getvalue()


def resolution(image: Image.Image) -> float | None:
    """Return the pixels per inch once the pixels are square; None if unknown."""
    stated = _stated_dpi(image)
    if stated is None:
        return None
    dpi = max(stated)
    return dpi if dpi >= _MIN_DPI and max(image.size) / dpi <= _MAX_INCHES else None


def stretch_to_square(image: Image.Image) -> tuple[float, float]:
    """Return horizontal and vertical factors that make the pixels square, as for a fax."""
    across, down = _stated_dpi(image) or (1, 1)
    finer = max(across, down)
    if not 1.1 < finer / min(across, down) < 4:
        return 1, 1
    return finer / across, finer / down


def turn_to_upright(image: Image.Image) -> Image.Transpose | None:
    """Return the transposition demanded by the metadata; None if the picture is upright."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, struct.error):
        # The metadata is damaged; the picture can still be readable.
        return None
    return _UPRIGHT.get(orientation) if isinstance(orientation, int) else None


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """The horizontal and vertical pixels per inch in the metadata, if plausible."""
    stated = image.info.get("dpi")
    if stated is None:
        return None
    across, down = (float(number) for number in stated)
    return (across, down) if 0 < across < math.inf and 0 < down < math.inf else None


def _plain(image: Image.Image) -> Image.Image:
    """Convert a picture to black-and-white, grey or RGB without transparency."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return _on_paper(image.convert("RGBA"))
    if image.mode in ("1", "L", "RGB", "RGBX"):
        return image
    if image.mode == "LAB":
        return image.getchannel("L")
    if image.mode == "F" or image.mode.startswith("I"):
        return _eight_bit(image)
    return image.convert("RGB")


def _on_paper(image: Image.Image) -> Image.Image:
    """Compose an RGBA picture on white, or on black if it has only light ink."""
    alpha = image.getchannel("A")
    ink = ImageStat.Stat(image.convert("L"), mask=alpha)
    covered = ink.count[0] / (image.width * image.height)
    if covered == 0:
        # Programs without support for transparency leave the alpha channel empty, above all
        # in BMP files; the picture is meant to be visible.
        return image.convert("RGB")
    light_ink = covered < 0.5 and ink.mean[0] > _LIGHT
    paper = Image.new("RGB", image.size, "black" if light_ink else "white")
    paper.paste(image, mask=alpha)
    return paper


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scale deep grey to 8 bits, with the brightest pixel as white.

    12-bit pictures are often stored in 16 bits, so the depth does not define white.
    """
    depths = np.asarray(image).clip(0)
    brightest = depths.max()
    scale = 255 / brightest if brightest > 0 else 1
    return Image.fromarray((depths * scale).astype(np.uint8))


def _fewest_colours(image: Image.Image) -> Image.Image:
    """Reduce RGB to grey, and grey to black-and-white, if no information is lost."""
    if image.mode in ("RGB", "RGBX"):
        red, green, blue = image.split()[:3]
        for other in (red, blue):
            if any(ImageChops.difference(green, other).histogram()[_GREY_TOLERANCE + 1 :]):
                return image
        image = green
    if image.mode == "L" and not any(image.histogram()[1:255]):
        return image.convert("1", dither=Image.Dither.NONE)
    return image


def _compressed(image: Image.Image) -> tuple[Literal["jpg", "png"], bytes]:
    buffer = io.BytesIO()
    if image.mode == "1" or max(image.size) > _JPEG_MAX_SIDE:
        image.save(buffer, "PNG")
        return "png", buffer.getvalue()
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return "jpg", buffer.getvalue()
