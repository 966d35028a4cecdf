"""The few things that templates cannot say by themselves."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ocrportal.catalogue.spec import services

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of static/vendor/bootstrap-icons/sprite.svg, beside text that says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("vendor/bootstrap-icons/sprite.svg"),
        name,
    )


FILE_ICONS = {"application/pdf": "file-earmark-pdf", "image/tiff": "files"}


@register.filter
def file_icon(media_type: str) -> str:
    """The icon's name for a kind of file."""
    if media_type in FILE_ICONS:
        return FILE_ICONS[media_type]
    return "file-earmark-image" if media_type.startswith("image/") else "file-earmark"


STATE_ICONS = {
    "waiting": "hourglass-split",
    "queued": "hourglass-split",
    "opening": "hourglass-split",
    "running": "hourglass-split",
    "done": "check-circle",
    "partial": "exclamation-triangle",
    "failed": "x-circle",
    "cancelled": "slash-circle",
}


@register.filter
def state_icon(status: str) -> str:
    """The icon's name for the state of a job or page."""
    return STATE_ICONS[status]


@register.filter
def thousands(number: int) -> str:
    """A whole number with a comma every three digits, as both languages write it."""
    return f"{number:,}"


@register.filter
def service_name(key: str) -> str:
    """The service's name in the active language; the key once the catalogue has dropped it."""
    entry = services().get(key)
    return entry.name if entry else key
