"""The fork server: a single-threaded process that has imported all readers.

It is run as a module by :mod:`ocrportal.ingest.sandbox.fork_server`. For each request it forks a
reader, which starts to work within milliseconds. It reaps the readers and reports how they
exited. It reads no user's file, and exits when the worker closes its end of the connection.
"""

from __future__ import annotations

import array
import functools
import gc
import os
import selectors
import signal
import socket
from contextlib import suppress
from pathlib import Path

from PIL import Image

from ocrportal.ingest.sandbox.reader import serve, set_limits
from ocrportal.ingest.sandbox.wire import EXITED, FORK, READY


class _Server:
    """Forks readers on request and reaps them."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._readers: dict[int, socket.socket] = {}
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._events = selectors.DefaultSelector()
        self._events.register(control, selectors.EVENT_READ, self._start_reader)
        self._events.register(self._woken, selectors.EVENT_READ, self._reap)

    def run(self) -> None:
        self._control.send(READY)
        while True:
            for key, _ in self._events.select():
                key.data()

    def _start_reader(self) -> None:
        request, ancillary, _, _ = self._control.recvmsg(FORK.size, socket.CMSG_SPACE(8))
        if not request:
            # The kernel kills the readers with this process.
            os._exit(0)
        numbers = array.array("i")
        numbers.frombytes(ancillary[0][2])
        requests, exit_ = (socket.socket(fileno=number) for number in numbers)
        pid = os.fork()
        if pid == 0:
            self._become_reader(requests, exit_, *FORK.unpack(request))
        requests.close()
        self._readers[pid] = exit_
        self._events.register(exit_, selectors.EVENT_READ, functools.partial(self._kill, pid))

    def _become_reader(self, requests: socket.socket, exit_: socket.socket, memory: int) -> None:
        """Serve requests in the forked process; never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._events.close()
            os.close(self._woken)
            os.close(self._waker)
            os.dup2(1, 0)  # replaces the connection to the worker
            for other in (exit_, *self._readers.values()):
                other.close()
            set_limits(memory)
            serve(requests)
        finally:
            os._exit(0)

    def _kill(self, pid: int) -> None:
        """Kill a reader whose worker has closed its end of the connection."""
        if pid in self._readers:  # not reaped meanwhile
            self._events.unregister(self._readers[pid])
            _kill_group(pid)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        # Until a process is reaped, its id is not used again.
        while self._readers and (exited := os.waitid(os.P_ALL, 0, _LOOK_ONLY)) is not None:
            _kill_group(exited.si_pid)
            pid, status, usage = os.wait4(exited.si_pid, 0)
            exit_ = self._readers.pop(pid)
            with suppress(KeyError):
                self._events.unregister(exit_)
            with suppress(OSError):  # the worker has closed it
                exit_.send(EXITED.pack(status, usage.ru_maxrss * 1024))
            exit_.close()


_LOOK_ONLY = os.WEXITED | os.WNOHANG | os.WNOWAIT


def _kill_group(pid: int) -> None:
    """Kill a reader that is not reaped yet, and the processes it has started."""
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it has not created its group yet
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Serve the connection that is passed as standard input."""
    # The whole process group gets these when the portal is stopped, but the worker needs its
    # readers to finish its pages. This process exits with the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Several decoders write warnings to these.
    with Path(os.devnull).open("r+b") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    Image.init()  # imports Pillow's formats once instead of in every reader
    gc.freeze()
    _Server(socket.socket(fileno=0)).run()


if __name__ == "__main__":
    main()
