"""The door at which errors of our own become something to read on a screen."""

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
    """What the state of a job does not allow is told as a message on its page."""

    @wraps(view)
    def telling(request: HttpRequest, job_id: int, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, job_id, **kwargs)
        except (ExportError, RequestError) as error:
            messages.warning(request, str(error))
            return redirect("job", job_id)

    return telling


def tells_why_instead_of_file(view: View) -> View:
    """A file that cannot be written becomes a page (409) that says what to do."""

    @wraps(view)
    def telling(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ExportError as error:
            return _refusal(request, str(error))

    return telling


def _refusal(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "refused.html", {"message": message}, status=409)
