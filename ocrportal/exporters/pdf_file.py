"""The bare structure of a PDF file, written front to back.

A PDF is numbered objects followed by a table of their positions. Each object leaves
memory as soon as it is written; what stays is one number per object, so that a thousand
scanned pages need no more memory than one. (Libraries that lay out reports, reportlab
among them, keep all pictures until the end and decode PNG pictures to do so.)
"""

from __future__ import annotations

import hashlib
import zlib
from typing import BinaryIO


class PdfFile:
    """Writes objects to ``out``, which need not be seekable."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._position = 0
        self._digest = hashlib.sha256()
        self._offsets: list[int] = []
        # The second line tells transfer programs that this is not a text file.
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def write(self, body: str, number: int | None = None) -> int:
        """Write one object in PDF syntax (ASCII); returns its number."""
        return self._write(body.encode("ascii"), number)

    def write_stream(self, entries: str, data: bytes, *, deflate: bool = True) -> int:
        """Write a stream with its dictionary ``entries``; returns its number.

        ``deflate=False`` is for data that is already compressed and says so itself.
        """
        if deflate:
            data = zlib.compress(data, 9)
            entries += " /Filter /FlateDecode"
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode("ascii")
        return self._write(head + data + b"\nendstream", None)

    def close(self, root: int, info: int) -> None:
        """Write the table of objects and the trailer; ``out`` itself stays open."""
        start = self._position
        size = len(self._offsets) + 1
        table = [f"xref\n0 {size}\n0000000000 65535 f \n"]
        table += [f"{offset:010d} 00000 n \n" for offset in self._offsets]
        identity = self._digest.hexdigest()[:32]
        trailer = (
            f"trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R"
            f" /ID [<{identity}> <{identity}>] >>\nstartxref\n{start}\n%%EOF\n"
        )
        self._put("".join([*table, trailer]).encode("ascii"))

    def _write(self, body: bytes, number: int | None) -> int:
        number = number or self.reserve()
        self._offsets[number - 1] = self._position
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._position += len(data)


def text_string(text: str) -> str:
    """Human-readable text as PDF syntax, for titles and the like."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex()}>"


def number(value: float, decimals: int = 2) -> str:
    """A number as PDF syntax; two decimals of a point are finer than any printer."""
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
