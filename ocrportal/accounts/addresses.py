"""Where the addresses given with a credential may lead: see intake.guard for why.

Checked when they are entered, by administrators for services and by anybody for proxies.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ocrportal.errors import AddressUnreachable, IntakeError
from ocrportal.intake.guard import check_address, resolve


def clean_endpoint(text: str) -> str:
    """Scheme, host and port of a service; raises ValidationError for anything more."""
    _check(text)
    parts = urlsplit(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError(
            _("Give scheme, host and port alone, such as https://ocr.example.org."),
            code="address-bad",
        )
    return f"{parts.scheme}://{parts.netloc}"


def clean_proxy(text: str) -> str:
    """The address of an HTTP proxy, with user and password if it needs them."""
    parts = urlsplit(text)
    _login, _at, host = parts.netloc.rpartition("@")
    _check(f"{parts.scheme}://{host}")
    return f"{parts.scheme}://{parts.netloc}"


def _check(text: str) -> None:
    try:
        resolve(check_address(text, settings.INTERNAL_HOSTS), settings.INTERNAL_HOSTS)
    except AddressUnreachable:
        # A name that is unknown here, as yet; the check of the credential will tell.
        return
    except IntakeError as error:
        raise ValidationError(str(error), code=error.code) from error
