"""The sockets and threads of the test cloud."""

from __future__ import annotations

import datetime as dt
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes.cloud.faults import ConnectionCut
from tests.fakes.cloud.request import Answer, Request

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Listener:
    """Passes each request to ``answer``, with one thread per connection."""

    def __init__(
        self,
        port: int,
        answer: Callable[[Request], Answer],
        today: Callable[[], dt.datetime],
    ) -> None:
        """``today`` provides the ``Date`` header of the responses."""
        self._server = _Server(("127.0.0.1", port), answer, today)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close all connections and end all threads."""
        self._server.shutdown()
        self._server.cut_connections()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[Request], Answer],
        today: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(address, _Handler)
        self.answer, self.today = answer, today
        self.connections: set[socket.socket] = set()
        self.lock = threading.Lock()

    def cut_connections(self) -> None:
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client has closed it already
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore closed connections and report all other errors."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body are sent together and without delay.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections.add(self.connection)

    def finish(self) -> None:
        with self.server.lock:
            self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.server.today(), usegmt=True)

    def log_message(self, *_: Any) -> None:
        """Log nothing; the ledger has all requests."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self.server.answer(
                Request(self.command, self.path, dict(self.headers.items()), body)
            )
        except ConnectionCut:
            self._reset()
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: answer.sent_bytes])
        if answer.sent_bytes is not None:
            self.close_connection = True

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        with self.server.lock:
            self.server.connections.discard(self.connection)
            os.close(self.connection.detach())
