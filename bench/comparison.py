"""Texts in the form in which they are compared."""

from __future__ import annotations

import unicodedata


def comparable(text: str) -> str:
    """The text in Unicode NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())
