"""What an exporter gets: plain data, streamed page by page, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ocrportal.results import PageResult


def no_answer() -> None:
    """What is kept of the answer of an engine of this machine."""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """One recognised page and the way to its picture."""

    number: int
    """Its number in the source document, from 1."""
    result: PageResult
    read_image: Callable[[], bytes]
    """Gives the page picture as stored: a JPEG or PNG file's bytes, not turned."""
    dpi: float | None = None
    """Pixels per inch of the page picture; None where the source does not say."""
    service: str = ""
    """Key of the service that read it, for the labels of its fields."""
    seconds: float | None = None
    """When it is first seen, from the beginning of a video; None for all else."""
    part: int = 0
    """Which part of the page in the source, from 1; 0 where it is all of it."""

    read_answer: Callable[[], Any] = no_answer
    """Gets what the engine itself answered, JSON values only; None where it is not kept."""

    @property
    def time_code(self) -> str:
        """That time as ``00:01:23``; empty for what is no video."""
        if self.seconds is None:
            return ""
        minutes, seconds = divmod(int(self.seconds), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """One source document with its recognised pages."""

    title: str
    """The source's name without its ending, for titles and file names."""
    iter_pages: Callable[[], Iterator[ExportPage]]
    """Starts a new pass over the pages, in order; a format may need more than one."""
    open_pdf: Callable[[], BinaryIO] | None = None
    """Opens the PDF whose pages these are; None where the source is no PDF."""
