"""Several files as one ZIP archive."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, NamedTuple

from ocrportal.exporters.file_names import unique_names

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""ZIP stores no earlier time, which a machine without a clock has."""
_READABLE = 0o644 << 16
"""The permissions of a file."""


class ArchiveFile(NamedTuple):
    """A file for an archive."""

    name: str
    """With the folders that contain it, separated by slashes."""
    file: BinaryIO
    modified: datetime
    """In the time zone of its reader, since ZIP stores no zone."""


def write_archive(files: Iterable[ArchiveFile], out: BinaryIO) -> None:
    """Write named files to a ZIP one after the other; equal names are numbered.

    Each file is copied before the next one is requested.
    """
    unique = unique_names()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file, modified in files:
            entry = zipfile.ZipInfo(unique(name), max(modified.timetuple()[:6], _FIRST_DAY))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            with archive.open(entry, "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member)
