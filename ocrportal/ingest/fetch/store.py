"""An object store and the key for it: plain data, without the libraries that reach it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Store:
    """An object store in one region, with an access key."""

    endpoint: str
    """Scheme, host and port, without a bucket."""
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    verify_tls: bool = True
    ca_bundle: str = ""
    """PEM certificates that are trusted in addition to the default ones."""
    internal_hosts: tuple[str, ...] = ()
    """Permitted hosts that are not public: see address_guard.check_address."""
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    """How long to wait for data of one response; each request is tried three times."""

    def at(self, endpoint: str, region: str) -> Store:
        """Return the same key for another region."""
        return replace(self, endpoint=endpoint, region=region)


def host_of(endpoint: str) -> str:
    """The name of a store in messages."""
    return urlsplit(endpoint).hostname or endpoint
