"""A page picture as a PDF image, its bytes taken over unchanged wherever PDF allows it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from ocrportal.errors import ExportError
from ocrportal.exporters.pdf_file import Name, Value

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_SPACES = {"L": Name("DeviceGray"), "RGB": Name("DeviceRGB")}


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """A picture in the form in which PDF holds it."""

    entries: dict[str, Value]
    data: bytes


def pdf_picture(data: bytes) -> PdfPicture:
    """The bytes of a JPEG or PNG file as a PDF image.

    Raises ExportError for anything that cannot be read as a picture.
    """
    if data.startswith(_PNG_SIGNATURE):
        plain = _plain_png(data)
        if plain is not None:
            return plain
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format == "JPEG" and image.mode in _SPACES:
                return _picture(
                    image.size, _SPACES[image.mode], 8, data, {"Filter": Name("DCTDecode")}
                )
            return _pixels(image)
    except (OSError, ValueError, Image.DecompressionBombError) as exc:
        raise ExportError from exc


def _plain_png(data: bytes) -> PdfPicture | None:
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
    space: Value = _SPACES["RGB" if kind == _RGB else "L"]
    if kind == _PALETTE:
        palette = b"".join(body for name, body in chunks if name == b"PLTE")
        space = [Name("Indexed"), Name("DeviceRGB"), len(palette) // 3 - 1, palette]
    parameters = {
        "Predictor": 15,
        "Colors": 3 if kind == _RGB else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    rows = b"".join(body for name, body in chunks if name == b"IDAT")
    entries: dict[str, Value] = {"Filter": Name("FlateDecode"), "DecodeParms": parameters}
    return _picture((width, height), space, bits, rows, entries)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG_SIGNATURE)
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


def _pixels(image: Image.Image) -> PdfPicture:
    """Any other picture, lossless, with transparent parts white like paper."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(layered)
        image = paper
    flat = image.convert("L" if image.mode in ("1", "L") else "RGB")
    rows = zlib.compress(flat.tobytes())
    return _picture(flat.size, _SPACES[flat.mode], 8, rows, {"Filter": Name("FlateDecode")})


def _picture(
    size: tuple[int, int], space: Value, bits: int, data: bytes, entries: dict[str, Value]
) -> PdfPicture:
    return PdfPicture(
        {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": size[0],
            "Height": size[1],
            "ColorSpace": space,
            "BitsPerComponent": bits,
            **entries,
        },
        data,
    )
