"""Text inside XML and HTML: what they cannot hold is left out, nothing becomes markup."""

from __future__ import annotations

import html
import re

_ILLEGAL_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_in_xml(text: str) -> str:
    """A text without control characters and halves of surrogate pairs."""
    return _ILLEGAL_IN_XML.sub("", text)


def escaped(text: str) -> str:
    """A text as content or as the quoted value of an attribute."""
    return html.escape(legal_in_xml(text))
