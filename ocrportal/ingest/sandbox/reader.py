"""The other side of :mod:`ocrportal.ingest.sandbox.isolation`: processes that read users' files.

Run as a module it becomes a template: a process of a single thread that has imported all
readers. For each request it forks a child, which begins to read within milliseconds, sets
itself limits, and serves one source. The template reaps the children and tells how they
ended. It reads nothing a user gave, and ends when the worker's end of its socket closes.
"""

from __future__ import annotations

import array
import ctypes
import functools
import gc
import os
import pickle
import resource
import selectors
import signal
import socket
import struct
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

from ocrportal.errors import IngestError
from ocrportal.ingest.base import Limits, PageSource, Preprocessing
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sandbox.wire import Ended, pack, receive, send
from ocrportal.ingest.sniff.file_type import Format

ORDER = struct.Struct("!Q")
"""Bytes of memory for the child. Its two sockets come along: for work, for its end."""
END = struct.Struct("!iQ")
"""How a child ended: its status as ``waitpid`` tells it, and the most memory it had."""
READY = b"ready"

_PR_SET_PDEATHSIG = 1
_MAX_FILES = 64
_MAX_REQUEST = 2**20


def open_file(
    path: Path, fmt: Format, limits: Limits, password: str | None, preprocessing: Preprocessing
) -> PageSource:
    """Open a file by its path; it is closed when the process ends."""
    return open_pages(path.open("rb"), fmt, limits, password, preprocessing)


class _Template:
    """Forks on request, one child after the other, and reaps them."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, socket.socket] = {}
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._events = selectors.DefaultSelector()
        self._events.register(control, selectors.EVENT_READ, self._start_child)
        self._events.register(self._woken, selectors.EVENT_READ, self._reap)

    def run(self) -> None:
        self._control.send(READY)
        while True:
            for key, _ in self._events.select():
                key.data()

    def _start_child(self) -> None:
        order, ancillary, _, _ = self._control.recvmsg(ORDER.size, socket.CMSG_SPACE(8))
        if not order:
            # Children are told of this by the kernel.
            os._exit(0)
        numbers = array.array("i")
        numbers.frombytes(ancillary[0][2])
        work, end = (socket.socket(fileno=number) for number in numbers)
        pid = os.fork()
        if pid == 0:
            self._become_child(work, end, *ORDER.unpack(order))
        work.close()
        self._children[pid] = end
        self._events.register(end, selectors.EVENT_READ, functools.partial(self._kill, pid))

    def _become_child(self, work: socket.socket, end: socket.socket, memory: int) -> None:
        """Never returns: whatever happens, this is not a second template."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._events.close()
            os.close(self._woken)
            os.close(self._waker)
            os.dup2(1, 0)  # instead of the template's orders
            for other in (end, *self._children.values()):
                other.close()
            _limit_child(memory)
            _serve(work)
        finally:
            os._exit(0)

    def _kill(self, pid: int) -> None:
        """The worker has closed its side, or asks for it: it wants no more of this child."""
        if pid in self._children:  # not reaped a moment ago
            self._events.unregister(self._children[pid])
            _kill_all_of(pid)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        # Until it is reaped, its number can stand for nothing else.
        while self._children and (ended := os.waitid(os.P_ALL, 0, _LOOK_ONLY)) is not None:
            _kill_all_of(ended.si_pid)
            pid, status, usage = os.wait4(ended.si_pid, 0)
            end = self._children.pop(pid)
            with suppress(KeyError):
                self._events.unregister(end)
            with suppress(OSError):  # nobody waits for it any more
                end.send(END.pack(status, usage.ru_maxrss * 1024))
            end.close()


_LOOK_ONLY = os.WEXITED | os.WNOHANG | os.WNOWAIT


def _kill_all_of(pid: int) -> None:
    """End a child that is not reaped yet, and what it may have started."""
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it had no time to make a group of its own
        os.killpg(pid, signal.SIGKILL)


def _limit_child(memory: int) -> None:
    os.setsid()
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent or parent == 1:
        os._exit(0)
    with suppress(OSError):  # not every container lets write there
        # If memory runs out on the machine, this process goes first, not a worker.
        Path("/proc/self/oom_score_adj").write_text("1000")
    pages_mapped = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages_mapped * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))


def _serve(work: socket.socket) -> None:
    """Do what is asked, one after the other, until nobody asks any more."""
    source: PageSource | None = None
    while True:
        try:
            _, (request,) = receive(work, _MAX_REQUEST)
        except Ended:
            return
        verb, arguments, seconds = pickle.loads(request)  # noqa: S301  # the worker's own
        _limit_processor(seconds)
        try:
            match verb:
                case "open":
                    source = _call(*arguments)
                    send(work, *pack(source.page_count))
                case "page":
                    assert source is not None
                    send(work, *pack(source.read_page(*arguments)))
                case "call":
                    send(work, *pack(_call(*arguments)))
        except IngestError as error:
            send(work, {"code": error.code, "params": error.params})
        except MemoryError:
            send(work, {"out_of_memory": True})
            return
        except FileNotFoundError as error:
            send(work, {"missing": str(error.filename)})
        except Exception as error:  # noqa: BLE001  # it is raised anew, and logged, by the worker
            # Without its text, which might quote the file.
            where = "".join(traceback.format_tb(error.__traceback__))
            send(work, {"unforeseen": f"{where}{type(error).__name__}"})


def _call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(*arguments)


def _limit_processor(seconds: float) -> None:
    """The worker keeps the time. This is for a worker that has come to a stop itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    threads = os.cpu_count() or 1
    allowed = int(used.ru_utime + used.ru_stime + (seconds + 1) * threads) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))


def main() -> None:
    """Become the template; its orders come through standard input."""
    # Sent to all of a group when the portal is stopped. The worker finishes its pages and
    # needs its readers until then; its end is theirs.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Decoders of several formats write their complaints here.
    with Path(os.devnull).open("r+b") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    Image.init()  # Pillow's formats, which it would import anew in every child
    gc.freeze()
    _Template(socket.socket(fileno=0)).run()


if __name__ == "__main__":
    main()
