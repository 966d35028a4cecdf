"""What a ZIP holds, told by its directory alone; whatever its size, little of it is read."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ocrportal.errors import DamagedFile

_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 0xFFFF
_MAX_ENTRIES = 20_000
"""Office programs name what tells their files apart long before so many."""
_MAX_NAME = 100
"""Of what is kept: the names that tell are shorter, and a file may claim gigabytes of them."""
_MAX_MIME_TYPE = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    method: int
    offset: int


def kind_of_zip(file: BinaryIO) -> str:
    """``docx``, ``xlsx``, ``pptx``, ``odt``, ``ods``, ``odp``, ``ofd``, or else ``zip``.

    Raises DamagedFile if there is no directory, or a broken one.
    """
    try:
        names = set()
        mime_type = ""
        for entry in _entries(file):
            names.add(entry.name)
            if entry.name == "mimetype":
                place = file.tell()
                mime_type = _beginning(file, entry)
                file.seek(place)
    except (struct.error, zlib.error, ValueError) as exc:
        raise DamagedFile from exc
    for subtype, key in _OPEN_DOCUMENT.items():
        if mime_type.startswith(f"application/vnd.oasis.opendocument.{subtype}"):
            return key
    if "[Content_Types].xml" in names:
        folders = {name.partition("/")[0] for name in names}
        for folder, key in _OFFICE_OPEN_XML.items():
            if folder in folders:
                return key
    return "ofd" if "OFD.xml" in names else "zip"


_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OFFICE_OPEN_XML = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}


def _entries(file: BinaryIO) -> Iterator[_Entry]:
    """The first entries of the directory, one at a time: its size is whatever a file claims."""
    start, count, shift = _directory(file)
    file.seek(start)
    for _ in range(min(count, _MAX_ENTRIES)):
        (mark, _, _, _, method, _, _, _, _, _, name, extra, comment, _, _, _, offset) = (
            _ENTRY.unpack(file.read(_ENTRY.size))
        )
        if mark != b"PK\1\2":
            raise DamagedFile
        # Some programs of Windows write its own separator.
        decoded = file.read(name)[:_MAX_NAME].decode("utf-8", "replace").replace("\\", "/")
        file.seek(extra + comment, os.SEEK_CUR)
        yield _Entry(decoded, method, offset + shift)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Where the directory starts, how many entries it has, and what was put before the ZIP."""
    size = file.seek(0, os.SEEK_END)
    tail_start = max(0, size - _MAX_COMMENT - _END.size)
    file.seek(tail_start)
    tail = file.read(_MAX_COMMENT + _END.size)
    place = tail.rfind(b"PK\5\6")
    if place < 0:
        raise DamagedFile
    _, _, _, _, count, length, offset, _ = _END.unpack_from(tail, place)
    end = tail_start + place
    if 0xFFFFFFFF in (length, offset) or count == 0xFFFF:
        locator = end - _END_64_LOCATOR.size
        if locator >= 0:
            file.seek(locator)
            mark, _, end_64, _ = _END_64_LOCATOR.unpack(file.read(_END_64_LOCATOR.size))
            if mark == b"PK\6\7":
                file.seek(min(end_64, size))
                *_, count, length, offset = _END_64.unpack(file.read(_END_64.size))
                end = end_64
    start = end - length
    shift = start - offset
    if start < 0 or shift < 0:
        raise DamagedFile
    return start, count, shift


def _beginning(file: BinaryIO, entry: _Entry) -> str:
    """The first few bytes of a stored or deflated member, as text."""
    file.seek(entry.offset)
    *_, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(name + extra, os.SEEK_CUR)
    data = file.read(_MAX_MIME_TYPE)
    if entry.method == zlib.DEFLATED:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, _MAX_MIME_TYPE)
    return data.decode("ascii", "replace")
