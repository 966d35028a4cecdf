"""Why results cannot become a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ocrportal.errors.base import PortalError


class ExportError(PortalError):
    code = "export-failed"
    message = _("The file could not be written.")


class NothingToExport(ExportError):
    code = "nothing-to-export"
    message = _("No page has been recognised yet. Wait until the first page is done.")


class UnknownFormat(ExportError):
    code = "format-unknown"
    message = _("“%(format)s” is not an export format. Choose one of: %(known)s.")


class NoTimeCodes(ExportError):
    code = "no-time-codes"
    message = _(
        "Only videos have time codes, so only videos can be exported as subtitles. Choose Text or "
        "Word."
    )


class NoAnswers(ExportError):
    code = "no-answers"
    message = _(
        "No page was recognised by a cloud service, so there is no raw response to export. Choose "
        "JSON."
    )


class DeliveryAbandoned(ExportError):
    code = "delivery-abandoned"
    message = _(
        "Writing the files was interrupted %(attempts)s times (out of memory or time). Save fewer "
        "formats at once, or download them."
    )


class ExportAbandoned(ExportError):
    code = "export-abandoned"
    message = _(
        "Writing the file was interrupted %(attempts)s times (out of memory or time). Choose "
        "another format, or export the documents one by one."
    )


class ExportNotReady(ExportError):
    code = "export-not-ready"
    message = _("The file is not ready yet. Download it once its status is “done”.")


class UnknownExportOption(ExportError):
    code = "export-option-unknown"
    message = _("“%(value)s” is not valid for “%(option)s”. Choose one of: %(known)s.")
