"""What ingest works with: limits, preprocessing choices, page pictures and their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for reading one source."""

    max_bytes: int
    """The size of the file."""
    max_pixels: int
    """Width times height of one picture, checked before it is decoded."""
    max_pages: int
    """Pages read from one file. Checked by the caller, after a page range is applied."""
    max_video_seconds: int = 3600
    """The duration of a video."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The steps between a file and the engine.

    A step is on by default if measurements show that it helps and does not harm other pages:
    see docs/preprocessing.md.
    """

    text_layer: bool = True
    """Use the text of a PDF page, if it is reliable, instead of recognising the page."""
    all_frames: bool = True
    """Make each frame of an animated picture a page, instead of the first frame only."""
    skip_blank: bool = True
    """Do not send blank pages to an engine."""
    split: bool = False
    """Split a picture of two facing pages into two pages."""
    auto_rotate: bool = True
    """Have the embedded engine rotate pages by 90°, 180° or 270°."""
    deskew: bool = False
    """Rotate pages that are skewed by a few degrees; the embedded engine does not need it."""
    correct_perspective: bool = False
    """Crop photos to the sheet of paper and correct its perspective."""
    enhance_contrast: bool = False
    """Darken faint ink."""
    downscale: bool = False
    """Reduce pictures that have more pixels than their print needs."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Preprocessing:
        """Read stored choices: missing names get their default, unknown names are ignored."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: bool(value) for name, value in data.items() if name in known})

    def to_dict(self) -> dict[str, bool]:
        """The choices as JSON values."""
        return asdict(self)

    @property
    def redrawing(self) -> list[str]:
        """The chosen steps that change the pixels of the stored picture."""
        steps = ("correct_perspective", "deskew", "downscale", "enhance_contrast")
        return [step for step in steps if getattr(self, step)]


DEFAULT_PREPROCESSING = Preprocessing()


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page, for browsers and for engines.

    It is rotated as its metadata demands, has square pixels and no transparency, and at most
    8 bits per channel (16 in a PNG that is stored unchanged).
    """

    data: bytes
    """A JPEG file (grey or RGB) or a PNG file (of any colour type)."""
    extension: Literal["jpg", "png"]
    width: int
    """Pixels, like ``height``."""
    height: int
    dpi: float | None
    """Pixels per inch of paper, the same in both directions; None if unknown."""
    thumbnail: bytes
    """A small JPEG file, at most ``encoding.THUMBNAIL_BOX`` pixels."""
    own_text: PageResult | None = None
    """The text in the source itself, if it was requested and is reliable."""
    notes: tuple[str, ...] = ()
    """Why the text in the source is not used, if it has any: values of notes.Note."""
    seconds: float | None = None
    """When the picture first appears in a video; None for other sources."""


class PageSource(Protocol):
    """An opened source; a context manager that leaves the file itself open.

    Pages may be read in any order and any number of times, by one thread at a time.
    """

    @property
    def page_count(self) -> int:
        """At least 1."""
        ...

    def read_page(self, number: int) -> PageImage:
        """Return page ``number``, counted from 1; only this page is held in memory.

        Raises DamagedFile or PictureTooLarge for this page only, so other pages may still be
        readable, and IndexError for a number outside 1 to ``page_count``.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def check_page_number(number: int, page_count: int) -> None:
    """Raise IndexError unless ``number`` is one of the pages 1 to ``page_count``."""
    if not 1 <= number <= page_count:
        raise IndexError(f"page {number} of {page_count}")
