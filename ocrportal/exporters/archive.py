"""Several files as one ZIP archive."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from ocrportal.exporters.file_names import unique_names


def write_archive(files: Iterable[tuple[str, BinaryIO]], out: BinaryIO) -> None:
    """Write named files to a ZIP one after the other; equal names are numbered.

    Each file is copied before the next one is requested.
    """
    unique = unique_names()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            with archive.open(unique(name), "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member)
