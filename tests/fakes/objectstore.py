"""A real object store, `rclone serve s3` on a folder, and a proxy that delays or cuts responses."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ocrportal.ingest.fetch.store import Store

RCLONE = Path(sys.executable).parent / "rclone"
ACCESS_KEY, SECRET_KEY = "AKTESTS", "secretkeyofthetests"
READY_SECONDS = 60
_PIECE_BYTES = 65536


class ObjectStore:
    """Serves the folders in ``folder`` as buckets, and their files as objects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder.with_suffix(".log")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    RCLONE,
                    *("serve", "s3", str(folder), "--addr", f"127.0.0.1:{self.port}"),
                    # Tests put files into the folder themselves; at 0 deleting becomes very slow.
                    *("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--dir-cache-time", "1ms"),
                    *("--config", str(folder.with_suffix(".conf"))),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def put(self, key: str, content: bytes) -> None:
        """Store an object under a bucket and key."""
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def store(self, endpoint: str = "", **changes: object) -> Store:
        """A valid access key, for the direct address or another one."""
        facts = {
            "endpoint": endpoint or self.url,
            "region": "cn-north-4",
            "access_key": ACCESS_KEY,
            "secret_key": SECRET_KEY,
            "internal_hosts": ("127.0.0.1",),
        }
        return Store(**(facts | changes))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _wait(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """A store that runs until the end of the context."""
    folder.mkdir()
    running = ObjectStore(folder)
    try:
        yield running
    finally:
        running.stop()


class Way:
    """A TCP proxy to ``port`` that counts requests and delays or cuts responses."""

    def __init__(
        self,
        port: int,
        *,
        delay: float = 0.0,
        cut_after: int | None = None,
        headers_only: bool = False,
    ) -> None:
        """Wait ``delay`` seconds before each piece and cut the response after ``cut_after`` bytes.

        With ``headers_only`` the response is cut where its body begins.
        """
        self._target = port
        self._delay = delay
        self._cut_after = cut_after
        self._headers_only = headers_only
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent = b""
        """All bytes of all requests."""
        self._closed = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._welcome)]
        self._threads[0].start()

    @property
    def requests(self) -> int:
        """The number of requests, retries included."""
        return self.sent.count(b" HTTP/1.1\r\n")

    def wait_for_requests(self, count: int) -> None:
        """Wait until ``count`` requests have arrived: the client may give up before that."""
        ends = time.monotonic() + READY_SECONDS
        while self.requests < count and time.monotonic() < ends:
            time.sleep(0.01)

    def close(self) -> None:
        self._closed.set()
        # Clients keep connections open for later requests.
        for side in self._open:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _welcome(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:  # closed
                return
            self._threads.append(threading.Thread(target=self._serve, args=[visitor]))
            self._threads[-1].start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor, socket.create_connection(("127.0.0.1", self._target)) as target:
            self._open += [visitor, target]
            there = threading.Thread(target=self._ask, args=[visitor, target])
            there.start()
            with suppress(OSError):  # the client has closed the connection
                self._answer(target, visitor)
            for side in (visitor, target):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
            there.join()

    def _ask(self, visitor: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := visitor.recv(_PIECE_BYTES):
                self.sent += piece
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def _answer(self, target: socket.socket, visitor: socket.socket) -> None:
        left = self._cut_after
        while piece := target.recv(_PIECE_BYTES if left is None else min(_PIECE_BYTES, left)):
            if self._closed.wait(self._delay):
                return
            if self._headers_only:
                headers, end_of_headers, _body = piece.partition(b"\r\n\r\n")
                visitor.sendall(headers + end_of_headers)
                if end_of_headers:
                    return
                continue
            visitor.sendall(piece)
            if left is not None:
                left -= len(piece)
                if not left:
                    return


@contextmanager
def way_to(port: int, **faults: float) -> Iterator[Way]:
    """A proxy that runs until the end of the context."""
    way = Way(port, **faults)
    try:
        yield way
    finally:
        way.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
