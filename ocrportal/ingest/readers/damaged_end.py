"""Repairs pictures whose files are damaged after their last pixel.

An interrupted copy often loses only the last bytes of a file: the end marker of a JPEG, or the
chunks after the pixels of a PNG. Pillow refuses such files. They are repaired if all pixels are in
the file. A picture that lacks some stays damaged, since users may not notice what is missing.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

_JPEG_END = b"\xff\xd9"
_FILLING = b"\x55" * 256
"""Data that the decoder of a JPEG takes for further pixels, if some are missing."""
_PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"pHYs"})
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by the colour type of a PNG."""


def with_repaired_end(data: bytes, key: str) -> bytes | None:
    """The file of a JPEG or PNG, its ``key``, with a new end; None if pixels are missing.

    Raises Pillow's errors for data that is damaged elsewhere.
    """
    if key == "jpeg":
        return _repaired_jpeg(data)
    return _repaired_png(data) if key == "png" else None


def _repaired_jpeg(data: bytes) -> bytes | None:
    data = data.rstrip(b"\xff")
    repaired = data + _JPEG_END
    with Image.open(io.BytesIO(repaired), formats=["JPEG"]) as image:
        if image.info.get("progressive"):
            return None  # each pixel is spread over the file
        pixels = np.asarray(image)
    filled = _pixels(data + _FILLING + _JPEG_END)
    return repaired if np.array_equal(pixels, filled) else None


def _pixels(data: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        return np.asarray(image)


def _repaired_png(data: bytes) -> bytes | None:
    chunks = list(_sound_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR":
        return None
    width, height, depth, colours, _, _, is_interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if is_interlaced or colours not in _SAMPLES:
        return None
    size = height * (1 + (width * depth * _SAMPLES[colours] + 7) // 8)
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    rows = zlib.decompressobj().decompress(packed, size)
    if len(rows) < size:
        return None
    head = [_chunk(kind, content) for kind, content in chunks if kind in _KEPT_CHUNKS]
    pixels = _chunk(b"IDAT", zlib.compress(rows, 1))
    return b"".join([_PNG_BEGIN, *head, pixels, _chunk(b"IEND", b"")])


def _sound_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG up to a damaged one, of which only pixels are used."""
    place = len(_PNG_BEGIN)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + length]
        sum_ = data[place + 8 + length : place + 12 + length]
        is_sound = sum_ == zlib.crc32(kind + content).to_bytes(4)
        if is_sound or kind == b"IDAT":
            yield kind, content
        if not is_sound:
            return
        place += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return b"%b%b%b%b" % (len(content).to_bytes(4), kind, content, checksum.to_bytes(4))
