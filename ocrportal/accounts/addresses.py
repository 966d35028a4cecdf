"""Checks of the addresses given with a credential; ingest.fetch.address_guard explains why.

Addresses are checked when they are entered: endpoints by administrators, proxies by all
users. A proxy is checked again whenever it is used, since its name may resolve to another
address by then.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ocrportal.errors.engine import CloudUnreachable
from ocrportal.errors.ingest import AddressRefused, AddressUnreachable, IngestError
from ocrportal.ingest.fetch.address_guard import check_address, resolve

_MASK = "•••"
_PASSWORD = re.compile(r"^((?:\w+://)?+[^:@]*:)(.*)@", re.DOTALL)
"""In an address, even a malformed one: the part before the password, and the password."""


def clean_endpoint(text: str) -> str:
    """Scheme, host and port of a service; raises ValidationError for anything more."""
    _check(text)
    parts = urlsplit(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError(
            _("Enter only scheme, host and port, such as https://ocr.example.org."),
            code="address-bad",
        )
    return f"{parts.scheme}://{parts.netloc}"


def clean_proxy(text: str) -> str:
    """The address of an HTTP proxy, with user and password if it needs them."""
    address, at, login = _apart(text)
    _check(address)
    if at and not _is_login(login):
        raise ValidationError(
            _(
                "Enter the user name and password of the proxy again. Write characters such as @ : "
                "/ # percent-encoded, for example %40."
            ),
            code="proxy-login-bad",
        )
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}"


def check_proxy(proxy: str) -> None:
    """Raises CloudUnreachable if the proxy resolves to an address that is not allowed."""
    try:
        address = check_address(_apart(proxy)[0], settings.INTERNAL_HOSTS)
        resolve(address, settings.INTERNAL_HOSTS)
    except AddressRefused as error:
        raise CloudUnreachable(**error.params) from error
    except AddressUnreachable:  # the call fails with the same error
        return


def masked(proxy: str) -> str:
    """The address of a proxy with its password masked."""
    return _PASSWORD.sub(rf"\1{_MASK}@", proxy)


def without_password(proxy: str) -> str:
    """The address without its password; a masked one is left unchanged."""
    return _PASSWORD.sub(lambda found: found[0] if found[2] == _MASK else f"{found[1]}@", proxy)


def _apart(proxy: str) -> tuple[str, bool, str]:
    """The address without user info, whether it has user info, and the user info."""
    scheme, slashes, rest = proxy.partition("//")
    login, at, host = rest.rpartition("@")
    return f"{scheme}{slashes}{host}", bool(at), login


def _is_login(login: str) -> bool:
    """True for a user, or user and password, that a URL can contain and HTTP can send."""
    user, colon, password = login.partition(":")
    whole = bool(user) and (not colon or bool(password)) and not set(login) & set("/?#@")
    # HTTP basic authentication allows no other characters.
    return whole and all(ord(sign) < 256 for sign in unquote(login))


def _check(text: str) -> None:
    try:
        resolve(check_address(text, settings.INTERNAL_HOSTS), settings.INTERNAL_HOSTS)
    except AddressUnreachable:
        # The name may resolve later; the check of the credential reports it if not.
        return
    except IngestError as error:
        raise ValidationError(str(error), code=error.code) from error
