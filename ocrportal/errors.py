"""Every error a user can meet, as one tree.

    PortalError
    ├── IntakeError              a source cannot become page pictures
    │   ├── EmptyFile
    │   ├── UnsupportedFormat
    │   ├── AlreadyText
    │   ├── DamagedFile
    │   ├── FileTooLarge
    │   ├── PictureTooLarge
    │   ├── PasswordNeeded
    │   ├── PasswordWrong
    │   ├── NoPages
    │   ├── TooManyPages
    │   ├── OpeningAbandoned
    │   ├── BadPageRange
    │   └── PagesOutOfRange
    ├── EngineError              a page picture cannot become a result
    │   ├── EngineUnavailable
    │   └── PageAbandoned
    ├── ExportError              results cannot become a file
    │   ├── NothingToExport
    │   └── UnknownFormat
    └── RequestError             the request does not fit the state of things
        ├── NothingSubmitted
        ├── TooManyFiles
        ├── UnknownService
        ├── JobNotActive
        └── NothingToRetry

A leaf has a stable ``code`` and a translated ``message`` that says what happened and
what to do. Facts that belong into the sentence are given as keyword arguments when it
is raised. A row that failed keeps ``code`` and ``params``; :func:`describe` turns them
back into a sentence in the reader's own language, whenever it is read.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class PortalError(Exception):
    """Base of all errors whose text is meant for users.

    Keyword arguments fill the placeholders of ``message``; they must be JSON values,
    and never keys, tokens, passwords or picture bytes, since they are stored and logged.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[Any] = _("Something went wrong. Please try again.")
    retryable: ClassVar[bool] = False
    """True when the same request may succeed later without anyone changing anything."""
    retry_after: float | None = None
    """Seconds to wait before trying again, where the cause says so."""

    def __init__(self, **params: str | int | float) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return str(self.message) % self.params


class IntakeError(PortalError):
    code = "intake-failed"
    message = _("This file could not be opened.")


class EmptyFile(IntakeError):
    code = "file-empty"
    message = _("This file is empty (0 bytes). Choose the file again, or scan it anew.")


class UnsupportedFormat(IntakeError):
    code = "format-unsupported"
    message = _(
        "This is not a format the portal reads, whatever its name says. "
        "Use JPG, PNG, BMP, WebP, TIFF or PDF."
    )


class AlreadyText(IntakeError):
    code = "already-text"
    message = _("This file already is text (%(kind)s); there is nothing to recognise.")


class DamagedFile(IntakeError):
    code = "file-damaged"
    message = _(
        "This file is damaged or incomplete and cannot be read. "
        "Open it in another program and save it anew, or scan it again."
    )


class FileTooLarge(IntakeError):
    code = "file-too-large"
    message = _("This file is larger than %(limit_mb)s MB. Split it, or save it smaller.")


class PictureTooLarge(IntakeError):
    code = "picture-too-large"
    message = _(
        "This picture has %(megapixels)s million pixels; at most %(limit)s million are read. "
        "Save it smaller, or scan it at a lower resolution."
    )


class PasswordNeeded(IntakeError):
    code = "password-needed"
    message = _("This PDF is protected by a password. Remove the password and upload it again.")


class PasswordWrong(IntakeError):
    code = "password-wrong"
    message = _("The password does not open this PDF. Check it and try again.")


class NoPages(IntakeError):
    code = "no-pages"
    message = _("This file has no pages.")


class TooManyPages(IntakeError):
    code = "too-many-pages"
    message = _(
        "This file has %(pages)s pages; at most %(limit)s are read at once. Choose a page range."
    )


class OpeningAbandoned(IntakeError):
    code = "opening-abandoned"
    message = _(
        "Opening this file stopped %(attempts)s times before its end (out of memory or time). "
        "Split it, or save it smaller, and try again."
    )


class BadPageRange(IntakeError):
    code = "page-range-bad"
    message = _("“%(text)s” is not a page range. Write it like 1-3,7.")


class PagesOutOfRange(IntakeError):
    code = "page-range-empty"
    message = _("The file has %(pages)s pages, none of them in “%(text)s”. Change the page range.")


class EngineError(PortalError):
    code = "engine-failed"
    message = _("The page could not be recognised. Retry it; if that fails too, scan it again.")


class EngineUnavailable(EngineError):
    code = "engine-unavailable"
    message = _("The recognition engine does not start. Ask the administrator to run “doctor”.")


class PageAbandoned(EngineError):
    code = "page-abandoned"
    message = _(
        "Recognition of this page stopped %(attempts)s times before its end "
        "(out of memory or time). Scan it at a lower resolution and try again."
    )


class ExportError(PortalError):
    code = "export-failed"
    message = _("The file could not be written.")


class NothingToExport(ExportError):
    code = "nothing-to-export"
    message = _("No page is recognised yet. Wait until the first page is done.")


class UnknownFormat(ExportError):
    code = "format-unknown"
    message = _("“%(format)s” is not an export format. Choose one of: %(known)s.")


class RequestError(PortalError):
    code = "request-refused"
    message = _("This is not possible now.")


class NothingSubmitted(RequestError):
    code = "nothing-submitted"
    message = _("Choose at least one file.")


class TooManyFiles(RequestError):
    code = "too-many-files"
    message = _("At most %(limit)s files can be handed in at once. Split them into several jobs.")


class UnknownService(RequestError):
    code = "service-unknown"
    message = _("“%(service)s” is not offered by this engine. Choose another service or engine.")


class JobNotActive(RequestError):
    code = "job-not-active"
    message = _("This job has already ended; there is nothing to cancel.")


class NothingToRetry(RequestError):
    code = "nothing-to-retry"
    message = _("No page of this job failed; there is nothing to retry.")


def describe(code: str, params: dict[str, Any]) -> str:
    """The message of a stored error in the active language.

    A code that this version no longer knows gives the general message, never an error.
    """
    kind = _BY_CODE.get(code, PortalError)
    return str(kind.message) % params


def _leaves(kind: type[PortalError]) -> dict[str, type[PortalError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _leaves(child)
    return found


_BY_CODE = _leaves(PortalError)
