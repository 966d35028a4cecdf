"""The one way every picture becomes a PageImage: upright, plain colours, compressed."""

from __future__ import annotations

import io
import math
import struct
from typing import Literal

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageStat

from ocrportal.ingest.base import PageImage

THUMBNAIL_BOX = (240, 320)
"""Most pixels a thumbnail has, across and down."""

_JPEG_QUALITY = 90
_THUMBNAIL_QUALITY = 75
_JPEG_MAX_SIDE = 65_500
_MAX_INCHES = 48
"""Somewhat more than A0. A camera's "72 dpi" makes a photo larger than that: no fact."""
_MIN_DPI = 50
_GREY_TOLERANCE = 8
"""Difference between the channels (of 255) that nobody sees; scanners leave that much."""
_LIGHT = 200
"""Mean brightness (of 255) from which ink needs a dark paper."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation."""


def encode_page(image: Image.Image, dpi: float | None = None) -> PageImage:
    """Any Pillow picture as a PageImage: upright, plain colours, square pixels, compressed.

    ``dpi`` is given by a caller who knows, or else taken from the picture. Black and white
    becomes PNG, which is exact and small then; all else JPEG, much faster than PNG.
    Raises what Pillow raises on damaged data: call it within :func:`damage_translated`.
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
    """A small JPEG of a picture without transparency, for lists of pages."""
    image.load()
    shrink = min(1, *(box / side for box, side in zip(THUMBNAIL_BOX, image.size, strict=True)))
    size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
    if image.mode in ("1", "LA"):
        image = image.convert("L")
    elif image.mode in ("P", "RGBA"):
        image = image.convert("RGB")
    # The gap lets Pillow average whole blocks of pixels first, ten times faster.
    small = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY)
    return buffer.getvalue()


def resolution(image: Image.Image) -> float | None:
    """Pixels per inch once the pixels are square; None where that is not known."""
    claim = _claimed_dpi(image)
    if claim is None:
        return None
    dpi = max(claim)
    return dpi if dpi >= _MIN_DPI and max(image.size) / dpi <= _MAX_INCHES else None


def stretch_to_square(image: Image.Image) -> tuple[float, float]:
    """Factors across and down that make the pixels square; a fax has half the rows."""
    across, down = _claimed_dpi(image) or (1, 1)
    finer = max(across, down)
    if not 1.1 < finer / min(across, down) < 4:
        return 1, 1
    return finer / across, finer / down


def turn_to_upright(image: Image.Image) -> Image.Transpose | None:
    """What sets the picture upright according to its metadata; None if it stands."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, struct.error):
        # The metadata is garbage. The picture need not be.
        return None
    return _UPRIGHT.get(orientation) if isinstance(orientation, int) else None


def _claimed_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Pixels per inch across and down, if the picture names both and they can be true."""
    claim = image.info.get("dpi")
    if claim is None:
        return None
    across, down = (float(number) for number in claim)
    return (across, down) if 0 < across < math.inf and 0 < down < math.inf else None


def _plain(image: Image.Image) -> Image.Image:
    """The picture as black-and-white, grey or RGB, without transparency."""
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
    """An RGBA picture laid on white, or on black where only light ink stands on nothing."""
    alpha = image.getchannel("A")
    ink = ImageStat.Stat(image.convert("L"), mask=alpha)
    covered = ink.count[0] / (image.width * image.height)
    if covered == 0:
        # Nothing at all would be visible. Programs that do not know transparency leave
        # the channel empty, in BMP above all; the picture is meant to be seen.
        return image.convert("RGB")
    light_ink = covered < 0.5 and ink.mean[0] > _LIGHT
    paper = Image.new("RGB", image.size, "black" if light_ink else "white")
    paper.paste(image, mask=alpha)
    return paper


def _eight_bit(image: Image.Image) -> Image.Image:
    """A picture of deeper grey, with its brightest pixel white.

    12 bits often come in 16, so the depth of the file does not tell what white is.
    """
    depths = np.asarray(image).clip(0)
    brightest = depths.max()
    scale = 255 / brightest if brightest > 0 else 1
    return Image.fromarray((depths * scale).astype(np.uint8))


def _fewest_colours(image: Image.Image) -> Image.Image:
    """Grey instead of RGB, and black-and-white instead of grey, where nothing is lost."""
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
