"""Fetches a file from an http or https address, within limits of place, size and time.

address_guard.py resolves a host once, the socket is connected to exactly these addresses, and
TLS and the ``Host`` header use the name. The time limit also covers the TLS handshake and
responses that arrive byte by byte. http.client accepts such a connected socket. urllib3 does
not without overriding a private method, is slower for this (chunked by 15%), and its decoder
accepts a truncated gzip stream. Proxies of the environment are not used, since the guard could
not check the addresses that they connect to.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import collapse_rfc2231_value
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import unquote, urljoin

import certifi

from ocrportal.errors.ingest import (
    AddressGivesNothing,
    AddressTooSlow,
    AddressUnreachable,
    AlreadyText,
    BadAddress,
    FileTooLarge,
)
from ocrportal.ingest.fetch.address_guard import Address, check_address, resolve
from ocrportal.ingest.sniff.file_type import Format, sniff

_MAX_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_CONNECT_SECONDS = 10
"""For one address of a host, before the next one is tried."""
_PIECE_BYTES = 64 * 1024
_HEADERS = {"User-Agent": "OCR-Portal", "Accept": "*/*", "Accept-Encoding": "identity"}
_MAX_NAME = 255
_GZIP = {"gzip", "x-gzip"}
_GZIP_FORMAT = 16 + zlib.MAX_WBITS  # zlib's value for a gzip header


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that was fetched."""

    file: BinaryIO
    """A temporary file at position 0, deleted when it is closed."""
    name: str
    """A label: the name sent by the server, else the last part of the path, else the host."""
    format: Format


def fetch(
    url: str,
    *,
    max_bytes: int,
    max_seconds: float,
    internal_hosts: Sequence[str],
    folder: Path,
) -> FetchedFile:
    """Fetch a file into a temporary file in ``folder``.

    ``max_seconds`` covers all redirects together; only DNS queries have the time limit of the
    system instead. For ``internal_hosts`` see address_guard.check_address.

    Raises BadAddress, AddressRefused, AddressUnreachable, AddressTooSlow, FileTooLarge,
    AddressGivesNothing if the response is an error, empty or a web page, and the errors of
    :func:`~ocrportal.ingest.sniff.file_type.sniff`.
    """
    address = check_address(url, internal_hosts)
    deadline = _Deadline(max_seconds)
    for _hop in range(_MAX_REDIRECTS + 1):
        with ExitStack() as connection:
            response = _request(address, internal_hosts, deadline, connection)
            location = response.getheader("Location")
            if response.status in _REDIRECTS and location:
                following = _follow(address, location, response.status, internal_hosts)
            else:
                return _receive(response, address, deadline, max_bytes, folder)
        address = following
    raise AddressGivesNothing(host=address.host, answer=f"HTTP {response.status}")


class _Deadline:
    """A time limit that also ends connections that deliver a byte now and then."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        return max(0.0, self._ends - time.monotonic())

    def check(self, host: str) -> None:
        if not self.remaining:
            raise AddressTooSlow(host=host, seconds=round(self._seconds))

    @contextmanager
    def closes(self, connection: socket.socket) -> Iterator[None]:
        """Shut the connection down at the deadline, which ends a blocking read."""
        # A duplicate, since TLS detaches the original socket.
        with connection.dup() as handle:
            timer = threading.Timer(self.remaining, self._shut, [handle])
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()

    def _shut(self, handle: socket.socket) -> None:
        self._ends = min(self._ends, time.monotonic())  # a timer can fire slightly early
        with suppress(OSError):  # the server has closed it
            handle.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def translates(self, host: str) -> Iterator[None]:
        """Translate network errors to AddressTooSlow or AddressUnreachable."""
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            self.check(host)
            raise AddressUnreachable(host=host) from error


def _request(
    address: Address,
    internal_hosts: Sequence[str],
    deadline: _Deadline,
    connection: ExitStack,
) -> http.client.HTTPResponse:
    """Send the request and return the response; both are closed with ``connection``."""
    plain = connection.enter_context(_connect(address, internal_hosts, deadline))
    connection.enter_context(deadline.closes(plain))
    with deadline.translates(address.host):
        client = http.client.HTTPConnection(address.host, address.port)
        connection.enter_context(closing(client))
        client.sock = _secured(plain, address.host) if address.scheme == "https" else plain
        client.request("GET", address.target, headers=_HEADERS | {"Host": address.netloc})
        return connection.enter_context(client.getresponse())


def _connect(address: Address, internal_hosts: Sequence[str], deadline: _Deadline) -> socket.socket:
    refusal: OSError | None = None
    for ip in resolve(address, internal_hosts):
        deadline.check(address.host)
        try:
            connection = socket.create_connection(
                (str(ip), address.port), min(_CONNECT_SECONDS, deadline.remaining)
            )
        except OSError as error:
            refusal = error
            continue
        connection.settimeout(None)  # from here on the deadline applies
        return connection
    deadline.check(address.host)
    raise AddressUnreachable(host=address.host) from refusal


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()  # the certificates of this machine
    context.load_verify_locations(certifi.where())
    return context.wrap_socket(plain, server_hostname=host)


def _follow(address: Address, location: str, status: int, internal_hosts: Sequence[str]) -> Address:
    try:
        return check_address(urljoin(address.url, _in_unicode(location)), internal_hosts)
    except (ValueError, BadAddress) as error:
        # The address of the user is valid; the address sent by the server is not.
        raise AddressGivesNothing(host=address.host, answer=f"HTTP {status}") from error


def _receive(
    response: http.client.HTTPResponse,
    address: Address,
    deadline: _Deadline,
    max_bytes: int,
    folder: Path,
) -> FetchedFile:
    if response.status != http.client.OK:
        raise AddressGivesNothing(host=address.host, answer=f"HTTP {response.status}")
    pieces: Iterable[bytes] = _pieces(response, address.host, deadline)
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding in _GZIP:  # sent although the request forbids it
        pieces = _decompressed(pieces, address.host)
    elif encoding != "identity":
        raise AddressGivesNothing(host=address.host, answer=f"Content-Encoding: {encoding[:20]}")
    with ExitStack() as undo:
        file: BinaryIO = undo.enter_context(TemporaryFile(dir=folder))
        size = response.length or 0
        if size > max_bytes or not _write(pieces, file, max_bytes):
            raise FileTooLarge(limit_mb=max_bytes // (1024 * 1024))
        file_format = _format(file, address.host)
        undo.pop_all()
    return FetchedFile(file=file, name=_name(response, address), format=file_format)


def _pieces(response: http.client.HTTPResponse, host: str, deadline: _Deadline) -> Iterator[bytes]:
    announced, received = response.length, 0
    while True:
        with deadline.translates(host):
            piece = response.read1(_PIECE_BYTES)
        deadline.check(host)  # a shut-down connection looks like the end of the file
        if not piece:
            break
        received += len(piece)
        yield piece
    if announced is not None and received < announced:
        raise AddressUnreachable(host=host)


def _decompressed(pieces: Iterable[bytes], host: str) -> Iterator[bytes]:
    """Decompress gzip in small pieces, so that a bomb does not fill the memory."""
    unpack = zlib.decompressobj(_GZIP_FORMAT)
    for piece in pieces:
        rest = piece
        while rest and not unpack.eof:
            try:
                yield unpack.decompress(rest, _PIECE_BYTES)
            except zlib.error as error:
                raise AddressUnreachable(host=host) from error
            rest = unpack.unconsumed_tail
        if unpack.eof:
            return
    yield unpack.flush()
    if not unpack.eof:
        raise AddressUnreachable(host=host)


def _write(pieces: Iterable[bytes], file: BinaryIO, max_bytes: int) -> bool:
    """Write all pieces; returns False as soon as they exceed ``max_bytes``."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            return False
        file.write(piece)
    return True


def _format(file: BinaryIO, host: str) -> Format:
    if not file.tell():
        raise AddressGivesNothing(host=host, answer="0 bytes")
    try:
        return sniff(file)
    except AlreadyText as error:
        if error.params["kind"] != "HTML":
            raise
        # A page that shows the picture, or a sign-in form.
        raise AddressGivesNothing(host=host, answer="HTML") from error


def _name(response: http.client.HTTPResponse, address: Address) -> str:
    base = re.split(r"[\\/]", _sent_name(response))[-1] or address.name
    shown = "".join(character for character in base if character.isprintable()).strip()
    return shown[:_MAX_NAME] or address.host


def _sent_name(response: http.client.HTTPResponse) -> str:
    """The file name in ``Content-Disposition``, as in RFC 6266 or as servers write it."""
    parameters = response.headers.get_params(header="content-disposition") or []
    names = [value for key, value in parameters if key == "filename"]
    # filename*=UTF-8''… is a tuple, and is preferred where both are sent.
    names.sort(key=lambda value: isinstance(value, tuple))
    if not names:
        return ""
    name = names[-1]
    return collapse_rfc2231_value(name) if isinstance(name, tuple) else unquote(_in_unicode(name))


def _in_unicode(header: str) -> str:
    """Decode a non-ASCII header, which http.client has decoded as Latin-1."""
    raw = header.encode("latin-1", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
