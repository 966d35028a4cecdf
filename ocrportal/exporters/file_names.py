"""File names that every operating system accepts, unique where that is needed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

MAX_NAME = 255
"""Bytes of UTF-8 with the extension: the limit of common file systems."""
REPLACED = re.compile(r'[<>:"/\\|?*]')
_SPACES = re.compile(r"[^\S\t-\r\x1c-\x1f\x85\u2028\u2029]")
"""Spaces of every width, but no breaks of lines."""
RESERVED = re.compile(r"(?i)(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
"""Names of devices on Windows, with any extension."""


def safe_file_name(label: str, extension: str) -> str:
    """A file name made of a user's label and an extension with its dot.

    Keeps the characters of every script, but no path separators, no unprintable characters and
    none that Windows rejects. At most 255 bytes of UTF-8.
    """
    spaced = _SPACES.sub(" ", label)
    printable = "".join(character for character in spaced if character.isprintable())
    stem = REPLACED.sub("_", printable).strip(" .") or "document"
    if RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    room = MAX_NAME - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + extension


def unique_names() -> Callable[[str], str]:
    """A function that returns each name once, then ``name (2).ext``, ``name (3).ext``.

    Names that differ in case only count as equal, as on Windows and macOS, and so do those that
    differ in the composition of their characters, as on macOS. A name can have folders, separated
    by slashes.
    """
    used: dict[str, int] = {}
    """The names as they are compared, each with the last number that was added to it."""

    def compared(name: str) -> str:
        return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())

    def unique(name: str) -> str:
        path = PurePosixPath(name)
        number, result = used.get(compared(name), 1), name
        while compared(result) in used:
            number += 1
            result = str(path.with_name(safe_file_name(path.stem, f" ({number}){path.suffix}")))
        used[compared(name)] = number
        used.setdefault(compared(result), 1)
        return result

    return unique
