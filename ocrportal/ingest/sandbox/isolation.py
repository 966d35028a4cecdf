"""Reads users' files in separate processes with limits on memory and time.

A hostile or damaged file can make a decoder use all memory, loop for ever or crash. A worker
that processes pages of other users must survive that, so all decoding happens in a child
process, which is killed when its time is over.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from ocrportal.errors import restore
from ocrportal.errors.ingest import IngestError, NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed
from ocrportal.ingest.base import (
    DEFAULT_PREPROCESSING,
    Limits,
    PageImage,
    PageSource,
    Preprocessing,
    check_page_number,
)
from ocrportal.ingest.sandbox import wire
from ocrportal.ingest.sandbox.fork_server import fork_server
from ocrportal.ingest.sandbox.reader import open_file
from ocrportal.ingest.sniff.file_type import Format

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_EXIT_SECONDS = 10
"""For the kernel to end a process that was killed."""
_OUT_OF_MEMORY_SIGNALS = (signal.SIGABRT, signal.SIGILL, signal.SIGTRAP, signal.SIGSEGV)
"""Signals from libraries that do not handle a failed allocation."""


def open_isolated(
    path: Path,
    fmt: Format,
    limits: Limits,
    *,
    password: str | None = None,
    preprocessing: Preprocessing = DEFAULT_PREPROCESSING,
    memory_mb: int,
    seconds: float,
) -> IsolatedPages:
    """Open a file, sniffed as ``fmt``, like :func:`ocrportal.ingest.pages.open_pages`.

    ``seconds`` limits the opening, and each page. Raises the errors of ``open_pages``, and
    NeedsTooMuchMemory, NeedsTooMuchTime and ReaderCrashed, as reading a page does.
    """
    return IsolatedPages(
        open_file, (path, fmt, limits, password, preprocessing), memory_mb, seconds
    )


def call_isolated(
    function: Callable[..., _Result], *arguments: Any, memory_mb: int, seconds: float
) -> _Result:
    """Call ``function`` in a child process and return its result.

    The function is importable by its name, or a ``partial`` of one that is, and returns plain
    values, paths or dataclasses of the portal. Raises the IngestErrors that it raises, and
    NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed.
    """
    process = _ReaderProcess(memory_mb)
    try:
        # The type of the result is known to the caller's type checker only.
        return cast("_Result", process.request("call", (function, arguments), seconds, object))
    finally:
        process.kill()


class IsolatedPages:
    """A PageSource whose file is read in another process.

    If a page makes that process exit, the next page is read by a new process.
    """

    def __init__(
        self,
        opener: Callable[..., PageSource],
        arguments: tuple[Any, ...],
        memory_mb: int,
        seconds: float,
    ) -> None:
        self._opening = (opener, arguments)
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._process, self.page_count = self._open()

    def _open(self) -> tuple[_ReaderProcess, int]:
        process = _ReaderProcess(self._memory_mb)
        try:
            return process, process.request("open", self._opening, self._seconds, int)
        except BaseException:
            process.kill()
            raise

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        if self._process.exited:
            self._process, _ = self._open()
        return self._process.request("page", (number,), self._seconds, PageImage)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()


class _ReaderProcess:
    """The worker's handle of the process that reads one source."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._requests, requests = socket.socketpair()
        self._exit, exit_ = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.exited = False
        try:
            with requests, exit_:
                fork_server().start_reader(memory_mb * 2**20, requests, exit_)
        except BaseException:
            self._close()
            raise

    def request(
        self, verb: str, arguments: tuple[Any, ...], seconds: float, kind: type[_Result]
    ) -> _Result:
        """Send one request and return the value of its response.

        If the process exits or is killed meanwhile, no further request can be sent.
        """
        deadline = time.monotonic() + seconds
        try:
            self._requests.settimeout(seconds)
            wire.send(self._requests, {}, [pickle.dumps((verb, arguments, seconds))])
            response, blobs = wire.receive(self._requests, self._memory_mb * 2**20, deadline)
            value = (
                wire.unpack(response, blobs) if "value" in response else self._error_of(response)
            )
        except TimeoutError as error:
            self.kill()
            raise NeedsTooMuchTime(seconds=_rounded(seconds)) from error
        except (wire.ConnectionClosed, ConnectionError) as error:
            raise self._exit_error(seconds) from error
        except BaseException:  # such as the time limit of a Celery task
            self.kill()
            raise
        if isinstance(value, Exception):
            raise value
        if not isinstance(value, kind):
            self.kill()
            raise ReaderCrashed
        return value

    def _error_of(self, response: dict[str, Any]) -> Exception:
        match response:
            case {"code": str(code), "params": dict(params)}:
                error = restore(code, params)
                if isinstance(error, IngestError):
                    return error
            case {"missing": name}:
                return FileNotFoundError(name)
            case {"out_of_memory": True}:
                self.kill()
                return NeedsTooMuchMemory(limit_mb=self._memory_mb)
            case {"unexpected": str(where)}:
                logger.error("A reader failed with an unexpected error:\n%s", where)
        self.kill()
        return ReaderCrashed()

    def _exit_error(self, seconds: float) -> IngestError:
        """The error for a process that has exited, or is killed for a malformed response."""
        status, memory = self.kill()
        if os.WIFSIGNALED(status):
            sign = os.WTERMSIG(status)
            if sign == signal.SIGXCPU:
                return NeedsTooMuchTime(seconds=_rounded(seconds))
            if sign in _OUT_OF_MEMORY_SIGNALS and memory > self._memory_mb * 2**20 / 2:
                return NeedsTooMuchMemory(limit_mb=self._memory_mb)
        return ReaderCrashed()

    def kill(self) -> tuple[int, int]:
        """Kill the process, wait for its exit, and return its status and peak memory in bytes."""
        status, memory = 0, 0
        if not self.exited:
            self._exit.settimeout(_EXIT_SECONDS)
            try:
                # Not a message: an unread one would keep the status from being sent.
                self._exit.shutdown(socket.SHUT_WR)
                if report := self._exit.recv(wire.EXITED.size):  # empty if the server exited too
                    status, memory = wire.EXITED.unpack(report)
            except OSError:
                # The process is stuck in the kernel.
                logger.warning("A reader that was killed does not exit.")
            self._close()
        return status, memory

    def _close(self) -> None:
        self.exited = True
        self._requests.close()
        self._exit.close()


def _rounded(seconds: float) -> int | float:
    return int(seconds) if seconds == int(seconds) else round(seconds, 1)
