"""Names that users give to things: kept as labels, never as paths."""

from __future__ import annotations

import unicodedata

MAX_NAME_LENGTH = 255
"""Characters of a label; more than any file system gives a name."""


def label_of(name: str) -> str:
    """A name as a label: kept as given, but for characters no screen can show.

    Blanks of every kind become plain ones: macOS writes some between time and “PM”.
    """
    plain = (" " if unicodedata.category(char) == "Zs" else char for char in name)
    shown = "".join(char for char in plain if char.isprintable()).strip()
    return shown[:MAX_NAME_LENGTH] or "—"
