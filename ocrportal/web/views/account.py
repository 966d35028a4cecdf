"""Signing in, and the language of the user."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from ocrportal.accounts.models import User
from ocrportal.accounts.profile import choose_language
from ocrportal.web.requests import safe_next

ONE_YEAR = 365 * 24 * 3600


_sign_in = LoginView.as_view(template_name="account/login.html", redirect_authenticated_user=True)


def sign_in(request: HttpRequest) -> HttpResponseBase:
    # A poll after the session ended is redirected here. The browser reloads the page instead,
    # which also leads here, and back to that page after signing in.
    if "HX-Request" in request.headers:
        return HttpResponseClientRefresh()
    return _sign_in(request)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back; remembered with the user, else with the browser."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if isinstance(request.user, User):
        choose_language(request.user, code)
    response = redirect(safe_next(request, default=reverse("submit")))
    # The sign-in page, shown before a user is known, uses the last language.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
