"""A PDF file, written front to back: each object as it comes, the table of them at the end.

Nothing written is kept but where it begins, so a book of a thousand scans needs no more
memory than one of its pages.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line tells that the file is binary
_SPECIAL = re.compile(rb"[\\()]")


class Name(str):
    """A PDF name, without its slash; an ordinary string is text for people."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Where another object stands in for itself."""

    number: int


Value = Name | Ref | str | bytes | bool | int | float | Sequence["Value"] | Mapping[str, "Value"]
"""What PDF can say, in Python's types; ``bytes`` are a string that is not text."""


class PdfFile:
    """A file that is being written to ``out``, which need not be seekable."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._position = 0
        self._begins: list[int] = []
        self._write(_HEADER)

    def reserve(self) -> Ref:
        """A reference to an object that is added later."""
        self._begins.append(0)
        return Ref(len(self._begins))

    def add(self, value: Value, ref: Ref | None = None) -> Ref:
        """Write an object, in the place that was reserved for it if one was."""
        return self._add(syntax(value), ref)

    def add_stream(
        self,
        data: bytes,
        entries: Mapping[str, Value] | None = None,
        *,
        ref: Ref | None = None,
        packed: bool = True,
    ) -> Ref:
        """Write a stream, compressed unless ``packed`` is False or ``entries`` name a filter."""
        entries = dict(entries or {})
        if packed and "Filter" not in entries:
            entries["Filter"] = Name("FlateDecode")
            data = zlib.compress(data, zlib.Z_BEST_COMPRESSION)
        entries["Length"] = len(data)
        return self._add(b"%b\nstream\n%b\nendstream" % (syntax(entries), data), ref)

    def finish(self, catalog: Mapping[str, Value], info: Mapping[str, Value]) -> None:
        """Write what a reader begins with. The file is complete then; ``out`` stays open."""
        root, about = self.add(catalog), self.add(info)
        table = self._position
        rows = b"".join(b"%010d 00000 n \n" % begin for begin in self._begins)
        digest = hashlib.sha256(rows + syntax(info)).digest()[:16]
        count = len(self._begins) + 1
        trailer: dict[str, Value] = {"Size": count, "Root": root, "Info": about}
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows))
        self._write(b"trailer\n%b\n" % syntax({**trailer, "ID": [digest, digest]}))
        self._write(b"startxref\n%d\n%%%%EOF\n" % table)

    def _add(self, content: bytes, ref: Ref | None) -> Ref:
        ref = ref or self.reserve()
        self._begins[ref.number - 1] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (ref.number, content))
        return ref

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._position += len(data)


def syntax(value: Value) -> bytes:
    """A value as it is written in PDF."""
    match value:
        case Name():
            return b"/" + value.encode("ascii")
        case Ref():
            return b"%d 0 R" % value.number
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case float():
            return number(value)
        case str():
            return _text(value)
        case bytes():
            return b"<%b>" % value.hex().encode()
        case Mapping():
            entries = b"".join(b"/%b %b\n" % (key.encode(), syntax(v)) for key, v in value.items())
            return b"<<\n%b>>" % entries
        case _:
            return b"[%b]" % b" ".join(syntax(entry) for entry in value)


def number(value: float, places: int = 4) -> bytes:
    """A number without what it does not need: PDF knows no exponents."""
    digits = f"{value:.{places}f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return b"0" if digits == "-0" else digits.encode()


def _text(text: str) -> bytes:
    if text.isascii() and text.isprintable():
        return b"(%b)" % _SPECIAL.sub(rb"\\\g<0>", text.encode())
    return syntax(b"\xfe\xff" + text.encode("utf-16-be", "replace"))
