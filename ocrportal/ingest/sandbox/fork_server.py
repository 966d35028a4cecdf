"""The worker's side of the fork server, which starts a process for each file to be read.

Starting a new interpreter for each file would take hundreds of milliseconds for its imports,
and forking the worker would copy the locks of its threads, its connections and its models.
So each worker starts one server process (server.py) that has imported all readers and forks.

The standard library's forkserver is not used: it runs the parent's main module again in every
child, cannot be used in a process that was forked after it was started (as Celery's are), and
reports neither how a child exited nor its peak memory.
"""

from __future__ import annotations

import array
import atexit
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from ocrportal.ingest.sandbox.wire import FORK, READY

_START_SECONDS = 60
"""For the imports of the server, on a machine that is busy with its first jobs."""
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
"""The variables that readers inherit; above all, no keys."""


class ForkServer:
    """The worker's handle of its fork server, which is started at the first request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start_reader(self, memory: int, *sockets: socket.socket) -> None:
        """Fork a reader that gets these sockets; ``memory`` is its limit in bytes."""
        numbers = array.array("i", [end.fileno() for end in sockets])
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)]
        with self._lock:
            if self._control is None:
                self._control = self._start()
            try:
                self._control.sendmsg([FORK.pack(memory)], rights)
            except ConnectionError:  # the server has exited
                self._stop()
                self._control = self._start()
                self._control.sendmsg([FORK.pack(memory)], rights)

    def _start(self) -> socket.socket:
        control, requests = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).parents[3])
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
            # Threads do not survive a fork, and their stacks would count as memory.
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }
        with requests:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ocrportal.ingest.sandbox.server"],
                stdin=requests.fileno(),
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
        """Kill the server and all of its readers."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Close the connection in a forked worker: an open one would keep the server alive."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # only its parent can wait for it


_current = ForkServer()


def fork_server() -> ForkServer:
    """The fork server of this process."""
    return _current


def _renew() -> None:
    global _current  # each forked worker needs its own
    _current.forget()
    _current = ForkServer()


os.register_at_fork(after_in_child=_renew)
atexit.register(lambda: _current.stop())
