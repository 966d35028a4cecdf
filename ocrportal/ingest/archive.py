"""Extracts the members of a ZIP file, within limits and without using their paths.

Only stored and deflated members are extracted. The decoders of other methods use as much
memory as hostile data demands: bzip2 expands a few kilobytes to gigabytes in one step.
"""

from __future__ import annotations

import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from ocrportal.errors.ingest import (
    ArchiveEmpty,
    ArchiveMethodUnknown,
    ArchiveTooDeep,
    ArchiveTooFull,
    ArchiveTooLarge,
    DamagedFile,
    FileTooLarge,
    IngestError,
    PasswordNeeded,
    PasswordWrong,
)
from ocrportal.ingest.bounded_reader import BoundedReader, ReadLimitExceeded

_CHUNK_BYTES = 256 * 1024
_LOCAL_HEADER_BYTES = 30
_DIRECTORY_BYTES_PER_FILE = 1000
_MIN_DIRECTORY_BYTES = 2**20
"""A directory of this size is read however few files are permitted."""
_MIN_LIMIT_BYTES = 32 * 2**20
"""Up to here the ratio is not checked: blank bitmaps are compressed a thousand times."""
_ENCRYPTED = 0x1
_PATCHED_OR_STRONGLY_ENCRYPTED = 0x20 | 0x40
_UTF8 = 0x800
_DOS_FOLDER = 0x10
_UNIX = 3
_SYSTEM_FILES = re.compile(
    r"(^|/)(__MACOSX/|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE
)
"""Files that file managers create in folders, resource forks among them."""
_SEPARATORS = re.compile(r"[/\\]+")
_DIGITS = re.compile(r"(\d+)")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, OverflowError)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """The limits for extracting one archive."""

    max_files: int
    max_unpacked_bytes: int
    """The size of all members together."""
    max_ratio: int
    """The size of all members together, divided by their compressed size."""
    max_depth: int
    """1 permits no archives in archives."""
    max_file_bytes: int
    """The size of one member. A larger one gets an error; the rest is still extracted."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    name: str
    """A label with the folders in the archive; not to be used as a path."""
    file: BinaryIO | None
    """Positioned at its start; closed when the next member is requested."""
    error: IngestError | None = None
    """Set if ``file`` is None."""


def iter_members(
    file: BinaryIO,
    limits: ArchiveLimits,
    *,
    password: str | None = None,
    folder: Path,
    depth: int = 1,
) -> Iterator[Member]:
    """Yield the files of a ZIP in natural order of their names: 2.jpg before 10.jpg.

    Each is extracted into an unnamed temporary file in ``folder``. Folders, links and system
    files are skipped. A nested archive is yielded like any other file; the caller passes
    ``depth + 1`` to open it. Sizes are counted during extraction, since the sizes in the
    directory can be wrong.

    Raises ArchiveTooDeep, DamagedFile, ArchiveTooFull, ArchiveEmpty, ArchiveMethodUnknown (if
    it applies to all members), PasswordNeeded, PasswordWrong, and ArchiveTooLarge also after
    some members.
    """
    if depth > limits.max_depth:
        raise ArchiveTooDeep(limit=limits.max_depth)
    with _opened(file, limits) as archive:
        entries = _files(archive)
        _check_entries(archive, entries, limits)
        extraction = _Extraction(archive, limits, _key_to(archive, entries, password))
        for name, entry in sorted(entries, key=lambda item: _natural(item[0])):
            if not _is_readable(entry):
                yield Member(name, None, ArchiveMethodUnknown())
                continue
            with tempfile.TemporaryFile(dir=folder) as unpacked:
                error = extraction.extract(entry, unpacked)
                unpacked.seek(0)
                yield Member(name, None if error else unpacked, error)


def _opened(file: BinaryIO, limits: ArchiveLimits) -> zipfile.ZipFile:
    max_bytes = max(_MIN_DIRECTORY_BYTES, limits.max_files * _DIRECTORY_BYTES_PER_FILE)
    reader = BoundedReader(file, max_bytes)
    try:
        archive = zipfile.ZipFile(reader)
    except ReadLimitExceeded as error:
        raise ArchiveTooFull(limit=limits.max_files) from error
    except NotImplementedError as error:
        raise ArchiveMethodUnknown from error
    except _DAMAGE as error:
        raise DamagedFile from error
    reader.remove_limit()
    return archive


def _files(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The entries of files other than system files, with their labels."""
    named = [(_label(entry), entry) for entry in archive.infolist()]
    return [
        (name, entry)
        for name, entry in named
        if name and _is_file(name, entry) and not _SYSTEM_FILES.search(name)
    ]


def _is_file(name: str, entry: zipfile.ZipInfo) -> bool:
    if name.endswith("/") or entry.external_attr & _DOS_FOLDER:
        return False
    # Links are skipped: their targets are outside of the archive.
    kind = stat.S_IFMT(entry.external_attr >> 16) if entry.create_system == _UNIX else 0
    return kind in (0, stat.S_IFREG)


def _check_entries(
    archive: zipfile.ZipFile,
    entries: list[tuple[str, zipfile.ZipInfo]],
    limits: ArchiveLimits,
) -> None:
    if not entries:
        raise ArchiveEmpty
    if len(entries) > limits.max_files:
        raise ArchiveTooFull(limit=limits.max_files)
    # Members that share their compressed data expand a small archive to terabytes. Programs
    # that write archives do not create such members.
    spans = sorted((entry.header_offset, entry.compress_size) for entry in archive.infolist())
    ends = [start + _LOCAL_HEADER_BYTES + size for start, size in spans]
    nexts = [start for start, _size in spans[1:]] + [archive.start_dir]
    if spans[0][0] < 0 or any(end > after for end, after in zip(ends, nexts, strict=True)):
        raise DamagedFile
    if not any(_is_readable(entry) for _name, entry in entries):
        raise ArchiveMethodUnknown


def _is_readable(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        and not entry.flag_bits & _PATCHED_OR_STRONGLY_ENCRYPTED
    )


def _key_to(
    archive: zipfile.ZipFile, entries: list[tuple[str, zipfile.ZipInfo]], password: str | None
) -> bytes | None:
    """The password in the encoding that opens the archive; None if no member is encrypted."""
    locked = [entry for _, entry in entries if entry.flag_bits & _ENCRYPTED and _is_readable(entry)]
    if not locked:
        return None
    if not password:
        raise PasswordNeeded
    # The format does not define the encoding of a password: Chinese Windows uses its own.
    for encoding in ("utf-8", "gb18030"):
        key = password.encode(encoding, errors="replace")
        try:
            archive.open(locked[0], pwd=key).close()
        except RuntimeError:
            continue
        except _DAMAGE:
            # This member is reported as damaged when it is extracted.
            pass
        return key
    raise PasswordWrong


class _Extraction:
    """Extracts members one after the other and counts their sizes together."""

    def __init__(self, archive: zipfile.ZipFile, limits: ArchiveLimits, key: bytes | None) -> None:
        self._archive, self._limits, self._key = archive, limits, key
        self._packed = sum(entry.compress_size for entry in archive.infolist())
        self._unpacked = 0
        self._key_is_verified = False

    def extract(self, entry: zipfile.ZipInfo, out: IO[bytes]) -> IngestError | None:
        """Write the content of a member to ``out``; returns an error for this member only."""
        if entry.file_size > self._limits.max_file_bytes:
            return self._too_large()
        try:
            for piece in self._pieces(entry):
                self._count(len(piece))
                if out.tell() + len(piece) > self._limits.max_file_bytes:
                    return self._too_large()
                out.write(piece)
        except DamagedFile as error:
            return error
        return None

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        locked = bool(entry.flag_bits & _ENCRYPTED)
        try:
            with self._archive.open(entry, pwd=self._key) as packed:
                while piece := packed.read(_CHUNK_BYTES):
                    yield piece
        except RuntimeError as error:
            raise PasswordWrong from error
        except _DAMAGE as error:
            # One of 256 wrong passwords passes the check byte and decrypts to garbage.
            if locked and not self._key_is_verified:
                raise PasswordWrong from error
            raise DamagedFile from error
        self._key_is_verified = self._key_is_verified or locked

    def _count(self, size: int) -> None:
        self._unpacked += size
        most = max(_MIN_LIMIT_BYTES, self._packed * self._limits.max_ratio)
        if self._unpacked > min(most, self._limits.max_unpacked_bytes):
            raise ArchiveTooLarge(
                limit_mb=self._limits.max_unpacked_bytes // 2**20, ratio=self._limits.max_ratio
            )

    def _too_large(self) -> FileTooLarge:
        return FileTooLarge(limit_mb=self._limits.max_file_bytes // 2**20)


def _label(entry: zipfile.ZipInfo) -> str:
    """The name in the archive with its folders, without unprintable characters."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        name = _decoded(name.encode("cp437"))  # zipfile decodes unmarked names as cp437
    name = unicodedata.normalize("NFC", _SEPARATORS.sub("/", name))
    return "".join(character for character in name if character.isprintable())


def _decoded(raw: bytes) -> str:
    """Decode a name of unknown encoding: macOS writes UTF-8 unmarked, Windows its own."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        name = raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("cp437")
    foreign = [character for character in name if not character.isascii()]
    # European umlauts can be decoded as Chinese characters too, but rarely as common ones.
    common = sum(bool(character.encode("gb2312", errors="ignore")) for character in foreign)
    return name if common * 2 >= len(foreign) else raw.decode("cp437")


def _natural(name: str) -> list[list[tuple[int, str]]]:
    """A sort key that compares folder by folder, and numbers by their value."""
    return [[_weight(piece) for piece in _DIGITS.split(part)] for part in name.split("/")]


def _weight(piece: str) -> tuple[int, str]:
    # Not as an int: Python refuses to convert thousands of digits.
    digits = piece.lstrip("0")
    return (len(digits), digits) if piece.isdecimal() else (0, piece.casefold())
