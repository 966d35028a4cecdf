"""Reads animated pictures (GIF, WebP, PNG, AVIF): each composed frame is a page."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self

from PIL import Image

from ocrportal.errors.ingest import TooManyPages
from ocrportal.ingest.base import Limits, PageImage, PageSource, check_page_number
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.ingest.readers.image import ImagePages, check_pixels, damage_translated, open_picture
from ocrportal.ingest.readers.sizes import MAX_FRAMES, gif_sizes
from ocrportal.ingest.sniff.file_type import Format


def open_frames(file: BinaryIO, fmt: Format, limits: Limits) -> PageSource:
    """Open a picture that may be animated, and then has several pages.

    Raises DamagedFile, PictureTooLarge, TooManyPages.
    """
    image = open_picture(file, fmt, limits)
    # Pillow would decode a GIF to count its frames.
    frames = sum(1 for _ in gif_sizes(file)) if fmt.key == "gif" else getattr(image, "n_frames", 1)
    if frames == 1:
        return ImagePages(file, fmt, limits)
    if frames > MAX_FRAMES:
        raise TooManyPages(pages=frames, limit=MAX_FRAMES)
    return AnimationPages(image, frames, limits)


class AnimationPages:
    """A PageSource of all frames. Frames build on each other, so reading in order is fastest.

    Similar frames are pages too: detecting them takes as long as reading them.
    """

    def __init__(self, image: Image.Image, frames: int, limits: Limits) -> None:
        self._image = image
        self._limits = limits
        # A PNG can have a default image that is not part of the animation.
        self._skipped = 1 if getattr(image, "default_image", False) else 0
        self.page_count = frames - self._skipped

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        with damage_translated():
            self._image.seek(number - 1 + self._skipped)
            check_pixels(self._image.size, self._limits)
            # A copy, since the decoder builds the next frame on its own picture.
            return encode_page(_as_shown(self._image))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the file belongs to the caller."""


def _as_shown(image: Image.Image) -> Image.Image:
    image.load()
    shown = image.copy()
    if shown.mode == "RGB":
        # Transparency is an alpha channel by now; the palette index is left over.
        shown.info.pop("transparency", None)
    return shown
