"""A page picture as a PDF image, its bytes taken over unchanged wherever PDF allows it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from ocrportal.errors import ExportError
from ocrportal.exporters.pdf_file import PdfFile

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_JPEG_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}


def write_picture(pdf: PdfFile, data: bytes) -> int:
    """Write the bytes of a JPEG or PNG file as an image; returns its object number.

    Raises ExportError for anything that cannot be read as a picture.
    """
    if data.startswith(_PNG_SIGNATURE):
        written = _write_png(pdf, data)
        if written is not None:
            return written
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format == "JPEG" and image.mode in _JPEG_SPACES:
                entries = _entries(image.width, image.height, _JPEG_SPACES[image.mode], 8)
                return pdf.write_stream(f"{entries} /Filter /DCTDecode", data, deflate=False)
            return _write_pixels(pdf, image)
    except (OSError, ValueError, Image.DecompressionBombError) as exc:
        raise ExportError from exc


def _write_png(pdf: PdfFile, data: bytes) -> int | None:
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
    space = {_GREY: "/DeviceGray", _RGB: "/DeviceRGB"}.get(kind, "")
    if kind == _PALETTE:
        palette = b"".join(body for name, body in chunks if name == b"PLTE")
        space = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    colours = 3 if kind == _RGB else 1
    entries = (
        f"{_entries(width, height, space, bits)} /Filter /FlateDecode /DecodeParms"
        f" << /Predictor 15 /Colors {colours} /BitsPerComponent {bits} /Columns {width} >>"
    )
    rows = b"".join(body for name, body in chunks if name == b"IDAT")
    return pdf.write_stream(entries, rows, deflate=False)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG_SIGNATURE)
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


def _write_pixels(pdf: PdfFile, image: Image.Image) -> int:
    """Any other picture, lossless, with transparent parts white like paper."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(layered)
        image = paper
    flat = image.convert("L" if image.mode in ("1", "L") else "RGB")
    entries = _entries(flat.width, flat.height, _JPEG_SPACES[flat.mode], 8)
    return pdf.write_stream(entries, flat.tobytes())


def _entries(width: int, height: int, space: str, bits: int) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
        f" /ColorSpace {space} /BitsPerComponent {bits}"
    )
