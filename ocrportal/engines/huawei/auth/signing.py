"""The signature of Huawei Cloud's gateway over a request: SDK-HMAC-SHA256.

After the API signing guide: everything that is signed is brought into one canonical text,
whose hash is signed with the secret key as it is, without deriving a key from it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

ALGORITHM = "SDK-HMAC-SHA256"
DATE_HEADER = "X-Sdk-Date"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
"""Of the moment of signing in UTC; the gateway refuses more than 15 minutes of difference."""


def authorization(
    method: str,
    url: str,
    signed_headers: Mapping[str, str],
    body: bytes,
    *,
    access_key: str,
    secret_key: str,
) -> str:
    """The value of the ``Authorization`` header.

    ``signed_headers`` are those that the signature covers; among them must be ``Host`` and
    ``X-Sdk-Date``, exactly as they are sent. ``body`` are the very bytes that are sent.
    """
    headers = {name.lower(): value.strip() for name, value in signed_headers.items()}
    names = ";".join(sorted(headers))
    canonical = canonical_request(method, url, headers, body)
    to_sign = "\n".join((ALGORITHM, headers[DATE_HEADER.lower()], _sha256(canonical.encode())))
    signature = hmac.digest(secret_key.encode(), to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


def canonical_request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The text whose hash is signed; ``headers`` by lower-case name, without outer blanks."""
    parts = urlsplit(url)
    return "\n".join(
        (
            method.upper(),
            _canonical_path(parts.path),
            _canonical_query(parts.query),
            "".join(f"{name}:{headers[name]}\n" for name in sorted(headers)),
            ";".join(sorted(headers)),
            _sha256(body),
        )
    )


def _canonical_path(path: str) -> str:
    """Always with a slash at the end, although the request is sent without one."""
    encoded = "/".join(_encoded(segment) for segment in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    """Sorted by name and value as they read decoded, then encoded."""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    decoded = sorted((unquote(name), unquote(value)) for name, _, value in pairs)
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in decoded)


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
