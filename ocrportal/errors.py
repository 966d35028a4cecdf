"""Every error a user can meet, as one tree.

    PortalError
    ├── IntakeError              a source cannot become page pictures
    │   ├── EmptyFile, UnsupportedFormat, AlreadyText, DamagedFile
    │   ├── FileTooLarge, PictureTooLarge, NoPages, TooManyPages
    │   ├── PasswordNeeded, PasswordWrong
    │   ├── OpeningAbandoned, BadPageRange, PagesOutOfRange
    │   └── BadAddress, AddressRefused, AddressUnreachable, AddressTooSlow, AddressGivesNothing
    ├── EngineError              a page picture cannot become a result
    │   ├── EngineUnavailable, PageAbandoned, PictureUnfit, CredentialGone
    │   ├── CloudRefused             the service has something against this page
    │   ├── CloudTrouble             sending the page again later may help
    │   │   └── CloudThrottled, CloudFault, CloudUnreachable, CloudTimeout, CloudAnswerUnreadable
    │   └── CallsHeld                no call makes sense until somebody has mended something
    │       └── CredentialRefused, ServiceRefused, CertificateRefused, CallCapReached
    ├── ExportError              results cannot become a file
    │   └── NothingToExport, UnknownFormat
    └── RequestError             the request does not fit the state of things
        ├── NothingSubmitted, TooManyFiles, JobNotActive, NothingToRetry
        └── UnknownService, CredentialNeeded, ServiceNotInRegion

A leaf has a stable ``code`` and a translated ``message`` that says what happened and
what to do. Facts that belong into the sentence are given as keyword arguments when it
is raised. A row that failed keeps ``code`` and ``params``; :func:`describe` turns them
back into a sentence in the reader's own language, whenever it is read. What the cloud
says is told with the catalogue's words for its error codes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import find_error


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
        return self.sentence(self.params)

    @classmethod
    def sentence(cls, params: dict[str, Any]) -> str:
        """The message with these facts in it, in the active language."""
        return str(cls.message) % params


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


class BadAddress(IntakeError):
    code = "address-bad"
    message = _("This is not a full http:// or https:// address without user and password.")


class AddressRefused(IntakeError):
    code = "address-refused"
    message = _("%(host)s is not public. The administrator can permit it with INTERNAL_HOSTS.")


class AddressUnreachable(IntakeError):
    code = "address-unreachable"
    message = _(
        "The file cannot be fetched from %(host)s: unknown name, no connection, untrusted "
        "certificate, or cut off midway. Check the address and try again, or upload the file."
    )


class AddressTooSlow(IntakeError):
    code = "address-too-slow"
    message = _("%(host)s did not send the file in %(seconds)s seconds. Upload it instead.")


class AddressGivesNothing(IntakeError):
    code = "address-gives-nothing"
    message = _(
        "%(host)s sends %(answer)s instead of a picture or document. Check the address, and "
        "whether it asks for a sign-in; or download the file and upload it here."
    )


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


class PictureUnfit(EngineError):
    code = "picture-unfit"
    message = _(
        "This picture (%(width)s x %(height)s pixels) cannot be brought within the limits of "
        "the service. Scan the page again, or crop it."
    )


class CredentialGone(EngineError):
    code = "credential-gone"
    message = _(
        "The credential of this job was removed, or is no longer shared with you. "
        "Start the job again with another one."
    )


class CloudSaid(EngineError):
    """What the cloud answered: ``cloud_code``, and ``cloud_message`` without any secret."""

    code = "cloud-said"
    message = _("Huawei Cloud answered with error %(cloud_code)s: %(cloud_message)s")

    def __init__(
        self, *, cloud_code: str, cloud_message: str = "", **params: str | int | float
    ) -> None:
        super().__init__(cloud_code=cloud_code, cloud_message=cloud_message[:200], **params)

    @classmethod
    def sentence(cls, params: dict[str, Any]) -> str:
        known = find_error(params["cloud_code"], params["cloud_message"])
        if known is None:
            return super().sentence(params)
        shown = "" if ":" in known.code else f" ({known.code})"
        told = {"cause": _ended(known.cause), "remedy": _ended(known.remedy)}
        return gettext("%(cause)s %(remedy)s") % told + shown


class CloudRefused(CloudSaid):
    code = "cloud-refused"


class CloudTrouble(EngineError):
    """Sending the page again later may help."""

    code = "cloud-trouble"
    message = _("Huawei Cloud did not answer as it should. Retry the page later.")
    retryable = True


class CloudThrottled(CloudSaid, CloudTrouble):
    """Too many calls at once. ``calls_per_minute``: what the cloud says it allows, else 0."""

    code = "cloud-throttled"


class CloudFault(CloudSaid, CloudTrouble):
    code = "cloud-fault"


class CloudUnreachable(CloudTrouble):
    code = "cloud-unreachable"
    message = _("%(host)s cannot be reached. Check network, proxy and firewall, then retry.")


class CloudTimeout(CloudTrouble):
    code = "cloud-timeout"
    message = _("%(host)s did not answer in time. Retry the page later.")


class CloudAnswerUnreadable(CloudTrouble):
    code = "cloud-answer-unreadable"
    message = _(
        "%(host)s answered with something that is no answer of the service (HTTP %(status)s). "
        "Check the address and the proxy, or retry the page later."
    )


class CallsHeld(EngineError):
    """No call makes sense until somebody has mended something: pages wait, none fails."""

    code = "calls-held"
    message = _("No page is sent for now.")
    scope: ClassVar[str] = "credential"
    """What is held: all calls of the ``credential``, or its calls to one ``service``."""


class CredentialRefused(CloudSaid, CallsHeld):
    code = "credential-refused"


class ServiceRefused(CloudSaid, CallsHeld):
    code = "service-refused"
    scope = "service"


class CertificateRefused(CallsHeld):
    code = "certificate-refused"
    message = _(
        "The certificate of %(host)s is not trusted. Ask the administrator to give the "
        "credential the CA certificate of your proxy or private cloud."
    )


class CallCapReached(CallsHeld):
    code = "call-cap-reached"
    message = _(
        "Your limit of %(cap)s calls a month is reached. Pages go on next month, or when the "
        "administrator raises the limit."
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


class CredentialNeeded(RequestError):
    code = "credential-needed"
    message = _(
        "Huawei Cloud OCR needs a credential. Add one under “My credentials”, or choose the "
        "embedded engine."
    )


class ServiceNotInRegion(RequestError):
    code = "service-not-in-region"
    message = _(
        "“%(service)s” is not offered in the region of this credential (%(region)s). Choose "
        "another service, or a credential of another region."
    )


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
    return _BY_CODE.get(code, PortalError).sentence(params)


def restore(code: str, params: dict[str, Any]) -> PortalError:
    """A stored error as an exception again, to be raised once more."""
    return _BY_CODE.get(code, PortalError)(**params)


def _ended(sentence: str) -> str:
    """With its full stop."""
    if sentence.endswith((".", "。", "!", "！", "?", "？")):
        return sentence
    return sentence + ("。" if ord(sentence[-1]) > 0x2E7F else ".")


def _leaves(kind: type[PortalError]) -> dict[str, type[PortalError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _leaves(child)
    return found


_BY_CODE = _leaves(PortalError)
