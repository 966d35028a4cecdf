"""Guards against server-side request forgery by addresses that users enter.

The portal runs inside an organisation's network. Without a guard, a user could make it fetch
from hosts behind the firewall: other programs on this machine, routers, the metadata service
of a cloud. So it connects to public hosts only, and to hosts that the administrator permits.

A name can resolve to a different address each time. So callers connect only to the addresses
that :func:`resolve` returns, and resolve and check again for every redirect.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ocrportal.errors.ingest import AddressRefused, AddressUnreachable, BadAddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_DEFAULT_PORTS = {"http": 80, "https": 443}

# From IANA's registries of special-purpose addresses. All public IPv6 addresses are in the
# first network; IPv4-mapped and NAT64 addresses, among the rest, are not.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2002::/16",  # 6to4: contains an IPv4 address
        "3fff::/20",  # documentation; public according to Python 3.11
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in ASCII, as it is requested."""

    url: str
    """The whole address, without a fragment."""
    scheme: str
    """``http`` or ``https``."""
    host: str
    """A name or an IP address in lower case, without brackets."""
    port: int
    target: str
    """Path and query."""

    @property
    def netloc(self) -> str:
        """Host and port as written, for the ``Host`` header."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """A name for the file if the server sends none; never empty."""
        path = self.target.partition("?")[0]
        return unquote(path).rstrip("/").rpartition("/")[2] or self.host


def check_address(text: str, internal_hosts: Iterable[str]) -> Address:
    """Parse an address and check it as far as possible without a DNS query.

    ``internal_hosts`` are names, and networks such as ``10.0.0.0/8``, that are permitted
    although they are not public. Raises BadAddress, and AddressRefused for an IP address that
    is not public, in any notation.
    """
    address = _parse(text)
    host = address.host.rstrip(".")
    if _is_named(host, internal_hosts):
        return address
    if host == "localhost" or host.endswith(".localhost"):
        raise AddressRefused(host=address.host)
    try:
        ips = _look_up(address, socket.AI_NUMERICHOST)
    except socket.gaierror:  # a name
        return address
    _permitted(address, ips, internal_hosts)
    return address


def resolve(address: Address, internal_hosts: Iterable[str]) -> list[IPAddress]:
    """Return the permitted IP addresses of the host, at least one.

    Raises AddressUnreachable if the name is unknown, and AddressRefused if none of its
    addresses is public or in ``internal_hosts``.
    """
    try:
        ips = _look_up(address)
    except socket.gaierror as error:
        raise AddressUnreachable(host=address.host) from error
    return _permitted(address, ips, internal_hosts)


def is_public(ip: IPAddress) -> bool:
    """True if the address is globally reachable and does not contain another address."""
    if ip.version == 6 and ip not in _GLOBAL_UNICAST:
        return False
    special = ip.is_multicast or any(ip in network for network in _NOT_PUBLIC)
    return ip.is_global and not special


def _parse(text: str) -> Address:
    # Only an address that is given loads the library.
    import requests  # noqa: PLC0415  # see above

    try:
        # Encodes the host (例子.测试 as xn--…) and the path in ASCII.
        url = requests.Request("GET", text.strip()).prepare().url or ""
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # those of requests are ValueErrors too
        raise BadAddress from error
    named = parts.username is not None or parts.password is not None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or named:
        raise BadAddress
    return Address(
        url=url.partition("#")[0],
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _DEFAULT_PORTS[parts.scheme],
        target=parts._replace(scheme="", netloc="", fragment="").geturl() or "/",
    )


def _look_up(address: Address, flags: int = 0) -> list[IPAddress]:
    """Resolve the host with the system, which also reads 127.1 and 0x7f000001 as addresses."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a part of the name is empty or too long
        raise BadAddress from error
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))


def _permitted(
    address: Address, ips: list[IPAddress], internal_hosts: Iterable[str]
) -> list[IPAddress]:
    if _is_named(address.host.rstrip("."), internal_hosts):
        return ips
    networks = _networks(internal_hosts)
    permitted = [ip for ip in ips if is_public(ip) or any(ip in network for network in networks)]
    if not permitted:
        raise AddressRefused(host=address.host)
    return permitted


def _is_named(host: str, internal_hosts: Iterable[str]) -> bool:
    return host in {entry.lower() for entry in internal_hosts}


def _networks(
    internal_hosts: Iterable[str],
) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    networks = []
    for entry in internal_hosts:
        try:
            networks.append(ipaddress.ip_network(entry, strict=False))
        except ValueError:  # a name
            continue
    return networks
