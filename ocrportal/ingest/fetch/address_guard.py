"""Where addresses given by users may lead.

The portal stands inside an organisation's network. Whoever may have it fetch an address
could otherwise reach, through it, what lies behind the firewall: other programs on this
machine, routers, the metadata service of a cloud. So only public hosts are reached, and
those that the administrator names.

A name may stand for another address each time it is asked for. So what counts is not the
name but the addresses that :func:`resolve` returns: connect to these and nothing else, and
do it anew for every redirect.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import requests

from ocrportal.errors import AddressRefused, AddressUnreachable, BadAddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA's registries of special-purpose addresses. The first holds all public ones of IPv6;
# beyond it lie, among others, those that carry an IPv4 address inside: mapped, NAT64.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation; Python 3.11 takes it for public
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in plain ASCII, as it is asked for."""

    url: str
    """The whole of it, without a fragment."""
    scheme: str
    """``http`` or ``https``."""
    host: str
    """Name or number in lower case, without brackets."""
    port: int
    target: str
    """Path and query."""

    @property
    def netloc(self) -> str:
        """Host and port as written, for the ``Host`` header."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """What a file from there is called as long as nothing else is known: never empty."""
        path = self.target.partition("?")[0]
        return unquote(path).rstrip("/").rpartition("/")[2] or self.host


def check_address(text: str, internal_hosts: Iterable[str]) -> Address:
    """Read an address, and refuse what can be refused without asking for its name.

    ``internal_hosts``: names, and networks such as ``10.0.0.0/8``, that may be reached
    although they are not public. Raises BadAddress, and AddressRefused for a number in
    any notation that stands for an address which is not public.
    """
    address = _parse(text)
    host = address.host.rstrip(".")
    if _is_named(host, internal_hosts):
        return address
    if host == "localhost" or host.endswith(".localhost"):
        raise AddressRefused(host=address.host)
    try:
        numbers = _look_up(address, socket.AI_NUMERICHOST)
    except socket.gaierror:  # a name
        return address
    _permitted(address, numbers, internal_hosts)
    return address


def resolve(address: Address, internal_hosts: Iterable[str]) -> list[IPAddress]:
    """The numbers behind the address that may be connected to, at least one.

    Raises AddressUnreachable if the name is unknown, and AddressRefused if it leads to
    nothing public and nothing in ``internal_hosts``.
    """
    try:
        numbers = _look_up(address)
    except socket.gaierror as error:
        raise AddressUnreachable(host=address.host) from error
    return _permitted(address, numbers, internal_hosts)


def is_public(number: IPAddress) -> bool:
    """True if it can be reached from anywhere, and stands for no other address."""
    if number.version == 6 and number not in _GLOBAL_UNICAST:
        return False
    special = number.is_multicast or any(number in network for network in _NOT_PUBLIC)
    return number.is_global and not special


def _parse(text: str) -> Address:
    try:
        # Writes the host as it is asked for (例子.测试 as xn--…) and the path in ASCII.
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
    """What the system makes of the host, which reads 127.1 and 0x7f000001 as numbers too."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a part of the name is empty or too long
        raise BadAddress from error
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))


def _permitted(
    address: Address, numbers: list[IPAddress], internal_hosts: Iterable[str]
) -> list[IPAddress]:
    if _is_named(address.host.rstrip("."), internal_hosts):
        return numbers
    networks = _networks(internal_hosts)
    permitted = [
        number
        for number in numbers
        if is_public(number) or any(number in network for network in networks)
    ]
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
