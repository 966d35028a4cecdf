"""Recognised pages and documents as plain data: the input of the layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ocrportal.results import PageResult


def no_raw_answer() -> None:
    """Return None: a page of a local engine has no raw answer."""


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """One recognised page, with access to its image."""

    number: int
    """Page number in the source document, from 1."""
    result: PageResult
    read_image: Callable[[], bytes]
    """Reads the stored page image: the bytes of a JPEG or PNG file, not rotated."""
    dpi: float | None = None
    """Pixels per inch of the page image; None if unknown."""
    service: str = ""
    """Key of the service that recognised the page, for the labels of its fields."""
    seconds: float | None = None
    """Time at which the page first appears in a video, in seconds; None for other sources."""
    part: int = 0
    """1 or 2 for the left and right page of a split spread; 0 for a whole page."""
    read_answer: Callable[[], Any] = no_raw_answer
    """Reads the engine's raw answer, JSON values only; None if it is not stored."""

    @property
    def sheet_name(self) -> str:
        """The name of the sheet of a workbook; empty for other pages."""
        return str(self.result.details.get("sheet", ""))

    @property
    def time_code(self) -> str:
        """``seconds`` as ``00:01:23``; empty for a source that is not a video."""
        if self.seconds is None:
            return ""
        minutes, seconds = divmod(int(self.seconds), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


@dataclass(frozen=True, slots=True)
class RecognisedDocument:
    """One source document with its recognised pages."""

    title: str
    """The name of the source without its extension, for titles and file names."""
    page_count: int
    """Number of recognised pages; may be 0."""
    iter_pages: Callable[[], Iterator[RecognisedPage]]
    """Starts a new pass over the pages, in order."""
    open_pdf: Callable[[], BinaryIO] | None = None
    """Opens the PDF file that the pages come from; None if the source is not a PDF."""


def is_next(page: RecognisedPage, following: RecognisedPage) -> bool:
    """Whether no page, and no half of a split spread, is missing between both."""
    if following.number == page.number:
        return following.part == page.part + 1
    return following.number == page.number + 1 and page.part != 1 and following.part != 2
