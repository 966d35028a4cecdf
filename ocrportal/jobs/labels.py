"""Names given by users: stored as labels, never used as paths."""

from __future__ import annotations

import unicodedata

MAX_NAME_LENGTH = 255
"""The length of a label, more than file systems allow for a name."""


def label_of(name: str) -> str:
    """The name as a label, without characters that screens cannot show.

    Blanks of every kind become plain ones: macOS writes some between time and “PM”.
    """
    plain = (" " if unicodedata.category(char) == "Zs" else char for char in name)
    shown = "".join(char for char in plain if char.isprintable()).strip()
    return shown[:MAX_NAME_LENGTH] or "—"
