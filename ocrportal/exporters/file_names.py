"""File names that every operating system accepts, unique where that is needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

MAX_NAME = 255
"""Bytes of UTF-8 with the extension: the limit of common file systems."""
REPLACED = re.compile(r'[<>:"/\\|?*]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
"""Names of devices on Windows, with any extension."""


def safe_file_name(label: str, extension: str) -> str:
    """A file name made of a user's label and an extension with its dot.

    Keeps the characters of every script, but no path separators, no unprintable characters and
    none that Windows rejects. At most 255 bytes of UTF-8.
    """
    printable = "".join(character for character in label if character.isprintable())
    stem = REPLACED.sub("_", printable).strip(" .") or "document"
    if RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    room = MAX_NAME - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + extension


def unique_names() -> Callable[[str], str]:
    """A function that returns each name once, then ``name (2).ext``, ``name (3).ext``.

    Names that differ in case only count as equal, as on Windows and macOS. A name can have
    folders, separated by slashes.
    """
    used: dict[str, int] = {}
    """The names in lower case, each with the last number that was added to it."""

    def unique(name: str) -> str:
        path = PurePosixPath(name)
        number, result = used.get(name.casefold(), 1), name
        while result.casefold() in used:
            number += 1
            result = str(path.with_name(safe_file_name(path.stem, f" ({number}){path.suffix}")))
        used[name.casefold()] = number
        used.setdefault(result.casefold(), 1)
        return result

    return unique
