"""Reads TIFF files, which can hold many pictures."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self

from PIL import Image

from ocrportal.errors.ingest import TooManyPages
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.ingest.readers.image import check_pixels, damage_translated, open_picture
from ocrportal.ingest.sniff.file_type import Format

_MAX_FRAMES = 10_000
"""Scanners do not write as many. A hostile file could chain millions of empty ones."""


class TiffPages:
    """A TIFF file as a PageSource: one page for each of its pictures."""

    def __init__(self, file: BinaryIO, fmt: Format, limits: Limits) -> None:
        """Count the pictures without decoding them.

        Raises DamagedFile, PictureTooLarge (of the first picture), TooManyPages.
        """
        self._limits = limits
        self._image = open_picture(file, fmt, limits)
        with damage_translated():
            self.page_count = _count_frames(self._image)

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        with damage_translated():
            self._image.seek(number - 1)
            check_pixels(self._image.size, self._limits)
            return encode_page(self._image)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the file belongs to the caller."""


def _count_frames(image: Image.Image) -> int:
    count = 1
    while count <= _MAX_FRAMES:
        try:
            image.seek(count)
        except EOFError:
            return count
        count += 1
    raise TooManyPages(pages=count, limit=_MAX_FRAMES)
