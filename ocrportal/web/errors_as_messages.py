"""Decorators that show the portal's own errors to users."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from ocrportal.errors.export import ExportError
from ocrportal.errors.request import RequestError

View = Callable[..., HttpResponseBase]


def errors_as_messages(view: View) -> View:
    """Redirect to the job page with a message if the job's state does not allow the action."""

    @wraps(view)
    def wrapped(request: HttpRequest, job_id: int, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, job_id, **kwargs)
        except (ExportError, RequestError) as error:
            messages.warning(request, str(error))
            return redirect("job", job_id)

    return wrapped


def errors_as_page(view: View) -> View:
    """Show a page with status 409 instead of a file that cannot be written."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ExportError as error:
            return _refusal(request, str(error))

    return wrapped


def _refusal(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "refused.html", {"message": message}, status=409)
