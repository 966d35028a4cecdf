"""Many files as one ZIP, and names that every system takes."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import BinaryIO

MAX_NAME = 255
"""Bytes of UTF-8, ending included: the least that today's file systems take."""
REPLACED = re.compile(r'[<>:"/\\|?*]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
"""Names that mean devices on Windows, with any ending."""


def safe_file_name(label: str, extension: str) -> str:
    """A file name of what a user called something, and an ending with its dot.

    Keeps every script of the world, but nothing that could lead out of a folder, that a
    screen cannot show or that Windows refuses; 255 bytes of UTF-8 at most.
    """
    shown = "".join(character for character in label if character.isprintable())
    stem = REPLACED.sub("_", shown).strip(" .") or "document"
    if RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    room = MAX_NAME - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + extension


def unique_names() -> Callable[[str], str]:
    """A function that gives each name back once, then as ``name (2).ext``, ``name (3).ext``.

    Names that differ in case alone count as one, as they do on Windows and macOS.
    """
    given: dict[str, int] = {}
    """The names, each with the number that was last put behind it."""

    def unique(name: str) -> str:
        path = PurePath(name)
        number, fresh = given.get(name.casefold(), 1), name
        while fresh.casefold() in given:
            number += 1
            fresh = safe_file_name(path.stem, f" ({number}){path.suffix}")
        given[name.casefold()] = number
        given.setdefault(fresh.casefold(), 1)
        return fresh

    return unique


def write_archive(files: Iterable[tuple[str, BinaryIO]], out: BinaryIO) -> None:
    """Write named files as a ZIP, one after the other; equal names are numbered.

    Each file is read in pieces, and its content is needed only while its turn lasts.
    """
    fresh_name = unique_names()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            with archive.open(fresh_name(name), "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member)
