"""Opens any source as pages."""

from __future__ import annotations

import os
from typing import BinaryIO

from ocrportal.errors.ingest import EmptyFile, FileTooLarge, UnsupportedFormat
from ocrportal.ingest.base import (
    DEFAULT_PREPROCESSING,
    Limits,
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
    ``PageRange.select``.
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
