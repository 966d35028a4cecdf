"""Pictures: one file that is one page, and the one way every page becomes a PageImage."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Literal, Self

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageStat

from ocrportal.errors import DamagedFile, PictureTooLarge
from ocrportal.intake.base import Limits, PageImage, check_page_number
from ocrportal.intake.sniff import Format

THUMBNAIL_BOX = (240, 320)
"""Most pixels a thumbnail has, across and down."""

_JPEG_QUALITY = 90
_THUMBNAIL_QUALITY = 75
_JPEG_MAX_SIDE = 65_500
_LARGEST_INCHES = 48
"""Somewhat more than A0. A camera's "72 dpi" makes a photo larger than that: no fact."""
_SMALLEST_DPI = 50
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

# Pillow would warn at its own limit of pixels and refuse at twice that. Here the limit is
# Limits.max_pixels, checked before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

_PILLOW_ERRORS = (
    OSError,  # truncated data, most decoders
    SyntaxError,  # broken PNG and TIFF structure
    ValueError,
    EOFError,
    TypeError,  # a TIFF tag of another type than its readers expect
    KeyError,
    IndexError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)


class ImagePages:
    """A file with one picture: a PageSource of one page."""

    page_count = 1

    def __init__(self, file: BinaryIO, fmt: Format, limits: Limits) -> None:
        """Read the header only. Raises DamagedFile, PictureTooLarge."""
        self._file = file
        self._format = fmt
        self._limits = limits
        self._open()

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        image = self._open()
        with damage_translated():
            if not self._fits_as_it_is(image):
                return encode_page(image)
            width, height = image.size
            dpi = _dpi(image)
            if self._format.key == "jpeg":
                # The decoder still goes through all of the data, and so notices when some
                # is missing, but computes no more pixels than the thumbnail needs.
                image.draft(image.mode, THUMBNAIL_BOX)
            thumbnail = _thumbnail(image)
            self._file.seek(0)
            data = self._file.read()
        return PageImage(
            data, "png" if self._format.key == "png" else "jpg", width, height, dpi, thumbnail
        )

    def _open(self) -> Image.Image:
        self._file.seek(0)
        return open_picture(self._file, self._format, self._limits)

    def _fits_as_it_is(self, image: Image.Image) -> bool:
        return (
            self._format.key in ("jpeg", "png")
            and image.mode in ("1", "L", "RGB")
            and "transparency" not in image.info
            and not (self._format.key == "png" and getattr(image, "is_animated", False))
            and image.getexif().get(ExifTags.Base.Orientation, 1) not in _UPRIGHT
            and _stretch(image) == (1, 1)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the file belongs to the caller."""


@contextmanager
def damage_translated() -> Iterator[None]:
    """Turn what Pillow raises on damaged data into DamagedFile, and silence its warnings.

    The warnings are about odd metadata of a picture that is readable all the same.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except _PILLOW_ERRORS as exc:
            raise DamagedFile from exc


def open_picture(file: BinaryIO, fmt: Format, limits: Limits) -> Image.Image:
    """Read the header of a picture at the file's position; its pixels are not decoded yet.

    Raises DamagedFile, PictureTooLarge.
    """
    with damage_translated():
        # Pillow's names are our keys in capitals. Naming the one format keeps its many
        # other decoders away from files that only pretend to be pictures.
        image = Image.open(file, formats=[fmt.key.upper()])
    check_pixels(image.size, limits)
    return image


def check_pixels(size: tuple[int, int], limits: Limits) -> None:
    """Raise PictureTooLarge if a picture of ``size`` (width, height) is over the limit."""
    width, height = size
    if width * height > limits.max_pixels:
        raise PictureTooLarge(
            megapixels=math.ceil(width * height / 1e6), limit=int(limits.max_pixels / 1e6)
        )


def encode_page(image: Image.Image, dpi: float | None = None) -> PageImage:
    """Any Pillow picture as a PageImage: upright, plain colours, square pixels, compressed.

    ``dpi`` is given by a caller who knows, or else taken from the picture. Black and white
    becomes PNG, which is exact and small then; all else JPEG, much faster than PNG.
    Raises what Pillow raises on damaged data: call it within :func:`damage_translated`.
    """
    image.load()
    dpi = dpi or _dpi(image)
    across, down = _stretch(image)
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    image = _plain(image)
    if (across, down) != (1, 1):
        grey = image.convert("L") if image.mode == "1" else image
        image = grey.resize((round(image.width * across), round(image.height * down)))
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    image = _fewest_colours(image)
    extension, data = _compressed(image)
    return PageImage(data, extension, image.width, image.height, dpi, _thumbnail(image))


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
        return image.convert("1")
    return image


def _compressed(image: Image.Image) -> tuple[Literal["jpg", "png"], bytes]:
    buffer = io.BytesIO()
    if image.mode == "1" or max(image.size) > _JPEG_MAX_SIDE:
        image.save(buffer, "PNG")
        return "png", buffer.getvalue()
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return "jpg", buffer.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    image.load()
    shrink = min(1, *(box / side for box, side in zip(THUMBNAIL_BOX, image.size, strict=True)))
    width, height = (max(1, round(side * shrink)) for side in image.size)
    if image.mode == "1":
        image = image.convert("L")
    # The gap lets Pillow average whole blocks of pixels first, ten times faster.
    small = image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY)
    return buffer.getvalue()


def _claimed_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Pixels per inch across and down, if the picture names both and they make sense."""
    claim = image.info.get("dpi")
    if claim is None:
        return None
    across, down = (float(number) for number in claim)
    if not (0 < across < math.inf and 0 < down < math.inf):
        return None
    return across, down


def _dpi(image: Image.Image) -> float | None:
    claim = _claimed_dpi(image)
    if claim is None:
        return None
    # Pictures are stretched to the finer of two resolutions: see _stretch.
    dpi = max(claim)
    return dpi if dpi >= _SMALLEST_DPI and max(image.size) / dpi <= _LARGEST_INCHES else None


def _stretch(image: Image.Image) -> tuple[float, float]:
    """Factors across and down that make the pixels square; a fax has half the rows."""
    across, down = _claimed_dpi(image) or (1, 1)
    if not 1.1 < max(across, down) / min(across, down) < 4:
        return 1, 1
    return max(across, down) / across, max(across, down) / down
