"""One HTTP exchange with the cloud, and what the network makes of it in our own errors.

Only what a credential says decides the way there: proxies, keys and certificates that the
environment or a ``.netrc`` file name are left alone (``trust_env``), so that two portals
with the same credential behave the same, and no login meant for others is ever sent.
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
from ocrportal.errors import (
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudTimeout,
    CloudUnreachable,
    CredentialRefused,
)

USER_AGENT = "ocr-portal"
MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""No answer is that long: the largest hold a few pictures or a workbook beside the text."""
_CHUNK_BYTES = 64 * 1024
_MAX_CONNECTIONS = 32
"""Kept open for the next call, for each host; more may be open at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By name in any case."""
    content: bytes

    @property
    def request_id(self) -> str:
        """By which the cloud's support finds the call; empty if it gave none."""
        return self.headers.get("X-Request-Id", "")

    def json(self) -> Any:
        """The body as JSON values. Raises ValueError if it is none, such as an HTML page."""
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
) -> Answer:
    """Send one request the way the credential says; redirects are not followed.

    Raises CloudUnreachable, CloudTimeout, CloudAnswerUnreadable (the answer ended early or
    never), CertificateRefused and CredentialRefused (no TLS, or more header than fits).
    """
    # Signed requests must not turn into others on the way, hence no redirects.
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
            return Answer(response.status_code, response.headers, content)
    except (requests.RequestException, HTTPError, OSError) as error:
        _raise_ours(error, host_of(url), host_of(access.proxy))


def host_of(url: str) -> str:
    """The host an address names, without port and login; the address itself if none."""
    return urlsplit(url).hostname or url.rpartition("@")[2]


def name_is_unknown(error: CloudUnreachable) -> bool:
    """True if the host was not reached because no name server knows it."""
    return _was_caused_by(error, NameResolutionError)


def _session_of(access: CloudAccess) -> requests.Session:
    try:
        return _session(access.verify_tls, access.ca_bundle, access.proxy)
    except ssl.SSLError as error:  # the certificates given are none
        raise CertificateRefused(host=host_of(ocr_url(access))) from error


@lru_cache(maxsize=64)
def _session(verify_tls: bool, ca_bundle: str, proxy: str) -> requests.Session:
    """One pool of connections for all credentials that take the same way."""
    session = requests.Session()
    session.trust_env = False
    session.verify = verify_tls
    session.headers["User-Agent"] = USER_AGENT
    # A session is shared by threads and users: nothing may stick to it.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    session.mount("http://", HTTPAdapter(pool_maxsize=_MAX_CONNECTIONS))
    session.mount("https://", _TlsAdapter(_tls(verify_tls, ca_bundle)))
    return session


def _tls(verify: bool, ca_bundle: str) -> ssl.SSLContext:
    """TLS 1.2 or later, trusting the usual authorities and those of the bundle."""
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_bundle.strip():
        context.load_verify_locations(cadata=ca_bundle)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _TlsAdapter(HTTPAdapter):
    """Connects with a TLS context of our own, through a proxy as well."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_maxsize=_MAX_CONNECTIONS)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)


def _read(response: requests.Response, host: str, seconds: float) -> bytes:
    """The whole body, unless it is endless in length or time."""
    content = bytearray()
    ends_at = time.monotonic() + seconds
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                raise CloudAnswerUnreadable(host=host, status=response.status_code)
            # A time-out of the socket begins anew with each byte that trickles in.
            if time.monotonic() > ends_at:
                raise CloudTimeout(host=host)
    except HTTPError as error:
        if _was_caused_by(error, http.client.IncompleteRead, IncompleteRead, DecodeError):
            raise CloudAnswerUnreadable(host=host, status=response.status_code) from error
        raise
    return bytes(content)


def _raise_ours(error: Exception, host: str, proxy_host: str) -> NoReturn:
    """The most telling of an error's causes decides, since the libraries wrap them deeply."""
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
    """True if one of these kinds is among an error and all that led to it."""
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
    raise ValueError(f"{constant} is no JSON")
