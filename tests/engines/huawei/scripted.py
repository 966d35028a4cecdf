"""A small HTTP server on loopback with scripted responses, and a token store in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from ocrportal.engines.cloud import Token

READ = {"result": {"words_block_count": 0, "words_block_list": []}}
"""The answer of general-text to a page without text."""
SIGNED_IN = {
    "token": {"expires_at": "2030-01-04T09:05:22.701000Z", "project": {"id": "project-of-token"}}
}


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Canned:
    """One response: JSON unless ``body`` is bytes; ``send`` writes it itself."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Callers that hang up are what some tests are about."""


class ScriptedCloud:
    """Answers calls with ``answers`` one after the other, the last one for ever.

    Sign-ins have a list of their own; a plain GET of the root is answered with 404, as a
    gateway does, and not written down.
    """

    def __init__(self) -> None:
        self.answers: list[Canned] = [Canned(200, READ, {"X-Request-Id": "request-1"})]
        self.sign_ins: list[Canned] = [Canned(201, SIGNED_IN, {"X-Subject-Token": "TOKEN"})]
        self.root = Canned(404, {"error_code": "APIG.0101", "error_msg": "No such API."})
        self.asked: list[Asked] = []
        self.signed_in: list[Asked] = []
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def server(self) -> ThreadingHTTPServer:
        """For tests that put TLS around its socket."""
        return self._server

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer_to(self, asked: Asked) -> Canned:
        with self._lock:
            if asked.path == "/":
                return self.root
            is_sign_in = asked.path.startswith("/v3/auth/tokens")
            (self.signed_in if is_sign_in else self.asked).append(asked)
            script = self.sign_ins if is_sign_in else self.answers
            return script.pop(0) if len(script) > 1 else script[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(self.command, self.path, self.headers, body)
                response = cloud._answer_to(asked)
                if response.send is not None:
                    self.close_connection = True
                    response.send(self)
                    return
                content = response.body if isinstance(response.body, bytes) else b""
                if content == b"" and response.body is not None and response.body != b"":
                    content = json.dumps(response.body).encode()
                self.send_response_only(response.status)
                for name, value in {"Content-Type": "application/json", **response.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # noqa: N815  # so http.server wants it

            def log_message(self, *args: object) -> None:
                """Quiet."""

        return Handler


def error(code: str, message: str, status: int = 400) -> Canned:
    """An answer as gateway and services give it."""
    return Canned(status, {"error_code": code, "error_msg": message})


def iam_error(message: str, status: int = 401) -> Canned:
    """A refusal as the token API gives it."""
    return Canned(status, {"error": {"code": status, "message": message, "title": "Refused"}})


class MemoryTokens:
    """A token store of one process."""

    def __init__(self) -> None:
        self.kept: Token | None = None

    def current(self) -> Token | None:
        return self.kept

    def renew(self, sign_in: Callable[[], Token], stale: Token | None) -> Token:
        if self.kept is None or self.kept == stale:
            self.kept = sign_in()
        return self.kept
