"""What people set for themselves."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ocrportal.accounts.models import User
from ocrportal.accounts.profile import choose_language
from ocrportal.web.requests import safe_next

ONE_YEAR = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back; remembered with the user, else with the browser."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if isinstance(request.user, User):
        choose_language(request.user, code)
    response = redirect(safe_next(request, default=reverse("submit")))
    # The sign-in page, where nobody is known yet, speaks the language used last.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
