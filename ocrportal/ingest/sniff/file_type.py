"""Detects the format of a file from its content, since names and media types can be wrong."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ocrportal.errors.ingest import AlreadyText, EmptyFile, UnsupportedFormat
from ocrportal.ingest.sniff.compound import MAGIC as COMPOUND_MAGIC
from ocrportal.ingest.sniff.compound import kind_of_compound
from ocrportal.ingest.sniff.zip_package import kind_of_zip


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can become page pictures."""

    key: str
    """A stable identifier that selects the reader in ``pages.py``."""
    media_type: str
    extension: str
    """The default file name extension, without the dot."""
    kind: Literal["pages", "office", "ofd", "video", "archive"] = "pages"
    """How it is opened: "pages" by ``pages.py`` directly; "office", "ofd" and "video" after a
    conversion; an "archive" is extracted, and each file in it is detected in turn."""


_SIGNATURES: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (re.compile(rb"\xff\xd8\xff"), Format("jpeg", "image/jpeg", "jpg")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Format("png", "image/png", "png")),
    (re.compile(rb"GIF8[79]a"), Format("gif", "image/gif", "gif")),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Format("webp", "image/webp", "webp")),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), Format("tiff", "image/tiff", "tiff")),
    # The box format, and the bare codestream that some scanners write.
    (re.compile(rb"\0\0\0\x0cjP  \r\n\x87\n"), Format("jp2", "image/jp2", "jp2")),
    (re.compile(rb"\xff\x4f\xff\x51"), Format("jp2", "image/jp2", "j2k")),
    # Text can start with "BM" too; the size of the second header is one of a few numbers.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL),
     Format("bmp", "image/bmp", "bmp")),
    # Version, run lengths, bits per pixel, and a byte that is always zero.
    (re.compile(rb"\x0a[\0\x02\x03\x05]\x01[\x01\x02\x04\x08].{60}\0", re.DOTALL),
     Format("pcx", "image/vnd.zbrush.pcx", "pcx")),
    # At least one entry, whose fourth byte is always zero.
    (re.compile(rb"\0\0\x01\0[^\0]\0.{3}\0[\0\x01]\0", re.DOTALL),
     Format("ico", "image/vnd.microsoft.icon", "ico")),
    (re.compile(rb"8BPS\0\x01"), Format("psd", "image/vnd.adobe.photoshop", "psd")),
    (re.compile(rb"RIFF.{4}AVI ", re.DOTALL), Format("avi", "video/x-msvideo", "avi", "video")),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,60}?webm", re.DOTALL),
     Format("webm", "video/webm", "webm", "video")),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,60}?matroska", re.DOTALL),
     Format("mkv", "video/matroska", "mkv", "video")),
    # QuickTime without "ftyp"; the size in front distinguishes it from text.
    (re.compile(rb"[\0-\x08].{3}(moov|mdat|wide|pnot)", re.DOTALL),
     Format("mov", "video/quicktime", "mov", "video")),
)  # fmt: skip
"""Formats with a signature at the start of the file; add a line to accept another one."""

# Mail systems and old printers add up to 1024 bytes before the header. It is checked last,
# since a ZIP can start with a stored PDF.
_PDF_HEADER = re.compile(rb".{0,1024}?%PDF-", re.DOTALL)
_PDF = Format("pdf", "application/pdf", "pdf")

_HEIC = Format("heic", "image/heic", "heic")
_AVIF = Format("avif", "image/avif", "avif")
_BRANDED = re.compile(rb"(?P<size>.{4})ftyp(?P<major>.{4}).{4}", re.DOTALL)
_BRANDS = (
    (re.compile(rb"avi[fs]"), _AVIF),
    (re.compile(rb"he[iv][cxms]"), _HEIC),
    (re.compile(rb"qt  "), Format("mov", "video/quicktime", "mov", "video")),
    # Picture containers whose compatible brands name the codec.
    (re.compile(rb"m[is]f1"), _HEIC),
    # Audio, and camera raw data.
    (re.compile(rb"M4[ABP] |crx "), None),
    (re.compile(rb".{4}", re.DOTALL), Format("mp4", "video/mp4", "mp4", "video")),
)

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_CONTAINED = {
    known.key: known
    for known in (
        Format("docx", _OPEN_XML + "wordprocessingml.document", "docx", "office"),
        Format("xlsx", _OPEN_XML + "spreadsheetml.sheet", "xlsx", "office"),
        Format("pptx", _OPEN_XML + "presentationml.presentation", "pptx", "office"),
        Format("odt", _OPEN_DOCUMENT + "text", "odt", "office"),
        Format("ods", _OPEN_DOCUMENT + "spreadsheet", "ods", "office"),
        Format("odp", _OPEN_DOCUMENT + "presentation", "odp", "office"),
        Format("doc", "application/msword", "doc", "office"),
        Format("xls", "application/vnd.ms-excel", "xls", "office"),
        Format("ppt", "application/vnd.ms-powerpoint", "ppt", "office"),
        Format("ofd", "application/ofd", "ofd", "ofd"),
        Format("zip", "application/zip", "zip", "archive"),
    )
}
"""Formats detected by the contents of a ZIP or a compound file."""

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!doctype html|<(html|head|body)\b", re.IGNORECASE), "HTML"),
    (re.compile(r"(<\?xml.*?\?>|<!.*?>|\s)*<svg\b", re.IGNORECASE | re.DOTALL), "SVG"),
    (re.compile(r"<(\?xml|[a-z][\w:.-]*)[^<]*>", re.IGNORECASE), "XML"),
    (re.compile(r"\{\\rtf"), "RTF"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "gb18030")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEAD_BYTES = 4096


def sniff(file: BinaryIO) -> Format:
    """Return the format of ``file`` and leave it at position 0.

    Reads the first 4 kB, and the directory of a container (ZIP, OLE2). Raises EmptyFile,
    AlreadyText (with the kind of text), UnsupportedFormat, DamagedFile (no directory) and
    ConversionFailed (an encrypted Office file).
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    try:
        return _format_of(file, head)
    finally:
        file.seek(0)


def _format_of(file: BinaryIO, head: bytes) -> Format:
    if not head:
        raise EmptyFile
    for signature, known in _SIGNATURES:
        if signature.match(head):
            return known
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _CONTAINED[kind_of_zip(file)]
    if head.startswith(COMPOUND_MAGIC):
        return _CONTAINED[kind_of_compound(file)]
    if branded := _BRANDED.match(head):
        return _format_of_brand(branded, head)
    if _PDF_HEADER.match(head):
        return _PDF
    text = _as_text(head)
    if text is None:
        raise UnsupportedFormat
    raise AlreadyText(kind=_kind_of(text))


def _format_of_brand(branded: re.Match[bytes], head: bytes) -> Format:
    """The format of an ISO base media file, from its major brand or its compatible brands."""
    major = branded["major"]
    if major in (b"mif1", b"msf1"):
        compatible = head[branded.end() : int.from_bytes(branded["size"])]
        if b"avif" in compatible or b"avis" in compatible:
            return _AVIF
    known = next(known for brand, known in _BRANDS if brand.fullmatch(major))
    if known is None:
        raise UnsupportedFormat
    return known


def _as_text(head: bytes) -> str | None:
    encodings: tuple[str, ...] = _ENCODINGS
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            head, encodings = head[len(mark) :], (encoding,)
    for encoding in encodings:
        try:
            # Not final: the head may end within a character.
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return None if _BINARY.search(text) else text
    return None


def _kind_of(text: str) -> str:
    start = text.lstrip()
    for pattern, kind in _MARKUP:
        if pattern.match(start):
            return kind
    return "CSV" if _is_table(text) else "TXT"


def _is_table(text: str) -> bool:
    lines = [line for line in text.splitlines()[:10] if line.strip()]
    if len(lines) < 2:
        return False
    return any(
        lines[0].count(separator) > 0
        and len({line.count(separator) for line in lines[:5]}) == 1
        for separator in ",;\t"
    )  # fmt: skip
