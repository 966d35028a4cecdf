"""Reads addresses of objects in buckets: ``obs://``, ``s3://``, and web addresses of OBS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ocrportal.errors.ingest import BadObjectAddress

_SCHEMES = ("obs", "s3")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MAX_KEY = 1024
"""Bytes of UTF-8."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WEB_HOST = re.compile(
    r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
    r"\.(?P<service>obs\.(?P<region>[a-z0-9-]+)\.myhuaweicloud\.(?:com|cn))"
)
_SIGNATURES = (
    {"Signature", "Expires", "AccessKeyId"},
    {"Signature", "Expires", "AWSAccessKeyId"},
    {"X-Amz-Signature"},
)
"""The query parameters of signed addresses: of OBS, and of both versions of S3."""


@dataclass(frozen=True, slots=True)
class ObjectAddress:
    """One object in a bucket, with the region of the bucket if the address contains it."""

    bucket: str
    key: str
    region: str = ""
    endpoint: str = ""
    """The address of the storage without the bucket; set together with ``region``."""
    is_presigned: bool = False
    """True if the address is signed, so that it permits reading without an access key."""

    @property
    def name(self) -> str:
        """The file name: the last part of the key."""
        return self.key.rpartition("/")[2]


def parse_object_address(text: str) -> ObjectAddress | None:
    """Read the address of an object; returns None for any other web address.

    The key in ``obs://`` and ``s3://`` is literal, the key in a web address is decoded. A web
    address with a query other than a signature requests something else than the unchanged
    object, so it returns None too. Raises BadObjectAddress.
    """
    text = text.strip()
    scheme, _slashes, rest = text.partition("://")
    if scheme.lower() in _SCHEMES:
        bucket, _slash, key = rest.partition("/")
        return _checked(ObjectAddress(bucket=bucket, key=key))
    return _read_web_address(text) if scheme.lower() in ("http", "https") else None


def is_bucket_name(text: str) -> bool:
    """True for a name that can be part of a host name without changing the host."""
    return _BUCKET.fullmatch(text) is not None and ".." not in text


def _read_web_address(text: str) -> ObjectAddress | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # fetching it reports the error
        return None
    host = _WEB_HOST.fullmatch(parts.hostname or "")
    if host is None or port is not None or parts.username is not None:
        return None
    signed = _is_signed(parts)
    if parts.query and not signed:
        return None
    return _checked(
        ObjectAddress(
            bucket=host["bucket"],
            key=unquote(parts.path).removeprefix("/"),
            region=host["region"],
            endpoint=f"{parts.scheme}://{host['service']}",
            is_presigned=signed,
        )
    )


def _is_signed(parts: SplitResult) -> bool:
    given = set(parse_qs(parts.query))
    return any(needed <= given for needed in _SIGNATURES)


def _checked(address: ObjectAddress) -> ObjectAddress:
    fits = len(address.key.encode()) <= _MAX_KEY and not _CONTROL.search(address.key)
    if not (is_bucket_name(address.bucket) and address.name and fits):
        raise BadObjectAddress
    return address
