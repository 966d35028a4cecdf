"""Reads files with one picture, which are one page."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import BinaryIO, Literal, Self

from PIL import Image

from ocrportal.errors.ingest import DamagedFile, PictureTooLarge
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.notes import Note
from ocrportal.ingest.readers.damaged_end import with_repaired_end
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

# Replaces Pillow's own limit: Limits.max_pixels is checked before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

_SIZES = {"gif": gif_sizes, "ico": icon_sizes}
"""Formats whose pictures Pillow decodes, or allocates memory for, on opening."""

_PILLOW_ERRORS = (
    OSError,  # truncated data, most decoders
    RuntimeError,  # libavif and libheif
    SyntaxError,  # broken PNG and TIFF structure
    ValueError,
    EOFError,
    TypeError,  # a TIFF tag of an unexpected type
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
        try:
            return self._read()
        except DamagedFile:
            self._repair()
        return replace(self._read(), notes=(Note.END_DAMAGED.value,))

    def _repair(self) -> None:
        """Replace a file that is damaged after its last pixel; raises DamagedFile for another."""
        self._file.seek(0)
        with damage_translated():
            repaired = with_repaired_end(self._file.read(), self._format.key)
        if repaired is None:
            raise DamagedFile
        self._file = io.BytesIO(repaired)

    def _read(self) -> PageImage:
        image = self._open()
        with damage_translated():
            if not self._can_be_used_unchanged(image):
                return encode_page(image)
            width, height = image.size
            dpi = resolution(image)
            if self._format.key == "jpeg":
                # The decoder still reads all of the data, and so detects truncation, but
                # computes only the pixels that the thumbnail needs.
                image.draft(image.mode, THUMBNAIL_BOX)
            small = thumbnail(image)
            self._file.seek(0)
            data = self._file.read()
        extension: Literal["jpg", "png"] = "jpg" if self._format.key == "jpeg" else "png"
        return PageImage(data, extension, width, height, dpi, small)

    def _open(self) -> Image.Image:
        return open_picture(self._file, self._format, self._limits)

    def _can_be_used_unchanged(self, image: Image.Image) -> bool:
        """True if the file itself can be the page picture, without decoding and encoding."""
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
    """True if the alpha channel is fully opaque, as in most screenshots."""
    return image.mode in ("LA", "RGBA") and not any(image.getchannel("A").histogram()[:255])


@contextmanager
def damage_translated() -> Iterator[None]:
    """Translate Pillow's errors for damaged data to DamagedFile and silence its warnings.

    The warnings are about invalid metadata of readable pictures.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except _PILLOW_ERRORS as exc:
            raise DamagedFile from exc


def open_picture(file: BinaryIO, fmt: Format, limits: Limits) -> Image.Image:
    """Read the header of a picture; only the pixels of an icon are decoded.

    Raises DamagedFile, PictureTooLarge, TooManyPages (of a GIF).
    """
    if fmt.key in _SIZES:
        for size in _SIZES[fmt.key](file):
            check_pixels(size, limits)
    file.seek(0)
    with damage_translated():
        # Pillow's format names are our keys in capitals, except for one. Naming the format
        # keeps hostile files away from Pillow's other decoders.
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
