"""Errors as API responses: ``{"code", "message", "details"}`` and a status."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from ocrportal.errors.base import PortalError
from ocrportal.errors.export import ExportNotReady, NothingToExport
from ocrportal.errors.ingest import AlreadyText, FileTooLarge, UnsupportedFormat
from ocrportal.errors.request import (
    JobNotActive,
    JobStillActive,
    NothingToRetry,
    PasswordNotAsked,
    TooManyFiles,
)

STATUS_OF = {
    FileTooLarge.code: 413,
    UnsupportedFormat.code: 415,
    AlreadyText.code: 415,
    JobNotActive.code: 409,
    JobStillActive.code: 409,
    NothingToRetry.code: 409,
    PasswordNotAsked.code: 409,
    NothingToExport.code: 409,
    ExportNotReady.code: 409,
}
"""By error code; every other error means invalid data (422)."""


class FormInvalid(Exception):  # named like the state, as Django's form_invalid
    """A form rejected the data of the request."""

    def __init__(self, form: forms.Form) -> None:
        super().__init__(form.errors)
        self.errors: dict[str, list[dict[str, str]]] = form.errors.get_json_data()


def install(api: NinjaAPI) -> None:
    """Register the handlers of all errors."""

    def answer(
        request: HttpRequest, status: int, code: str, message: str, details: Any = None
    ) -> HttpResponse:
        body = {"code": code, "message": message, "details": details or {}}
        return api.create_response(request, body, status=status)

    @api.exception_handler(PortalError)
    def refused(request: HttpRequest, error: PortalError) -> HttpResponse:
        return answer(request, STATUS_OF.get(error.code, 422), error.code, str(error), error.params)

    @api.exception_handler(FormInvalid)
    def invalid(request: HttpRequest, error: FormInvalid) -> HttpResponse:
        first = next(iter(error.errors.values()))[0]
        status = STATUS_OF.get(first["code"], 422)
        return answer(request, status, first["code"], first["message"], error.errors)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        wrong = {".".join(map(str, item["loc"][1:])): item["msg"] for item in error.errors}
        return answer(request, 422, "invalid", "; ".join(wrong.values()), wrong)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not-found", str(error))

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        message = _("Send a valid token: Authorization: Bearer TOKEN")
        return answer(request, 401, "unauthenticated", message)

    @api.exception_handler(TooManyFilesSent)
    def too_many_files(request: HttpRequest, error: TooManyFilesSent) -> HttpResponse:
        # Django stops reading before the form can report this.
        return refused(request, TooManyFiles(limit=settings.MAX_FILES_PER_JOB))

    @api.exception_handler(MultiPartParserError)
    def garbled(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
        message = _("The request cannot be read. Send files as multipart/form-data.")
        return answer(request, 400, "request-garbled", message)
