"""Reads sizes of pictures from their headers, for formats that Pillow decodes on opening."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.errors.ingest import DamagedFile, TooManyPages

MAX_FRAMES = 10_000
"""Several minutes of animation. A hostile file could hold millions of empty frames."""

_PNG = b"\x89PNG\r\n\x1a\n"
_ICON_ENTRY_BYTES = 16


def gif_sizes(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield the width and height of the canvas for each frame of a GIF.

    Raises DamagedFile (no frame), TooManyPages.
    """
    file.seek(0)
    head = file.read(13)
    if len(head) < 13:
        raise DamagedFile
    canvas = (int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))
    _skip_palette(file, head[10])
    frames = 0
    while (mark := file.read(1)) and mark != b";":
        if mark == b"!":
            file.seek(1, os.SEEK_CUR)
            _skip_blocks(file)
        elif mark == b",":
            place = file.read(9)
            if len(place) < 9:
                break
            left, top, width, height = (
                int.from_bytes(place[at : at + 2], "little") for at in (0, 2, 4, 6)
            )
            frames += 1
            if frames > MAX_FRAMES:
                raise TooManyPages(pages=frames, limit=MAX_FRAMES)
            yield max(canvas[0], left + width), max(canvas[1], top + height)
            _skip_palette(file, place[8])
            file.seek(1, os.SEEK_CUR)
            _skip_blocks(file)
    if not frames:
        raise DamagedFile


def icon_sizes(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield the width and height of each picture in an ICO, since its directory can be wrong.

    Raises DamagedFile.
    """
    file.seek(0)
    count = int.from_bytes(file.read(6)[4:], "little")
    entries = file.read(count * _ICON_ENTRY_BYTES)
    if not count or len(entries) < count * _ICON_ENTRY_BYTES:
        raise DamagedFile
    for start in range(0, len(entries), _ICON_ENTRY_BYTES):
        file.seek(int.from_bytes(entries[start + 12 : start + 16], "little"))
        head = file.read(24)
        if head.startswith(_PNG):
            yield int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
        else:
            # A bitmap without a file header; its mask doubles the height.
            width = int.from_bytes(head[4:8], "little", signed=True)
            height = int.from_bytes(head[8:12], "little", signed=True)
            yield abs(width), abs(height) // 2


def _skip_palette(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, os.SEEK_CUR)


def _skip_blocks(file: BinaryIO) -> None:
    while (length := file.read(1)) and length != b"\0":
        file.seek(length[0], os.SEEK_CUR)
