"""The icon and the state of a document, as screens show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ocrportal.jobs.models import Document
from ocrportal.workers.extract_archive import ARCHIVE_TYPE

ICONS = (
    ("application/pdf", "file-earmark-pdf"),
    (ARCHIVE_TYPE, "file-earmark-zip"),
    ("image/tiff", "files"),
    ("image/", "file-earmark-image"),
    ("video/", "file-earmark-play"),
    ("wordprocessing", "file-earmark-word"),
    ("msword", "file-earmark-word"),
    ("opendocument.text", "file-earmark-word"),
    ("sheet", "file-earmark-spreadsheet"),
    ("excel", "file-earmark-spreadsheet"),
    ("presentation", "file-earmark-slides"),
    ("powerpoint", "file-earmark-slides"),
    ("ofd", "file-earmark-text"),
)
"""By a part of the media type; the first that fits."""

NEVER_CONVERTED = ("image/", "video/", "application/pdf")


def icon_of(media_type: str) -> str:
    """The icon's name for a kind of file."""
    fitting = (icon for part, icon in ICONS if part in media_type)
    return next(fitting, "file-earmark")


def state_of(document: Document) -> str:
    """The state of a document, in words."""
    if document.status != Document.Status.OPENING:
        return document.get_status_display()
    if not document.file:
        return _("Downloading")
    if document.media_type == ARCHIVE_TYPE:
        return _("Extracting")
    if document.converted or document.media_type.startswith(NEVER_CONVERTED):
        return document.get_status_display()
    return _("Converting")
