"""Why results cannot become a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ocrportal.errors.base import PortalError


class ExportError(PortalError):
    code = "export-failed"
    message = _("The file could not be written.")


class NothingToExport(ExportError):
    code = "nothing-to-export"
    message = _("No page is recognised yet. Wait until the first page is done.")


class UnknownFormat(ExportError):
    code = "format-unknown"
    message = _("“%(format)s” is not an export format. Choose one of: %(known)s.")


class NoTimeCodes(ExportError):
    code = "no-time-codes"
    message = _("Only videos have time codes, so only they become subtitles. Choose Text or Word.")


class NoAnswers(ExportError):
    code = "no-answers"
    message = _("No page was read by a cloud service, so there is no answer of one. Choose JSON.")


class DeliveryAbandoned(ExportError):
    code = "delivery-abandoned"
    message = _(
        "Writing the files stopped %(attempts)s times before its end (out of memory or time). "
        "Save fewer formats at once, or download them."
    )


class UnknownExportOption(ExportError):
    code = "export-option-unknown"
    message = _("“%(value)s” is no choice for “%(option)s”. Choose one of: %(known)s.")
