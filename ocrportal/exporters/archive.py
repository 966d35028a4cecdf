"""Many written files as one ZIP, and names that every system accepts."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO, cast

_LONGEST_NAME = 255
"""Bytes of UTF-8 that Linux allows for a file name."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[1-9¹²³]|LPT[1-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices, with whatever ending."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Categories without a visible sign: controls, turns of direction, half characters."""


def safe_file_name(label: str, extension: str) -> str:
    """A name for a file, in any script, that no system misunderstands.

    ``label`` may be anything, such as the name under which a stranger uploaded; folders,
    control characters and what Windows forbids are dropped. ``extension`` is ours, with
    its dot. The whole is at most 255 bytes of UTF-8.
    """
    name = unicodedata.normalize("NFC", label).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(char for char in name if unicodedata.category(char) not in _INVISIBLE)
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _fitting(name or "document", extension)


def write_archive(
    files: Iterable[tuple[str, str, Callable[[BinaryIO], None]]], out: BinaryIO
) -> None:
    """Write files into a ZIP as they come, holding none of them in memory.

    Each is (label, extension, write): the name is made by :func:`safe_file_name`, and
    names that differ at most in case are numbered: "a.docx", "a (2).docx".
    ``out`` need not be seekable.
    """
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for label, extension, write in files:
            name = _free_name(safe_file_name(label, extension), extension, taken)
            taken.add(name.casefold())
            with archive.open(name, "w", force_zip64=True) as entry:
                write(cast("BinaryIO", entry))


def _free_name(name: str, extension: str, taken: set[str]) -> str:
    stem = name.removesuffix(extension)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = _fitting(stem, f" ({number}){extension}")
    return name


def _fitting(stem: str, ending: str) -> str:
    room = _LONGEST_NAME - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + ending
