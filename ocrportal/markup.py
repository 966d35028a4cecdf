"""Text for XML and HTML: illegal characters are removed, and markup is escaped."""

from __future__ import annotations

import html
import re

_ILLEGAL_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_in_xml(text: str) -> str:
    """A text without control characters and lone surrogates."""
    return _ILLEGAL_IN_XML.sub("", text)


def escaped(text: str) -> str:
    """A text escaped for content and for quoted attribute values."""
    return html.escape(legal_in_xml(text))
