"""Writes a PDF file as a stream: the objects one by one, and the cross-reference table at the end.

Only the offsets of the objects are in memory, so a thousand scanned pages need no more memory
than one page. pikepdf cannot do this: it keeps the streams of a new file until the file is saved.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line marks the file as binary
_SPECIAL = re.compile(rb"[\\()]")


class Name(str):
    """A PDF name without its slash; an ordinary ``str`` is a text string."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """An indirect reference to another object."""

    number: int


Value = Name | Ref | str | bytes | bool | int | float | Sequence["Value"] | Mapping[str, "Value"]
"""A PDF object in Python's types; ``bytes`` are a byte string."""


class PdfFile:
    """A PDF file written to ``out``, which need not be seekable."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._position = 0
        self._offsets: list[int] = []
        self._write(_HEADER)

    def reserve(self) -> Ref:
        """Return a reference to an object that is added later."""
        self._offsets.append(0)
        return Ref(len(self._offsets))

    def add(self, value: Value, ref: Ref | None = None) -> Ref:
        """Write an object, as the reserved object ``ref`` if given."""
        return self._add(serialize(value), ref)

    def add_stream(
        self,
        data: bytes,
        entries: Mapping[str, Value] | None = None,
        *,
        ref: Ref | None = None,
        compress: bool = True,
    ) -> Ref:
        """Write a stream, compressed if ``compress`` is set and ``entries`` have no filter."""
        entries = dict(entries or {})
        if compress and "Filter" not in entries:
            entries["Filter"] = Name("FlateDecode")
            data = zlib.compress(data, zlib.Z_BEST_COMPRESSION)
        entries["Length"] = len(data)
        return self._add(b"%b\nstream\n%b\nendstream" % (serialize(entries), data), ref)

    def finish(self, catalog: Mapping[str, Value], info: Mapping[str, Value]) -> None:
        """Write catalog, information and trailer, which complete the file; ``out`` stays open."""
        root, about = self.add(catalog), self.add(info)
        table = self._position
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        digest = hashlib.sha256(rows + serialize(info)).digest()[:16]
        count = len(self._offsets) + 1
        trailer: dict[str, Value] = {"Size": count, "Root": root, "Info": about}
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows))
        self._write(b"trailer\n%b\n" % serialize({**trailer, "ID": [digest, digest]}))
        self._write(b"startxref\n%d\n%%%%EOF\n" % table)

    def _add(self, content: bytes, ref: Ref | None) -> Ref:
        ref = ref or self.reserve()
        self._offsets[ref.number - 1] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (ref.number, content))
        return ref

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._position += len(data)


def serialize(value: Value) -> bytes:
    """An object in the syntax of PDF."""
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
            entries = b"".join(
                b"/%b %b\n" % (key.encode(), serialize(v)) for key, v in value.items()
            )
            return b"<<\n%b>>" % entries
        case _:
            return b"[%b]" % b" ".join(serialize(entry) for entry in value)


def number(value: float, places: int = 4) -> bytes:
    """A number without trailing zeros; PDF does not allow exponents."""
    digits = f"{value:.{places}f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return b"0" if digits == "-0" else digits.encode()


def _text(text: str) -> bytes:
    if text.isascii() and text.isprintable():
        return b"(%b)" % _SPECIAL.sub(rb"\\\g<0>", text.encode())
    return serialize(b"\xfe\xff" + text.encode("utf-16-be", "replace"))
