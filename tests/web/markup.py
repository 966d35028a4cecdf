"""The markup of a response, for comparison without its line breaks."""

from __future__ import annotations

import re

from django.http import HttpResponse


def compact(response: HttpResponse) -> str:
    """The body with single spaces, and none beside tags and within their ends."""
    html = re.sub(r"\s+", " ", response.content.decode())
    return re.sub(r"> | <| (?=>)", lambda found: found[0].strip(), html)
