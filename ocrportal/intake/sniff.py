"""What a file is, told by its content alone: names and media types can lie."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from ocrportal.errors import AlreadyText, EmptyFile, UnsupportedFormat


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can become page pictures."""

    key: str
    """Stable word that chooses the reader in ``pages.py``."""
    media_type: str
    extension: str
    """Usual ending of such a file's name, without the dot."""


_SIGNATURES: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (re.compile(rb"\xff\xd8\xff"), Format("jpeg", "image/jpeg", "jpg")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Format("png", "image/png", "png")),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Format("webp", "image/webp", "webp")),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), Format("tiff", "image/tiff", "tiff")),
    # "BM" alone also begins words; the size of the second header is one of a few numbers.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL),
     Format("bmp", "image/bmp", "bmp")),
    # Mail systems and old printers leave up to 1024 bytes before the header.
    (re.compile(rb".{0,1024}?%PDF-", re.DOTALL), Format("pdf", "application/pdf", "pdf")),
)  # fmt: skip
"""All formats, matched against the beginning of the file; to accept one more, add its line."""

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
    """The format of ``file``, by its first few kilobytes; leaves it at position 0.

    Raises EmptyFile, AlreadyText (with the kind of text), UnsupportedFormat.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if not head:
        raise EmptyFile
    for signature, known in _SIGNATURES:
        if signature.match(head):
            return known
    text = _as_text(head)
    if text is None:
        raise UnsupportedFormat
    raise AlreadyText(kind=_kind_of(text))


def _as_text(head: bytes) -> str | None:
    encodings: tuple[str, ...] = _ENCODINGS
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            head, encodings = head[len(mark) :], (encoding,)
    for encoding in encodings:
        try:
            # Not the last piece of the file: a character cut in two at its end is no fault.
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
