"""A page image as a PDF image, with unchanged bytes wherever PDF allows it.

For smaller files, images are converted to JPEG with a maximum resolution, and black and white
images to CCITT group 4, which is lossless. An image that would become larger is not converted.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from ocrportal.errors.export import ExportError
from ocrportal.exporters.options import Quality
from ocrportal.exporters.pdf.writer import Name, Value

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_QUALITIES = {"good": (80, 200), "small": (60, 150)}
"""JPEG quality of libjpeg, and maximum pixels per inch."""
_PHOTOMETRIC, _STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_SIZES = 262, 273, 278, 279
"""Tags of TIFF."""
_SPACES = {"L": Name("DeviceGray"), "RGB": Name("DeviceRGB")}


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """The dictionary entries and data of a PDF image."""

    entries: dict[str, Value]
    data: bytes


def pdf_picture(data: bytes, quality: Quality = "original", dpi: float = 0.0) -> PdfPicture:
    """The bytes of a JPEG or PNG file as a PDF image, of ``dpi`` pixels per inch of paper.

    Raises ExportError for data that is not a readable image.
    """
    whole = _whole(data)
    if quality == "original":
        return whole
    try:
        with Image.open(BytesIO(data)) as image:
            reduced = _reduced(image, *_QUALITIES[quality], dpi)
    except (OSError, ValueError, Image.DecompressionBombError) as exc:
        raise ExportError from exc
    return reduced if len(reduced.data) < len(whole.data) else whole


def _reduced(image: Image.Image, jpeg_quality: int, max_dpi: int, dpi: float) -> PdfPicture:
    if _is_bilevel(image):
        return _fax(image.convert("1"))
    flat = _flat(image)
    if dpi > max_dpi:
        shrink = max_dpi / dpi
        flat = flat.resize(
            (max(round(flat.width * shrink), 1), max(round(flat.height * shrink), 1)),
            Image.Resampling.LANCZOS,
        )
    out = BytesIO()
    flat.save(out, "JPEG", quality=jpeg_quality, optimize=True)
    filtered: dict[str, Value] = {"Filter": Name("DCTDecode")}
    return _picture(flat.size, _SPACES[flat.mode], 8, out.getvalue(), filtered)


def _is_bilevel(image: Image.Image) -> bool:
    """Whether an image is black and white only."""
    if image.mode == "1":
        return True
    if image.mode == "L":
        return not any(image.histogram()[1:255])
    return False


def _fax(image: Image.Image) -> PdfPicture:
    """A black and white image as CCITT group 4."""
    out = BytesIO()
    # The single strip of a TIFF file is valid image data in PDF.
    image.save(out, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    out.seek(0)
    with Image.open(out) as tiff:
        assert isinstance(tiff, TiffImageFile)
        tags = tiff.tag_v2
        begin, length = tags[_STRIP_OFFSETS][0], tags[_STRIP_SIZES][0]
        is_black_one = tags[_PHOTOMETRIC] == 0
    strip = out.getvalue()[begin : begin + length]
    parameters: dict[str, Value] = {
        "K": -1,
        "Columns": image.width,
        "Rows": image.height,
        "BlackIs1": not is_black_one,
    }
    entries: dict[str, Value] = {"Filter": Name("CCITTFaxDecode"), "DecodeParms": parameters}
    return _picture(image.size, _SPACES["L"], 1, strip, entries)


def _whole(data: bytes) -> PdfPicture:
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
    """A PNG image with its compressed rows unchanged, which are valid in PDF.

    None for images with transparency, 16 bits or interlacing, which PDF does not support.
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
    """Any other image, lossless."""
    flat = _flat(image)
    rows = zlib.compress(flat.tobytes())
    return _picture(flat.size, _SPACES[flat.mode], 8, rows, {"Filter": Name("FlateDecode")})


def _flat(image: Image.Image) -> Image.Image:
    """An image in grey or RGB, on a white background if it is transparent."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(layered)
        image = paper
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


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
