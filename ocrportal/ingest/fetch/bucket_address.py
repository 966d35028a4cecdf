"""Addresses of objects in buckets: ``obs://``, ``s3://``, and the web addresses of OBS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ocrportal.errors import BadObjectAddress

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
"""The parameters by which a signed address is known: of OBS, and both versions of S3."""


@dataclass(frozen=True, slots=True)
class ObjectAddress:
    """One object in a bucket, and where the bucket lies if the address says so."""

    bucket: str
    key: str
    region: str = ""
    endpoint: str = ""
    """The address of the storage without the bucket, together with ``region``."""
    is_presigned: bool = False
    """It carries a permission of its own: whoever has it reads the object, without any key."""

    @property
    def name(self) -> str:
        """What the file is called: the end of its key."""
        return self.key.rpartition("/")[2]


def parse_object_address(text: str) -> ObjectAddress | None:
    """Read the address of an object; None for one that is none, such as of a web site.

    The key of ``obs://`` and ``s3://`` is taken literally, that of a web address decoded. A
    web address with a query that signs nothing asks for something else than the object as it
    is, and is an ordinary one. Raises BadObjectAddress.
    """
    text = text.strip()
    scheme, _slashes, rest = text.partition("://")
    if scheme.lower() in _SCHEMES:
        bucket, _slash, key = rest.partition("/")
        return _checked(ObjectAddress(bucket=bucket, key=key))
    return _read_web_address(text) if scheme.lower() in ("http", "https") else None


def is_bucket_name(text: str) -> bool:
    """True for what can be part of a host name, so that it leads nowhere else."""
    return _BUCKET.fullmatch(text) is not None and ".." not in text


def _read_web_address(text: str) -> ObjectAddress | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # whoever asks for it will tell
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
