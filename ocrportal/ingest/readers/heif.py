"""Reads HEIC, the picture format of phones; a file can hold several pictures."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self

import pi_heif  # type: ignore[import-untyped]  # it ships no types

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.ingest.readers.image import check_pixels, damage_translated

# Unused metadata: reading less of a hostile file is safer.
pi_heif.options.THUMBNAILS = False
pi_heif.options.DEPTH_IMAGES = False
pi_heif.options.AUX_IMAGES = False


class HeifPages:
    """A HEIC file as a PageSource: one page for each of its pictures, or for its primary one.

    No decoder is registered with Pillow, since it would apply to the whole process.
    """

    def __init__(self, file: BinaryIO, limits: Limits, all_pictures: bool) -> None:
        """Read the headers only. Raises DamagedFile, PictureTooLarge (of an only picture)."""
        self._file = file
        self._limits = limits
        with damage_translated():
            found = self._open()
            self._chosen = range(len(found)) if all_pictures else [found.primary_index]
        if not len(found):
            raise DamagedFile
        self.page_count = len(self._chosen)
        if self.page_count == 1:
            check_pixels(found[self._chosen[0]].size, limits)

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        with damage_translated():
            # Reopened for each page: decoded pictures stay in memory until the file is closed.
            picture = self._open()[self._chosen[number - 1]]
            check_pixels(picture.size, self._limits)
            return encode_page(picture.to_pillow())

    def _open(self) -> pi_heif.HeifFile:
        return pi_heif.HeifFile(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the file belongs to the caller."""
