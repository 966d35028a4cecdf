"""Opens any source as pages, and reads page ranges."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ocrportal.errors import (
    BadPageRange,
    EmptyFile,
    FileTooLarge,
    PagesOutOfRange,
    UnsupportedFormat,
)
from ocrportal.ingest.base import (
    DEFAULT_PREPROCESSING,
    Limits,
    PageImage,
    PageSource,
    Preprocessing,
)
from ocrportal.ingest.readers.animation import open_frames
from ocrportal.ingest.readers.heif import HeifPages
from ocrportal.ingest.readers.image import ImagePages
from ocrportal.ingest.readers.pdf import PdfPages
from ocrportal.ingest.readers.tiff import TiffPages
from ocrportal.ingest.readers.video import FRAMES, FramePages
from ocrportal.ingest.sniff.file_type import Format

__all__ = ["Limits", "PageImage", "PageRange", "PageSource", "open_pages", "parse_page_range"]


def open_pages(
    file: BinaryIO,
    fmt: Format,
    limits: Limits,
    password: str | None = None,
    preprocessing: Preprocessing = DEFAULT_PREPROCESSING,
) -> PageSource:
    """Open a seekable binary file, sniffed as ``fmt``, as a source of page pictures.

    The file must stay open while the source is used, and is not closed. Raises EmptyFile,
    FileTooLarge, DamagedFile, PictureTooLarge, PasswordNeeded, PasswordWrong, NoPages,
    TooManyPages (more than 10,000 frames), and UnsupportedFormat for files that have to be
    converted or extracted first. The caller limits the number of pages, after
    :meth:`PageRange.select`.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise EmptyFile
    if size > limits.max_bytes:
        raise FileTooLarge(limit_mb=limits.max_bytes // 2**20)
    if fmt.kind != "pages":
        raise UnsupportedFormat
    match fmt.key:
        case "pdf":
            return PdfPages(file, limits, password, preprocessing.text_layer)
        case "tiff":
            return TiffPages(file, fmt, limits)
        case FRAMES.key:
            return FramePages(file, limits)
        case "heic":
            return HeifPages(file, limits, preprocessing.all_frames)
        case "gif" | "png" | "webp" | "avif" if preprocessing.all_frames:
            return open_frames(file, fmt, limits)
        case _:
            return ImagePages(file, fmt, limits)


@dataclass(frozen=True, slots=True)
class PageRange:
    """A page range as entered by a user, before the number of pages is known."""

    text: str
    """As it was entered."""
    spans: tuple[tuple[int, int | None], ...]
    """First and last page of each part, from 1; None as last page means to the end."""

    def select(self, page_count: int) -> Sequence[int]:
        """Return the chosen page numbers of a file with ``page_count`` pages, ascending.

        Pages beyond the end are ignored. Raises PagesOutOfRange if no page is left.
        """
        clipped = [
            range(first, min(last or page_count, page_count) + 1) for first, last in self.spans
        ]
        chosen = [span for span in clipped if span]
        if not chosen:
            raise PagesOutOfRange(pages=page_count, text=self.text)
        if len(chosen) == 1:
            return chosen[0]
        return sorted(set().union(*chosen))


_ALL = ((1, None),)
_DASHES = re.compile("[‐-―−~〜至到]")
_COMMAS = re.compile("[、;]")
_PART = re.compile(r"([1-9][0-9]{0,8})(-([1-9][0-9]{0,8})?)?")
_MAX_TEXT = 500


def parse_page_range(text: str) -> PageRange:
    """Read a range such as ``1-3,7`` or ``5-``; an empty text means every page.

    Full-width digits and signs, Chinese commas and spaces are accepted, since Chinese
    keyboards write them. Raises BadPageRange.
    """
    # NFKC replaces full-width digits, commas, dashes and tildes with ASCII.
    plain = "".join(unicodedata.normalize("NFKC", text[: _MAX_TEXT + 1]).split())
    plain = _COMMAS.sub(",", _DASHES.sub("-", plain)).strip(",")
    if not plain:
        return PageRange(text="", spans=_ALL)
    shown = text.strip()[:50]
    if len(plain) > _MAX_TEXT:
        raise BadPageRange(text=shown)
    spans = []
    for part in plain.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise BadPageRange(text=shown)
        first = int(match[1])
        last = first if match[2] is None else int(match[3]) if match[3] else None
        if last is not None and last < first:
            raise BadPageRange(text=shown)
        spans.append((first, last))
    return PageRange(text=shown, spans=tuple(spans))
