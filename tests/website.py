"""A small web server with scripted answers, including invalid ones, that counts its visits."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Answer = Callable[[socket.socket], None]


class Website:
    """Listens on one IP address. ``answers`` maps paths to responses."""

    def __init__(self, number: str, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        self._listener = socket.create_server((number, port), family=family)
        self._tls = tls
        self.number = number
        self.port: int = self._listener.getsockname()[1]
        self.answers: dict[str, Answer] = {}
        self.visits = 0
        """The number of connections, with or without a request."""
        self.requests: list[str] = []
        """The heads of all requests."""
        self._visitors: list[threading.Thread] = []
        self._open = threading.Thread(target=self._welcome)
        self._open.start()

    def address(self, path: str = "/", host: str = "") -> str:
        return f"{'https' if self._tls else 'http'}://{host or self.number}:{self.port}{path}"

    def close(self) -> None:
        # Only this ends a blocking accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._open, *self._visitors):
            thread.join()

    def _welcome(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.visits += 1
            thread = threading.Thread(target=self._serve, args=[visitor])
            self._visitors.append(thread)
            thread.start()

    def _serve(self, visitor: socket.socket) -> None:
        # A client may close the connection at any time.
        with visitor, suppress(OSError):
            if self._tls is None:
                self._talk(visitor)
            else:
                with self._tls.wrap_socket(visitor, server_side=True) as secured:
                    self._talk(secured)

    def _talk(self, visitor: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = visitor.recv(65536)
            if not received:
                return
            head += received
        self.requests.append(head.decode())
        path = head.split()[1].decode().partition("?")[0]
        self.answers.get(path, page(b"", status="404 Not Found"))(visitor)


@contextmanager
def website(number: str, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Website]:
    """A website that is closed at the end of the context."""
    site = Website(number, port, tls)
    try:
        yield site
    finally:
        site.close()


def raw(*parts: bytes) -> Answer:
    """Sends exactly these bytes and closes the connection."""

    def answer(visitor: socket.socket) -> None:
        visitor.sendall(b"".join(parts))

    return answer


def page(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """A valid response."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return raw("\r\n".join(head).encode(), b"\r\n\r\n", body)


def redirect(location: str, status: str = "302 Found") -> Answer:
    return page(b"", f"Location: {location}", status=status)


def again_and_again(start: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """Sends ``piece`` every ``pause`` seconds until the client closes the connection."""

    def answer(visitor: socket.socket) -> None:
        visitor.sendall(start)
        never = threading.Event()
        while not never.wait(pause):
            visitor.sendall(piece)

    return answer


def silence(visitor: socket.socket) -> None:
    """Sends nothing until the client closes the connection."""
    visitor.recv(1)


def after(seconds: float, answer: Answer) -> Answer:
    """Answers after a delay."""

    def answer_late(visitor: socket.socket) -> None:
        threading.Event().wait(seconds)
        answer(visitor)

    return answer_late


class CertificateFiles(NamedTuple):
    certificate: Path
    key: Path


def write_certificate(folder: Path, name: str) -> CertificateFiles:
    """A self-signed certificate for a host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = CertificateFiles(folder / "certificate.pem", folder / "key.pem")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
