"""One HTTP exchange with the cloud; network failures become the portal's errors.

The credential alone determines proxy, keys and certificates. Those of the environment or a
``.netrc`` file are ignored (``trust_env``), so that the same credential behaves the same on
every machine and no other login is ever sent.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    IncompleteRead,
    NameResolutionError,
    ProxyError,
    ReadTimeoutError,
)

from ocrportal.engines.cloud import CloudAccess
from ocrportal.engines.huawei.endpoints import ocr_url
from ocrportal.errors.engine import (
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudTimeout,
    CloudUnreachable,
    CredentialRefused,
)

USER_AGENT = "ocr-portal"
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""Larger responses are refused: the largest contain a few pictures or a workbook."""
_CHUNK_BYTES = 64 * 1024
_MAX_CONNECTIONS = 32
"""Connections kept open per host; more may be open temporarily."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response of any status."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive mapping."""
    content: bytes

    @property
    def request_id(self) -> str:
        """The id under which the cloud's support finds the call; empty if missing."""
        return self.headers.get("X-Request-Id", "")

    def json(self) -> Any:
        """The decoded JSON body. Raises ValueError if it is not JSON, such as an HTML page."""
        try:
            return json.loads(self.content, parse_constant=_refuse)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def exchange(
    access: CloudAccess,
    method: str,
    url: str,
    *,
    auth: AuthBase | None = None,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Send one request with the credential's network settings; redirects are not followed.

    Raises CloudUnreachable, CloudTimeout, CloudAnswerUnreadable (the response is incomplete
    or too long), CertificateRefused and CredentialRefused (no TLS, or headers too long).
    """
    # A redirected request would no longer match its signature.
    try:
        with _session_of(access).request(
            method,
            url,
            data=body,
            headers={"Content-Type": "application/json", **(headers or {})},
            auth=auth,
            timeout=(access.connect_seconds, access.read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = _read(response, host_of(url), access.read_seconds)
            return Response(response.status_code, response.headers, content)
    except (requests.RequestException, HTTPError, OSError) as error:
        _raise_ours(error, host_of(url), host_of(access.proxy))


def host_of(url: str) -> str:
    """The host of a URL, without port and user info; the text itself if it has none."""
    return urlsplit(url).hostname or url.rpartition("@")[2]


def name_is_unknown(error: CloudUnreachable) -> bool:
    """True if the host could not be reached because its name does not resolve."""
    return _was_caused_by(error, NameResolutionError)


def _session_of(access: CloudAccess) -> requests.Session:
    try:
        return _session(access.verify_tls, access.ca_bundle, access.proxy)
    except ssl.SSLError as error:  # the CA bundle is invalid
        raise CertificateRefused(host=host_of(ocr_url(access))) from error


@lru_cache(maxsize=64)
def _session(verify_tls: bool, ca_bundle: str, proxy: str) -> requests.Session:
    """One connection pool for all credentials with the same network settings."""
    session = requests.Session()
    session.trust_env = False
    session.verify = verify_tls
    session.headers["User-Agent"] = USER_AGENT
    # A session is shared by threads and users, so it must not keep cookies.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    session.mount("http://", HTTPAdapter(pool_maxsize=_MAX_CONNECTIONS))
    session.mount("https://", _TlsAdapter(_tls(verify_tls, ca_bundle)))
    return session


def _tls(verify: bool, ca_bundle: str) -> ssl.SSLContext:
    """TLS 1.2 or later, trusting the public authorities and those of the bundle."""
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_bundle.strip():
        context.load_verify_locations(cadata=ca_bundle)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _TlsAdapter(HTTPAdapter):
    """Connects with our own TLS context, also through a proxy."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_maxsize=_MAX_CONNECTIONS)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)


def _read(response: requests.Response, host: str, seconds: float) -> bytes:
    """The whole body, limited in length and time."""
    content = bytearray()
    ends_at = time.monotonic() + seconds
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            content += chunk
            if len(content) > MAX_RESPONSE_BYTES:
                raise CloudAnswerUnreadable(host=host, status=response.status_code)
            # The socket's time-out restarts with each byte received.
            if time.monotonic() > ends_at:
                raise CloudTimeout(host=host)
    except HTTPError as error:
        if _was_caused_by(error, http.client.IncompleteRead, IncompleteRead, DecodeError):
            raise CloudAnswerUnreadable(host=host, status=response.status_code) from error
        raise
    return bytes(content)


def _raise_ours(error: Exception, host: str, proxy_host: str) -> NoReturn:
    """Raise the portal's error; the most specific cause decides, as libraries wrap them."""
    if _was_caused_by(error, ssl.SSLCertVerificationError):
        raise CertificateRefused(host=host) from error
    if _was_caused_by(error, ssl.SSLError) and not _was_caused_by(error, ssl.SSLEOFError):
        raise CredentialRefused(cloud_code="portal:tls-failure", host=host) from error
    if _was_caused_by(error, http.client.LineTooLong):
        raise CredentialRefused(cloud_code="portal:header-overflow", host=host) from error
    if _was_caused_by(error, TimeoutError, ReadTimeoutError):
        raise CloudTimeout(host=host) from error
    if proxy_host and _was_caused_by(error, ProxyError):
        raise CloudUnreachable(host=proxy_host) from error
    raise CloudUnreachable(host=host) from error


def _was_caused_by(error: BaseException, *kinds: type[BaseException]) -> bool:
    """True if the error or any of its causes is of one of these kinds."""
    return any(isinstance(found, kinds) for found in _causes(error, set()))


def _causes(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = (error.__cause__, error.__context__, getattr(error, "reason", None), *error.args)
    for found in inner:
        if isinstance(found, BaseException):
            yield from _causes(found, seen)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
