"""Why a page picture cannot become a result."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import find_error
from ocrportal.errors.base import PortalError


class EngineError(PortalError):
    code = "engine-failed"
    message = _("The page could not be recognised. Retry it. If that fails too, scan it again.")


class EngineUnavailable(EngineError):
    code = "engine-unavailable"
    message = _("The recognition engine does not start. Ask the administrator to run “doctor”.")


class PageAbandoned(EngineError):
    code = "page-abandoned"
    message = _(
        "Recognition of this page was interrupted %(attempts)s times (out of memory or time). Scan "
        "it at a lower resolution and try again."
    )


class PictureUnfit(EngineError):
    code = "picture-unfit"
    message = _(
        "This image (%(width)s x %(height)s pixels) cannot be resized to fit the limits of the "
        "service. Scan the page again, or crop it."
    )


class CredentialRemoved(EngineError):
    code = "credential-removed"
    message = _(
        "The credential of this job was removed, or is no longer shared with you. Submit the job "
        "again with another credential."
    )


class CloudApiError(EngineError):
    """An error response of the cloud: ``cloud_code``, and ``cloud_message`` without secrets."""

    code = "cloud-api-error"
    message = _("Huawei Cloud returned error %(cloud_code)s: %(cloud_message)s")

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
        texts = {"cause": _ended(known.cause), "remedy": _ended(known.remedy)}
        return gettext("%(cause)s %(remedy)s") % texts + shown


class CloudRefused(CloudApiError):
    code = "cloud-refused"


class TransientError(EngineError):
    """Sending the page again later may succeed."""

    code = "cloud-transient-error"
    message = _("Huawei Cloud returned an unexpected response. Retry the page later.")
    retryable = True


class CloudThrottled(CloudApiError, TransientError):
    """Too many calls. ``calls_per_minute``: the limit that the cloud states, else 0."""

    code = "cloud-throttled"


class ServerError(CloudApiError, TransientError):
    code = "cloud-fault"


class CloudUnreachable(TransientError):
    code = "cloud-unreachable"
    message = _("%(host)s cannot be reached. Check the network, proxy and firewall, then retry.")


class CloudTimeout(TransientError):
    code = "cloud-timeout"
    message = _("%(host)s did not respond in time. Retry the page later.")


class CloudAnswerUnreadable(TransientError):
    code = "cloud-answer-unreadable"
    message = _(
        "%(host)s returned something other than a response of the service (HTTP %(status)s). Check "
        "the address and the proxy, or retry the page later."
    )


class CallsSuspended(EngineError):
    """Calls fail until a user or administrator fixes the cause: pages wait instead of failing."""

    code = "calls-suspended"
    message = _("No pages are being sent for now.")
    scope: ClassVar[str] = "credential"
    """What is suspended: all calls of the ``credential``, or its calls to one ``service``."""


class CredentialRefused(CloudApiError, CallsSuspended):
    code = "credential-refused"


class ServiceRefused(CloudApiError, CallsSuspended):
    code = "service-refused"
    scope = "service"


class CertificateRefused(CallsSuspended):
    code = "certificate-refused"
    message = _(
        "The certificate of %(host)s is not trusted. Ask the portal administrator to add the CA "
        "certificate of your proxy or private cloud to the credential, then retry."
    )


class CallCapReached(CallsSuspended):
    code = "call-cap-reached"
    message = _(
        "Your limit of %(cap)s calls per month is reached. The remaining pages continue next "
        "month, or when an administrator raises the limit."
    )


def _ended(sentence: str) -> str:
    """The sentence with its full stop."""
    if sentence.endswith((".", "。", "!", "！", "?", "？")):
        return sentence
    return sentence + ("。" if ord(sentence[-1]) > 0x2E7F else ".")
