"""The request type of signed-in users, and values read from requests."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from ocrportal.accounts.models import User


class UserRequest(HttpRequest):
    """The request of a signed-in user; ``login_required`` ensures it."""

    user: User
    htmx: HtmxDetails


def safe_next(request: HttpRequest, default: str) -> str:
    """The URL in the form field ``next`` if it is on this site, else ``default``."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return default


def row_id(text: str) -> int:
    """The id that a field of a request contains; 0, which no row has, if it is not one."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
