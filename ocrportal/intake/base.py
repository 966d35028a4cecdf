"""The contract of intake: what a source is cut into, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one source is read at most."""

    max_bytes: int
    """Size of the file."""
    max_pixels: int
    """Width times height of one picture, known before it is decoded."""
    max_pages: int
    """Pages taken from one file. Applies to the pages chosen, so whoever chooses checks it."""


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
