"""Picture files: one file, one page."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Literal, Self

from PIL import Image

from ocrportal.errors import DamagedFile, PictureTooLarge
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.readers.encoding import (
    THUMBNAIL_BOX,
    encode_page,
    resolution,
    stretch_to_square,
    thumbnail,
    turn_to_upright,
)
from ocrportal.ingest.readers.sizes import gif_sizes, icon_sizes
from ocrportal.ingest.sniff.file_type import Format

# Pillow would warn at its own limit of pixels and refuse at twice that. Here the limit is
# Limits.max_pixels, checked before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

_SIZES = {"gif": gif_sizes, "ico": icon_sizes}
"""Formats of which Pillow decodes or makes room for pictures while it only opens them."""

_PILLOW_ERRORS = (
    OSError,  # truncated data, most decoders
    RuntimeError,  # whatever libavif and libheif dislike
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
            dpi = resolution(image)
            if self._format.key == "jpeg":
                # The decoder still goes through all of the data, and so notices when some
                # is missing, but computes no more pixels than the thumbnail needs.
                image.draft(image.mode, THUMBNAIL_BOX)
            small = thumbnail(image)
            self._file.seek(0)
            data = self._file.read()
        extension: Literal["jpg", "png"] = "jpg" if self._format.key == "jpeg" else "png"
        return PageImage(data, extension, width, height, dpi, small)

    def _open(self) -> Image.Image:
        return open_picture(self._file, self._format, self._limits)

    def _fits_as_it_is(self, image: Image.Image) -> bool:
        """True if the file can be the page picture: nothing lost, and hardly any work."""
        if turn_to_upright(image) is not None or stretch_to_square(image) != (1, 1):
            return False
        if self._format.key == "jpeg":
            return image.mode in ("L", "RGB")
        return (
            self._format.key == "png"
            and (image.mode in ("1", "L", "P", "RGB") or _is_opaque(image))
            and "transparency" not in image.info
            and not getattr(image, "is_animated", False)
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


def _is_opaque(image: Image.Image) -> bool:
    """True for a picture whose alpha channel hides nothing, as in most screenshots."""
    return image.mode in ("LA", "RGBA") and not any(image.getchannel("A").histogram()[:255])


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
    """Read the header of a picture; its pixels are not decoded yet (but for an icon's).

    Raises DamagedFile, PictureTooLarge, TooManyPages (of a GIF).
    """
    if fmt.key in _SIZES:
        for size in _SIZES[fmt.key](file):
            check_pixels(size, limits)
    file.seek(0)
    with damage_translated():
        # Pillow's names are our keys in capitals, but for one. Naming the one format keeps
        # its many other decoders away from files that only pretend to be pictures.
        image = Image.open(file, formats=["JPEG2000" if fmt.key == "jp2" else fmt.key.upper()])
    check_pixels(image.size, limits)
    return image


def check_pixels(size: tuple[int, int], limits: Limits) -> None:
    """Raise PictureTooLarge if a picture of ``size`` (width, height) is over the limit."""
    width, height = size
    if width * height > limits.max_pixels:
        raise PictureTooLarge(
            megapixels=math.ceil(width * height / 1e6), limit=int(limits.max_pixels / 1e6)
        )
