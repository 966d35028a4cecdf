"""Checks documents that are ZIP files of XML: Office Open XML, OpenDocument, OFD.

Called in an isolated process (see isolation.py), since it decompresses hostile data.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

from ocrportal.errors.ingest import ArchiveTooLarge, DamagedFile
from ocrportal.ingest.bounded_reader import BoundedReader, ReadLimitExceeded

_CHUNK_BYTES = 256 * 1024
_MAX_MEMBERS = 20_000
_MAX_DIRECTORY_BYTES = _MAX_MEMBERS * 200
_MAX_RATIO = 200
"""The XML of documents is compressed 5 to 50 times; that of nearly empty sheets more."""
_MIN_LIMIT_BYTES = 32 * 2**20
"""Up to here the compression ratio is not checked."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARKUP = re.compile(r"\.(xml|rels|rdf|vml)$", re.IGNORECASE)
_ENTITY = b"<!ENTITY"
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,  # a compression method that documents do not use
    RuntimeError,  # an encrypted member
    KeyError,
    OverflowError,
    struct.error,
)
"""What zipfile raises for archives that it cannot read."""


def check_package(path: Path, max_unpacked_bytes: int) -> None:
    """Decompress every member without keeping it: the sizes in a directory can be wrong.

    Raises ArchiveTooLarge, and DamagedFile also for XML that declares entities, which programs
    that write documents do not do.
    """
    limit = min(max_unpacked_bytes, max(_MIN_LIMIT_BYTES, path.stat().st_size * _MAX_RATIO))
    too_large = ArchiveTooLarge(limit_mb=max_unpacked_bytes // 2**20, ratio=_MAX_RATIO)
    try:
        with path.open("rb") as file:
            reader = BoundedReader(file, _MAX_DIRECTORY_BYTES)
            archive = zipfile.ZipFile(reader)
            reader.remove_limit()
            entries = archive.infolist()
            if len(entries) > _MAX_MEMBERS or sum(entry.file_size for entry in entries) > limit:
                raise too_large
            size = 0
            for entry in entries:
                size += _check_member(archive, entry, limit - size, too_large)
    except ReadLimitExceeded as error:
        raise too_large from error
    except DAMAGE as error:
        raise DamagedFile from error


def _check_member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, too_large: ArchiveTooLarge
) -> int:
    """The size of a member in bytes, counted while it is decompressed."""
    if entry.compress_type not in _METHODS:
        raise DamagedFile
    size, end = 0, b""
    with archive.open(entry) as member:
        while chunk := member.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise too_large
            if _MARKUP.search(entry.filename):
                # Dropping the zeros of UTF-16 and UTF-32 leaves ASCII in every encoding.
                text = end + chunk.replace(b"\0", b"")
                if _ENTITY in text:
                    raise DamagedFile
                end = text[1 - len(_ENTITY) :]
    return size
