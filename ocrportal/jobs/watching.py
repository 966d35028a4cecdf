"""Telling somebody how far the writing of a file is.

The writers lie several layers down and pass over the pages as often as they need to. Only the
worker that keeps exports wants to know, so it says so once, for its thread, and not through
every function on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import BinaryIO, Protocol

from ocrportal.exporters.document import ExportDocument, ExportPage


class Watcher(Protocol):
    """What it raises ends the writing."""

    def pass_begins(self, source: int) -> None:
        """Somebody goes through the pages of the document with this id, from the first."""

    def page_read(self) -> None:
        """One more page of them is on its way."""

    def file_written(self, key: str, document: ExportDocument, file: BinaryIO) -> None:
        """A document is written in the format ``key``; the file is open at its start."""


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell ``watcher`` what this thread reads and writes meanwhile."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def told_pages(pages: Iterator[ExportPage], source: int) -> Iterator[ExportPage]:
    """The same pages of the document with the id ``source``, each told to whoever watches."""
    watcher = _watcher.get()
    if watcher is None:
        yield from pages
        return
    watcher.pass_begins(source)
    for page in pages:
        watcher.page_read()
        yield page


def tell_written(key: str, document: ExportDocument, file: BinaryIO) -> None:
    """Tell of a written file whoever watches, who leaves it open at its start."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher.file_written(key, document, file)
        file.seek(0)
