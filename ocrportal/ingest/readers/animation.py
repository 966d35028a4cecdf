"""Animated pictures (GIF, WebP, PNG, AVIF): each frame a page, composed as a viewer shows it."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self

from PIL import Image

from ocrportal.errors import TooManyPages
from ocrportal.ingest.base import Limits, PageImage, PageSource, check_page_number
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.ingest.readers.image import ImagePages, check_pixels, damage_translated, open_picture
from ocrportal.ingest.readers.sizes import MAX_FRAMES, gif_sizes
from ocrportal.ingest.sniff.file_type import Format


def open_frames(file: BinaryIO, fmt: Format, limits: Limits) -> PageSource:
    """A picture that may be animated, and hence of several pages.

    Raises DamagedFile, PictureTooLarge, TooManyPages.
    """
    image = open_picture(file, fmt, limits)
    # Pillow would take a GIF apart to count its frames.
    frames = sum(1 for _ in gif_sizes(file)) if fmt.key == "gif" else getattr(image, "n_frames", 1)
    if frames == 1:
        return ImagePages(file, fmt, limits)
    if frames > MAX_FRAMES:
        raise TooManyPages(pages=frames, limit=MAX_FRAMES)
    return AnimationPages(image, frames, limits)


class AnimationPages:
    """A PageSource of all frames. Frames build on each other, so they are best read in order.

    Frames that look alike are pages too: it takes as long to find them as to read them.
    """

    def __init__(self, image: Image.Image, frames: int, limits: Limits) -> None:
        self._image = image
        self._limits = limits
        # The picture that a PNG has for programs that know no animation is not part of it.
        self._skipped = 1 if getattr(image, "default_image", False) else 0
        self.page_count = frames - self._skipped

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        with damage_translated():
            self._image.seek(number - 1 + self._skipped)
            check_pixels(self._image.size, self._limits)
            # A copy: the decoder goes on from its own picture to the next frame.
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
        # What is see-through is an alpha channel by then; the index of a colour is left over.
        shown.info.pop("transparency", None)
    return shown
