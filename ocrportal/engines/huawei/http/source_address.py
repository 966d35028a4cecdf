"""Decides which addresses can be sent to the cloud instead of a picture."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urlsplit, urlunsplit

from ocrportal.engines.cloud import CloudAccess

_BUCKET = re.compile(
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\.obs\.(?P<region>[a-z0-9-]+)\.myhuaweicloud\.(com|cn)"
)
"""The host of an object in OBS, Huawei Cloud's object storage."""
_ADDRESS_SIGNS = "%/:=&?~+!$,;'@()*"


def can_fetch(access: CloudAccess, address: str) -> bool:
    """True if the cloud is expected to be able to fetch the file at an address.

    It fetches public addresses, and objects of OBS in its own region with the bucket in the
    host name. Private addresses can only be reached by a private cloud.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    # User info in the address must not be disclosed to the cloud.
    if parts.scheme not in ("http", "https") or not host.isascii() or parts.username is not None:
        return False
    if ".myhuaweicloud." in host:
        bucket = _BUCKET.fullmatch(host)
        return bucket is not None and bucket["region"] == access.region
    return bool(access.ocr_endpoint) or _looks_public(host)


def encoded(address: str) -> str:
    """The address with spaces and non-ASCII characters percent-encoded."""
    parts = urlsplit(address)
    path, query = quote(parts.path, safe=_ADDRESS_SIGNS), quote(parts.query, safe=_ADDRESS_SIGNS)
    return urlunsplit(parts._replace(path=path, query=query, fragment=""))


def _looks_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name, dot, zone = host.rpartition(".")
        return bool(name and dot) and zone not in ("local", "internal", "lan", "localhost", "test")
