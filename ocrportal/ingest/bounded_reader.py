"""A read budget for libraries that load as much of a file as the file claims they should."""

from __future__ import annotations

from typing import BinaryIO


class ReadLimitExceeded(Exception):
    """A library has asked for more bytes than its budget allows."""


class BoundedReader:
    """Passes reads on to ``file`` until they add up to more than ``max_bytes``.

    zipfile and olefile load a whole directory at once, and each of its entries takes several
    times its size in memory. So a limit on the bytes read also limits the memory.
    """

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file = file
        self._remaining: int | None = max_bytes
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    @property
    def closed(self) -> bool:
        return self._file.closed

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes, or all for -1. Raises ReadLimitExceeded."""
        if self._remaining is None:
            return self._file.read(size)
        data = self._file.read(size if 0 <= size <= self._remaining else self._remaining + 1)
        if len(data) > self._remaining:
            raise ReadLimitExceeded
        self._remaining -= len(data)
        return data

    def remove_limit(self) -> None:
        """Permit any further read: the directory is known, and its members are read in chunks."""
        self._remaining = None
