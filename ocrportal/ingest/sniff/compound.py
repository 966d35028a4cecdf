"""The format of a compound file (OLE2, MS-CFB), from the names of its top-level streams."""

from __future__ import annotations

import os
from typing import BinaryIO, cast

import olefile

from ocrportal.errors.ingest import ConversionFailed, DamagedFile, UnsupportedFormat
from ocrportal.ingest.bounded_reader import BoundedReader, ReadLimitExceeded

MAGIC = olefile.MAGIC

_FORMATS_BY_STREAM = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
_MAX_DIRECTORY_BYTES = 2 * 2**20
_BYTES_PER_TABLE_BYTE = 64
"""The sector tables take 1/128 of a file; twice that is read at most."""
_DAMAGE = (OSError, ValueError, RecursionError, ReadLimitExceeded)
"""What olefile raises for malformed files; it builds the directory tree by recursion."""


def kind_of_compound(file: BinaryIO) -> str:
    """Return ``doc``, ``xls`` or ``ppt``.

    Streams of embedded objects are in storages further down and do not count. Raises
    DamagedFile, UnsupportedFormat, and ConversionFailed for an encrypted Office Open XML file,
    which is stored in a compound file.
    """
    max_bytes = _MAX_DIRECTORY_BYTES + file.seek(0, os.SEEK_END) // _BYTES_PER_TABLE_BYTE
    file.seek(0)
    try:
        with olefile.OleFileIO(cast("BinaryIO", BoundedReader(file, max_bytes))) as container:
            names = {path[0] for path in container.listdir() if len(path) == 1}
    except _DAMAGE as error:
        raise DamagedFile from error
    for name, key in _FORMATS_BY_STREAM.items():
        if name in names:
            return key
    if "EncryptedPackage" in names:
        raise ConversionFailed
    raise UnsupportedFormat
