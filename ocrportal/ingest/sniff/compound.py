"""Which old Office program wrote a compound file (OLE2), told by its directory.

Published by Microsoft as MS-CFB: a small file system of sectors in chains, with a directory
whose entries form a tree.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from ocrportal.errors import ConversionFailed, DamagedFile, UnsupportedFormat

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_KINDS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
_ENTRY_BYTES = 128
_ENTRY = struct.Struct("<64sHBB3L")
_HEADER_BYTES = 512
_IN_HEADER = 109
_MAX_SECTORS = 4096
"""Of the directory."""
_MAX_LISTS = 300
"""Of sectors that list others: more than 2 GB of Office file need. Each may name itself as the
next one, however small the file."""
_NOTHING = 0xFFFFFFFF


def kind_of_compound(file: BinaryIO) -> str:
    """``doc``, ``xls`` or ``ppt``.

    Raises DamagedFile, UnsupportedFormat, and ConversionFailed for a newer Office file
    that is protected by a password: such ones are wrapped into a compound file.
    """
    try:
        names = set(_top_names(_Sectors.of(file)))
    except (struct.error, OverflowError) as exc:
        raise DamagedFile from exc
    for name, key in _KINDS.items():
        if name in names:
            return key
    if "EncryptedPackage" in names:
        raise ConversionFailed
    raise UnsupportedFormat


@dataclass(frozen=True, slots=True)
class _Sectors:
    """Reads sectors, and knows which follows which."""

    file: BinaryIO
    size: int
    tables: tuple[int, ...]
    """The sectors that hold the table of who follows whom."""
    directory: int

    @classmethod
    def of(cls, file: BinaryIO) -> _Sectors:
        file.seek(0)
        header = file.read(_HEADER_BYTES)
        (shift,) = struct.unpack_from("<H", header, 30)
        if shift not in (9, 12):
            raise DamagedFile
        directory, list_sector = struct.unpack_from("<L16xL", header, 48)
        tables = list(struct.unpack_from(f"<{_IN_HEADER}L", header, 76))
        sectors = cls(file, 1 << shift, (), directory)
        seen = 0
        while list_sector < _NOTHING - 5 and seen < _MAX_LISTS:
            *more, list_sector = struct.unpack(f"<{sectors.size // 4}L", sectors.read(list_sector))
            tables += more
            seen += 1
        return cls(file, sectors.size, tuple(tables), directory)

    def read(self, number: int) -> bytes:
        self.file.seek((number + 1) * self.size)
        return self.file.read(self.size)

    def after(self, number: int) -> int:
        table, place = divmod(number, self.size // 4)
        if table >= len(self.tables):
            raise DamagedFile
        (following,) = struct.unpack_from("<L", self.read(self.tables[table]), place * 4)
        return int(following)


def _top_names(sectors: _Sectors) -> list[str]:
    """Names of the streams on top: those further down belong to what is embedded."""
    pieces = []
    number = sectors.directory
    for _ in range(_MAX_SECTORS):
        if number >= _NOTHING - 5:
            break
        pieces.append(sectors.read(number))
        number = sectors.after(number)
    entries = b"".join(pieces)
    count = len(entries) // _ENTRY_BYTES
    if not count:
        raise DamagedFile
    *_, top = _ENTRY.unpack_from(entries, 0)
    names = []
    waiting, seen = [top], set()
    while waiting:
        place = waiting.pop()
        if place >= count or place in seen:
            continue
        seen.add(place)
        name, length, _, _, left, right, _ = _ENTRY.unpack_from(entries, place * _ENTRY_BYTES)
        names.append(name[: max(0, length - 2)].decode("utf-16-le", "replace"))
        waiting += [left, right]
    return names
