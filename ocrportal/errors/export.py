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


class UnknownExportOption(ExportError):
    code = "export-option-unknown"
    message = _("“%(value)s” is no choice for “%(option)s”. Choose one of: %(known)s.")
