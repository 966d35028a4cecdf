"""A page picture as a PDF image, its bytes taken over unchanged wherever PDF allows it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFStream,
)

from ocrportal.errors import ExportError

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_SPACES = {"L": PDFName("DeviceGray"), "RGB": PDFName("DeviceRGB")}


class PagePicture(PDFObject):  # type: ignore[misc]  # reportlab ships no types
    """The picture of a page as an object for reportlab, read when its turn to be written comes.

    reportlab's own images hold every picture until the end, decode it to tell it from the
    others, and give PNG back larger than it came.
    """

    # A stream stands by itself in a PDF file, and is only referred to from elsewhere.
    __RefOnly__ = 1

    def __init__(self, read_image: Callable[[], bytes]) -> None:
        """``read_image`` gives the bytes of a JPEG or PNG file."""
        self._read_image = read_image

    def format(self, document: PDFDocument) -> bytes:
        """The object in PDF syntax; raises ExportError if the picture cannot be read."""
        written: bytes = picture_object(self._read_image()).format(document)
        return written


def picture_object(data: bytes) -> PDFStream:
    """The bytes of a JPEG or PNG file as an image object for reportlab.

    Raises ExportError for anything that cannot be read as a picture.
    """
    if data.startswith(_PNG_SIGNATURE):
        plain = _plain_png(data)
        if plain is not None:
            return plain
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format == "JPEG" and image.mode in _SPACES:
                size = image.size
                return _image(size, _SPACES[image.mode], 8, data, {"Filter": PDFName("DCTDecode")})
            return _pixels(image)
    except (OSError, ValueError, Image.DecompressionBombError) as exc:
        raise ExportError from exc


def _plain_png(data: bytes) -> PDFStream | None:
    """A PNG's compressed rows are valid in PDF as they are, if it is a plain one.

    None for those with transparency, 16 bits or interlacing, which PDF does not know.
    """
    chunks = list(_png_chunks(data))
    header = next((body for name, body in chunks if name == b"IHDR"), b"")
    if len(header) != 13 or any(name == b"tRNS" for name, _ in chunks):
        return None
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if bits > 8 or kind not in (_GREY, _RGB, _PALETTE) or interlaced:
        return None
    space: Any = _SPACES["RGB" if kind == _RGB else "L"]
    if kind == _PALETTE:
        palette = b"".join(body for name, body in chunks if name == b"PLTE")
        table = PDFStream(PDFDictionary(), palette, [])
        space = PDFArray([PDFName("Indexed"), PDFName("DeviceRGB"), len(palette) // 3 - 1, table])
    parameters = {
        "Predictor": 15,
        "Colors": 3 if kind == _RGB else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    entries = {"Filter": PDFName("FlateDecode"), "DecodeParms": PDFDictionary(parameters)}
    rows = b"".join(body for name, body in chunks if name == b"IDAT")
    return _image((width, height), space, bits, rows, entries)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG_SIGNATURE)
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


def _pixels(image: Image.Image) -> PDFStream:
    """Any other picture, lossless, with transparent parts white like paper."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(layered)
        image = paper
    flat = image.convert("L" if image.mode in ("1", "L") else "RGB")
    rows = zlib.compress(flat.tobytes())
    return _image(flat.size, _SPACES[flat.mode], 8, rows, {"Filter": PDFName("FlateDecode")})


def _image(
    size: tuple[int, int], space: Any, bits: int, data: bytes, entries: dict[str, Any]
) -> PDFStream:
    dictionary = PDFDictionary(
        {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": size[0],
            "Height": size[1],
            "ColorSpace": space,
            "BitsPerComponent": bits,
            **entries,
        }
    )
    return PDFStream(dictionary, data, [])
