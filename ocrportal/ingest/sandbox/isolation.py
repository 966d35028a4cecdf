"""Files given by users are read in processes that may fail.

A decoder can be made to eat all memory, to loop for ever, or to crash. None of it may take
down a worker, which has other people's pages in hand. So whatever decodes runs in a child
process, with limits; it is killed when its time is over.

Each process of the portal that reads files has one template (isolated_reader.py), begun when
it is first needed, that forks a child per source: importing everything anew would take
hundreds of milliseconds, forking the worker itself would copy its threads' locks, its
connections and its models. The standard library's forkserver does nearly that, but it runs the
parent's main module again in every child, cannot be used in a process that was forked after
it began (Celery's are), and tells neither how a child ended nor how much memory it took.
"""

from __future__ import annotations

import array
import atexit
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from ocrportal.errors import (
    IngestError,
    NeedsTooMuchMemory,
    NeedsTooMuchTime,
    ReaderCrashed,
    restore,
)
from ocrportal.ingest.base import (
    DEFAULT_PREPROCESSING,
    Limits,
    PageImage,
    PageSource,
    Preprocessing,
    check_page_number,
)
from ocrportal.ingest.sandbox import wire as wire
from ocrportal.ingest.sandbox.reader import END, ORDER, READY, open_file
from ocrportal.ingest.sniff.file_type import Format

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")


_START_SECONDS = 60
"""For the template's imports, on a machine that is busy with its first jobs."""
_END_SECONDS = 10
"""For the kernel to end a process that was killed."""
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
"""What the readers' processes know of ours: above all, no keys."""
_OUT_OF_MEMORY_SIGNALS = (signal.SIGABRT, signal.SIGILL, signal.SIGTRAP, signal.SIGSEGV)
"""How libraries end that do not expect to be refused memory."""


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
    """Open a file, sniffed as ``fmt``, as :func:`ocrportal.ingest.pages.open_pages` does.

    ``seconds`` is for the opening and for each page. Raises what ``open_pages`` raises, and
    NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed, here and for any single page.
    """
    return IsolatedPages(
        open_file, (path, fmt, limits, password, preprocessing), memory_mb, seconds
    )


def call_isolated(
    function: Callable[..., _Result], *arguments: Any, memory_mb: int, seconds: float
) -> _Result:
    """What ``function`` returns, which is importable by its name, or a ``partial`` of such.

    It returns plain values, paths or dataclasses of the portal. Raises the IntakeErrors it
    raises, and NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed.
    """
    child = _Child(memory_mb)
    try:
        # Which kind it is, only the caller's types know.
        return cast("_Result", child.ask("call", (function, arguments), seconds, object))
    finally:
        child.end()


class IsolatedPages:
    """A PageSource whose file is read in another process.

    When that has come to a bad end over one page, the next page is read by a new one.
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
        self._child, self.page_count = self._open()

    def _open(self) -> tuple[_Child, int]:
        child = _Child(self._memory_mb)
        try:
            return child, child.ask("open", self._opening, self._seconds, int)
        except BaseException:
            child.end()
            raise

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        if self._child.ended:
            self._child, _ = self._open()
        return self._child.ask("page", (number,), self._seconds, PageImage)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.end()


class _Child:
    """A process for one source, as the worker sees it."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._work, work = socket.socketpair()
        self._end, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.ended = False
        try:
            with work, end:
                _template().start_child(memory_mb * 2**20, work, end)
        except BaseException:
            self._close()
            raise

    def ask(
        self, verb: str, arguments: tuple[Any, ...], seconds: float, kind: type[_Result]
    ) -> _Result:
        """The answer to one request. After an end by force nothing more can be asked."""
        deadline = time.monotonic() + seconds
        try:
            self._work.settimeout(seconds)
            wire.send(self._work, {}, [pickle.dumps((verb, arguments, seconds))])
            answer, blobs = wire.receive(self._work, self._memory_mb * 2**20, deadline)
            value = wire.unpack(answer, blobs) if "value" in answer else self._failure(answer)
        except TimeoutError as error:
            self.end()
            raise NeedsTooMuchTime(seconds=_rounded(seconds)) from error
        except (wire.Ended, ConnectionError) as error:
            raise self._explained(seconds) from error
        except BaseException:  # such as the time limit of a task
            self.end()
            raise
        if isinstance(value, Exception):
            raise value
        if not isinstance(value, kind):
            self.end()
            raise ReaderCrashed
        return value

    def _failure(self, answer: dict[str, Any]) -> Exception:
        match answer:
            case {"code": str(code), "params": dict(params)}:
                error = restore(code, params)
                if isinstance(error, IngestError):
                    return error
            case {"missing": name}:
                return FileNotFoundError(name)
            case {"out_of_memory": True}:
                self.end()
                return NeedsTooMuchMemory(limit_mb=self._memory_mb)
            case {"unforeseen": str(where)}:
                logger.error("A reader failed in an unforeseen way:\n%s", where)
        self.end()
        return ReaderCrashed()

    def _explained(self, seconds: float) -> IngestError:
        """Why it ended by itself, or else sends nonsense and ends now."""
        status, memory = self.end()
        if os.WIFSIGNALED(status):
            sign = os.WTERMSIG(status)
            if sign == signal.SIGXCPU:
                return NeedsTooMuchTime(seconds=_rounded(seconds))
            if sign in _OUT_OF_MEMORY_SIGNALS and memory > self._memory_mb * 2**20 / 2:
                return NeedsTooMuchMemory(limit_mb=self._memory_mb)
        return ReaderCrashed()

    def end(self) -> tuple[int, int]:
        """End it, and wait for that: its status, and the most memory it had."""
        status, memory = 0, 0
        if not self.ended:
            self._end.settimeout(_END_SECONDS)
            try:
                # No message: one left unread would keep the status from coming back.
                self._end.shutdown(socket.SHUT_WR)
                if told := self._end.recv(END.size):  # or else the template is gone as well
                    status, memory = END.unpack(told)
            except OSError:
                # It hangs in the kernel. It is not waited for any longer.
                logger.warning("A reader that was killed does not end.")
            self._close()
        return status, memory

    def _close(self) -> None:
        self.ended = True
        self._work.close()
        self._end.close()


def _rounded(seconds: float) -> int | float:
    return int(seconds) if seconds == int(seconds) else round(seconds, 1)


class _Template:
    """The process that forks; see isolated_reader.py."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start_child(self, memory: int, *sockets: socket.socket) -> None:
        """Have a child started that owns the other ends of these sockets."""
        numbers = array.array("i", [end.fileno() for end in sockets])
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)]
        with self._lock:
            if self._control is None:
                self._control = self._start()
            try:
                self._control.sendmsg([ORDER.pack(memory)], rights)
            except ConnectionError:  # somebody has ended it
                self._stop()
                self._control = self._start()
                self._control.sendmsg([ORDER.pack(memory)], rights)

    def _start(self) -> socket.socket:
        control, orders = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).parents[3])
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
            # A thread each would not survive the fork, and its stack would count as memory.
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }
        with orders:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ocrportal.ingest.sandbox.reader"],
                stdin=orders.fileno(),
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        control.settimeout(_START_SECONDS)
        try:
            if control.recv(len(READY)) == READY:
                control.settimeout(None)
                return control
        except OSError:
            pass
        control.close()
        self._stop()
        raise RuntimeError("The process that reads files does not start; see its output above.")

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it, and every child with it."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a process forked from the one it belongs to: it would not end while we live."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # not ours to wait for


_current = _Template()


def _template() -> _Template:
    return _current


def _renew() -> None:
    global _current  # one for each process, by its nature
    _current.forget()
    _current = _Template()


os.register_at_fork(after_in_child=_renew)
atexit.register(lambda: _current.stop())
