"""The request signature of Huawei Cloud's gateway: SDK-HMAC-SHA256.

It follows the API signing guide: the signed parts form one canonical request, whose hash is
signed with the secret key itself, without key derivation.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

ALGORITHM = "SDK-HMAC-SHA256"
DATE_HEADER = "X-Sdk-Date"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
"""Format of the signing time in UTC; the gateway refuses a difference over 15 minutes."""


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

    ``signed_headers`` are the headers to sign, exactly as they are sent; they must include
    ``Host`` and ``X-Sdk-Date``. ``body`` contains exactly the bytes that are sent.
    """
    headers = {name.lower(): value.strip() for name, value in signed_headers.items()}
    names = ";".join(sorted(headers))
    canonical = canonical_request(method, url, headers, body)
    to_sign = "\n".join((ALGORITHM, headers[DATE_HEADER.lower()], _sha256(canonical.encode())))
    signature = hmac.digest(secret_key.encode(), to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


def canonical_request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The text whose hash is signed; ``headers`` by lower-case name, values stripped."""
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
    """The path with a slash at the end, although the request is sent without one."""
    encoded = "/".join(_encoded(segment) for segment in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    """The parameters sorted by decoded name and value, then encoded."""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    decoded = sorted((unquote(name), unquote(value)) for name, _, value in pairs)
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in decoded)


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
