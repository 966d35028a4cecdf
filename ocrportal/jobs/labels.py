"""Names that users give to things: kept as labels, never as paths."""

from __future__ import annotations

LONGEST = 255
"""Characters of a label; more than any file system gives a name."""


def label_of(name: str) -> str:
    """A name as a label: kept as given, but for characters no screen can show."""
    shown = "".join(character for character in name if character.isprintable()).strip()
    return shown[:LONGEST] or "—"
