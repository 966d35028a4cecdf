"""The contract of intake: what a source is cut into, and within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one source is read at most."""

    max_bytes: int
    """Size of the file."""
    max_pixels: int
    """Width times height of one picture, known before it is decoded."""
    max_pages: int
    """Pages taken from one file. Applies to the pages chosen, so whoever chooses checks it."""
    max_video_seconds: int = 3600
    """How long a video may last."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What happens to pages between the file and the engine; each step can be chosen.

    On by default is what was measured to help clearly and to harm no other pages: see
    docs/preprocessing.md.
    """

    text_layer: bool = True
    """A page that brings its own sound text is not recognised: its text is taken over."""
    all_frames: bool = True
    """Each frame of an animated picture is a page, or else the first one alone."""
    skip_blank: bool = True
    """Pages with nothing on them are not shown to an engine."""
    split: bool = False
    """Two facing pages in one picture become two pages."""
    auto_rotate: bool = True
    """The embedded engine turns pages that lie on their side or upside down."""
    deskew: bool = False
    """Pages that lie askew by a few degrees are levelled; the embedded engine needs it not."""
    correct_perspective: bool = False
    """Photos are cropped to the sheet, and its perspective is straightened."""
    enhance_contrast: bool = False
    """Faint ink is made darker."""
    downscale: bool = False
    """Pictures with more pixels than their print needs are made smaller."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Preprocessing:
        """Of stored choices: what they do not name is the default, what is unknown is ignored."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: bool(value) for name, value in data.items() if name in known})

    def to_dict(self) -> dict[str, bool]:
        """JSON-ready."""
        return asdict(self)

    @property
    def redrawing(self) -> list[str]:
        """The chosen steps that show an engine other pixels than those of the stored picture."""
        steps = ("correct_perspective", "deskew", "downscale", "enhance_contrast")
        return [step for step in steps if getattr(self, step)]


DEFAULT_PREPROCESSING = Preprocessing()


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page, which a browser shows and an engine reads alike.

    It stands upright as its metadata would have it, with square pixels, nothing see-through
    and at most 8 bits a channel (a PNG taken over as it was may have 16).
    """

    data: bytes
    """A JPEG (grey or RGB) or PNG (of any kind, black-and-white and palette too) file."""
    extension: Literal["jpg", "png"]
    width: int
    """Pixels, like ``height``."""
    height: int
    dpi: float | None
    """Pixels per inch of paper, the same both ways; None where the source does not say."""
    thumbnail: bytes
    """A small JPEG file, at most ``encoding.THUMBNAIL_BOX`` pixels."""
    own_text: PageResult | None = None
    """What the source itself says stands on the page, if that was asked for and is sound."""
    seconds: float | None = None
    """When the picture is first seen, from the beginning of a video; None for all else."""


class PageSource(Protocol):
    """An opened source; a context manager that leaves the file itself open.

    Pages may be read in any order and any number of times. Not for two threads at once.
    """

    @property
    def page_count(self) -> int:
        """At least 1."""
        ...

    def read_page(self, number: int) -> PageImage:
        """The picture of page ``number``, counted from 1; only this page is in memory.

        Raises DamagedFile or PictureTooLarge for this page alone, others may still be
        readable. A number outside 1 to ``page_count`` is an IndexError.
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
