"""Template tags and filters of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ocrportal.catalogue.spec import services
from ocrportal.errors.ingest import pixel_count
from ocrportal.jobs.models import Document, Page
from ocrportal.web.document_display import icon_of, state_of

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of static/vendor/bootstrap-icons/sprite.svg, beside text with the same meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("vendor/bootstrap-icons/sprite.svg"),
        name,
    )


@register.filter
def file_icon(media_type: str) -> str:
    """The icon's name for a kind of file."""
    return icon_of(media_type)


@register.filter
def document_state(document: Document) -> str:
    """The state of a document, in words."""
    return state_of(document)


@register.filter
def page_title(page: Page) -> str:
    """The page by its number; of facing pages also which of the two."""
    words = {
        0: gettext("Page %(number)s"),
        1: gettext("Page %(number)s, left"),
        2: gettext("Page %(number)s, right"),
    }
    return words[page.part] % {"number": page.number}


@register.filter
def clock(seconds: float) -> str:
    """A time of a video, such as 0:12 or 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@register.filter
def entry(entries: Mapping[int, Any], key: int) -> Any:
    """The value of a key; None if the mapping does not contain it."""
    return entries.get(key)


STATE_ICONS = {
    "waiting": "hourglass-split",
    "queued": "hourglass-split",
    "opening": "hourglass-split",
    "opened": "check-circle",
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
def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage, rounded down: 100% only where nothing is missing."""
    rounded = int(share * 1000) / 10
    return f"{rounded:g}%"


@register.filter
def pixels(megapixels: int) -> str:
    """A number of pixels as the active language writes it: “150 million”, “1.5 亿”."""
    return pixel_count(megapixels)


@register.filter
def thousands(number: int) -> str:
    """A whole number with a comma every three digits, as both languages write it."""
    return f"{number:,}"


@register.filter
def service_name(key: str) -> str:
    """The service's name in the active language; the key once the catalogue has dropped it."""
    entry = services().get(key)
    return entry.name if entry else key
