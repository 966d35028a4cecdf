"""A process that reads one file: it sets its own limits and then serves requests."""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import socket
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocrportal.errors.ingest import IngestError
from ocrportal.ingest.base import Limits, PageSource, Preprocessing
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sandbox.wire import ConnectionClosed, pack, receive, send
from ocrportal.ingest.sniff.file_type import Format

_PR_SET_PDEATHSIG = 1
_MAX_FILES = 64
_MAX_REQUEST = 2**20


def open_file(
    path: Path, fmt: Format, limits: Limits, password: str | None, preprocessing: Preprocessing
) -> PageSource:
    """Open a file by its path; it is closed when the process exits."""
    return open_pages(path.open("rb"), fmt, limits, password, preprocessing)


def set_limits(memory: int) -> None:
    """Limit this process, and have it killed together with its parent.

    ``memory`` is in bytes, on top of what is mapped already; it also limits written files.
    """
    os.setsid()
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent or parent == 1:
        os._exit(0)
    with suppress(OSError):  # some containers forbid it
        # If the machine runs out of memory, this process is killed before a worker is.
        Path("/proc/self/oom_score_adj").write_text("1000")
    pages_mapped = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages_mapped * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))


def serve(requests: socket.socket) -> None:
    """Answer requests one after the other until the worker closes the connection."""
    source: PageSource | None = None
    while True:
        try:
            _, (request,) = receive(requests, _MAX_REQUEST)
        except ConnectionClosed:
            return
        verb, arguments, seconds = pickle.loads(request)  # noqa: S301  # sent by the worker
        _limit_processor(seconds)
        try:
            match verb:
                case "open":
                    source = _call(*arguments)
                    send(requests, *pack(source.page_count))
                case "page":
                    assert source is not None
                    send(requests, *pack(source.read_page(*arguments)))
                case "call":
                    send(requests, *pack(_call(*arguments)))
        except IngestError as error:
            send(requests, {"code": error.code, "params": error.params})
        except MemoryError:
            send(requests, {"out_of_memory": True})
            return
        except FileNotFoundError as error:
            send(requests, {"missing": str(error.filename)})
        except Exception as error:  # noqa: BLE001  # the worker logs it
            # Without its text, which might quote the file.
            where = "".join(traceback.format_tb(error.__traceback__))
            send(requests, {"unexpected": f"{where}{type(error).__name__}"})


def _call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(*arguments)


def _limit_processor(seconds: float) -> None:
    """Limit the processor time, in case the worker that enforces the deadline has stopped."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    threads = os.cpu_count() or 1
    allowed = int(used.ru_utime + used.ru_stime + (seconds + 1) * threads) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))
