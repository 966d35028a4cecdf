"""Documents that are ZIP files of XML (Office Open XML, OpenDocument, OFD), before they are read.

To be called in a process of its own (isolation.py): the list of an archive is read at once,
and takes as much memory as it claims.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

from ocrportal.errors import ArchiveTooLarge, DamagedFile

_CHUNK_BYTES = 256 * 1024
_MAX_MEMBERS = 20_000
_MAX_RATIO = 200
"""XML of documents is packed 5 to 50 times, the emptiest of sheets somewhat more."""
_HARMLESS_BYTES = 32 * 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARKUP = re.compile(r"\.(xml|rels|rdf|vml)$", re.IGNORECASE)
_ENTITY = b"<!ENTITY"
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,  # a method of packing that no document uses
    RuntimeError,  # an encrypted member
    KeyError,
    OverflowError,
    struct.error,
)
"""What zipfile raises on archives that it cannot read."""


def check_package(path: Path, max_unpacked_bytes: int) -> None:
    """Unpack every member without keeping it, since what an archive says may be a lie.

    Raises DamagedFile, also for XML that declares entities, which no program that writes
    documents does, and ArchiveTooLarge.
    """
    limit = min(max_unpacked_bytes, max(_HARMLESS_BYTES, path.stat().st_size * _MAX_RATIO))
    too_large = ArchiveTooLarge(limit_mb=max_unpacked_bytes // 2**20, ratio=_MAX_RATIO)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_MEMBERS or sum(entry.file_size for entry in entries) > limit:
                raise too_large
            unpacked = 0
            for entry in entries:
                if entry.compress_type not in _METHODS:
                    raise DamagedFile
                end = b""
                with archive.open(entry) as member:
                    while chunk := member.read(_CHUNK_BYTES):
                        unpacked += len(chunk)
                        if unpacked > limit:
                            raise too_large
                        if _MARKUP.search(entry.filename):
                            # Whatever the encoding: the zeros of UTF-16 and UTF-32 are gone.
                            text = end + chunk.replace(b"\0", b"")
                            if _ENTITY in text:
                                raise DamagedFile
                            end = text[1 - len(_ENTITY) :]
    except DAMAGE as error:
        raise DamagedFile from error
