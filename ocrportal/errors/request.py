"""Errors of requests that conflict with the current state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ocrportal.errors.base import PortalError


class RequestError(PortalError):
    code = "request-refused"
    message = _("This is not possible now.")


class NothingSubmitted(RequestError):
    code = "nothing-submitted"
    message = _("Choose at least one file.")


class TooManyFiles(RequestError):
    code = "too-many-files"
    message = _("At most %(limit)s files can be uploaded at once. Split them into several jobs.")


class UnknownService(RequestError):
    code = "service-unknown"
    message = _("“%(service)s” is not offered by this engine. Choose another service or engine.")


class CredentialNeeded(RequestError):
    code = "credential-needed"
    message = _(
        "Huawei Cloud OCR needs a credential. Add one under “My credentials”, or choose the "
        "built-in engine."
    )


class ServiceNotInRegion(RequestError):
    code = "service-not-in-region"
    message = _(
        "“%(service)s” is not offered in the region of this credential (%(region)s). Choose "
        "another service, or a credential of another region."
    )


class JobNotActive(RequestError):
    code = "job-not-active"
    message = _("This job has already finished; there is nothing to cancel.")


class JobStillActive(RequestError):
    code = "job-still-active"
    message = _("This job is still running. Wait until it has finished, or cancel it.")


class NothingToRetry(RequestError):
    code = "nothing-to-retry"
    message = _("No page of this job failed; there is nothing to retry.")


class PasswordNotAsked(RequestError):
    code = "password-not-asked"
    message = _("This file is not waiting for a password.")
