"""Authorization of requests, by token or by signature, as classes for requests' ``auth``."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from ocrportal.engines.huawei.auth.signing import DATE_FORMAT, DATE_HEADER, authorization

_SIGNED = ("Content-Type", "Enterprise-Project-Id", "X-Security-Token")
"""Headers that are signed besides host and date. Proxies may change any other header."""


class TokenAuth(AuthBase):
    """Sends an IAM token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self._token
        return request


class AkSkAuth(AuthBase):
    """Signs the request as it is sent, including the body."""

    def __init__(self, access_key: str, secret_key: str, security_token: str = "") -> None:
        """``security_token`` belongs to temporary keys and is empty for permanent ones."""
        self._access_key, self._secret_key = access_key, secret_key
        self._security_token = security_token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url, headers = str(request.url), request.headers
        headers["Host"] = urlsplit(url).netloc.rpartition("@")[2]
        headers[DATE_HEADER] = dt.datetime.now(dt.UTC).strftime(DATE_FORMAT)
        if self._security_token:
            headers["X-Security-Token"] = self._security_token
        covered = ("Host", DATE_HEADER, *(name for name in _SIGNED if name in headers))
        headers["Authorization"] = authorization(
            str(request.method),
            url,
            {name: str(headers[name]) for name in covered},
            _body(request),
            access_key=self._access_key,
            secret_key=self._secret_key,
        )
        return request


def _body(request: PreparedRequest) -> bytes:
    body = request.body or b""
    if not isinstance(body, str | bytes):
        raise TypeError("only a body that is in memory can be signed")
    return body.encode() if isinstance(body, str) else body
