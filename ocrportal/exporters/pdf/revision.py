"""Writes the changes of a PDF as a revision after the unchanged bytes of its source.

A digital signature covers the bytes of the file up to its own revision. It stays valid for them if
nothing before its end changes, and viewers show that version on request (ISO 32000-2, 7.5.6 and
12.8).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_TAIL = 2048
"""Bytes at the end of a file in which the place of its cross-reference table is searched."""
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_REFERENCE = re.compile(rb"(\d+) (\d+) R\b")
_Id = tuple[int, int]
"""Number and generation of an object."""
_OFFSET_BYTES = 8


class NotAppendable(Exception):
    """A revision cannot be added to the source: it is encrypted, damaged or unusual."""


def is_signed(pdf: Pdf) -> bool:
    """Whether a field of the file has a digital signature."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not isinstance(form.get("/Fields"), Array):
        return False
    return any(
        isinstance(entry, Dictionary) and "/ByteRange" in entry and "/Contents" in entry
        for entry in pdf.objects
    )


def write_revision(source: BinaryIO, pdf: Pdf, out: BinaryIO) -> None:
    """Write ``source``, and what has changed in ``pdf`` since it was opened from it, to ``out``.

    Raises NotAppendable before anything is written.
    """
    if pdf.is_encrypted or pdf.get_warnings():
        raise NotAppendable
    previous, has_table = _cross_reference(source)
    changed = _changed(source, pdf)
    source.seek(0)
    begin = out.tell()
    shutil.copyfileobj(source, out)
    if not changed:
        return
    out.write(b"\n")
    offsets: dict[_Id, int] = {}
    for identity, entry in sorted(changed.items()):
        offsets[identity] = out.tell() - begin
        out.write(b"%d %d obj\n%b\nendobj\n" % (*identity, _serialized(entry)))
    place = out.tell() - begin
    size = max(*(number + 1 for number, _generation in offsets), int(pdf.trailer.get("/Size", 0)))
    if has_table:
        trailer = _trailer(pdf, size, previous)
        out.write(_table(offsets) + b"trailer\n" + trailer.unparse() + b"\n")
    else:
        out.write(_stream(pdf, offsets, size, place, previous))
    out.write(b"startxref\n%d\n%%%%EOF\n" % place)


def _cross_reference(source: BinaryIO) -> tuple[int, bool]:
    """The offset of the last cross-reference section, and whether it is a table."""
    source.seek(0)
    if source.read(5) != b"%PDF-":
        raise NotAppendable  # offsets are counted from a header elsewhere
    end = source.seek(0, os.SEEK_END)
    source.seek(max(0, end - _TAIL))
    found = _START.findall(source.read())
    if not found:
        raise NotAppendable
    source.seek(int(found[-1]))
    begin = source.read(32)
    if begin.startswith(b"xref"):
        return int(found[-1]), True
    if re.match(rb"\d+ \d+ obj", begin):
        return int(found[-1]), False
    raise NotAppendable


def _changed(source: BinaryIO, pdf: Pdf) -> dict[_Id, Object]:
    """The objects that differ from those of the source, and the new ones that they refer to."""
    source.seek(0)
    with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as before:
        known = {entry.objgen for entry in _compound_objects(before)}
        changed = {
            entry.objgen: entry
            for entry in _compound_objects(pdf)
            if entry.objgen in known and not _is_equal(entry, before.get_object(*entry.objgen))
        }
    queue = list(changed.values())
    while queue:
        for number, generation in _REFERENCE.findall(_dictionary(queue.pop())):
            identity = int(number), int(generation)
            if identity in known or identity in changed:
                continue
            added = pdf.get_object(*identity)
            if isinstance(added, Object):  # or a number, a missing object, or part of a text
                changed[identity] = added
                queue.append(added)
    return changed


def _compound_objects(pdf: Pdf) -> Iterator[Object]:
    """The objects that can change; pikepdf returns numbers as those of Python."""
    return (entry for entry in pdf.objects if isinstance(entry, Object))


def _is_equal(after: Object, before: Object) -> bool:
    if _dictionary(after) != _dictionary(before):
        return False
    return not isinstance(after, Stream) or after.read_raw_bytes() == before.read_raw_bytes()


def _dictionary(entry: Object) -> bytes:
    """An object without the data of a stream."""
    return (entry.stream_dict if isinstance(entry, Stream) else entry).unparse(resolved=True)


def _serialized(entry: Object) -> bytes:
    if not isinstance(entry, Stream):
        return entry.unparse(resolved=True)
    data = entry.read_raw_bytes()
    about = Dictionary({**dict(entry.stream_dict.items()), "/Length": len(data)})
    return b"%b\nstream\n%b\nendstream" % (about.unparse(), data)


def _trailer(pdf: Pdf, size: int, previous: int) -> Dictionary:
    entries = {
        key: value
        for key in ("/Root", "/Info", "/ID")
        if (value := pdf.trailer.get(key)) is not None
    }
    return Dictionary({**entries, "/Size": size, "/Prev": previous})


def _table(offsets: Mapping[_Id, int]) -> bytes:
    rows = [b"xref\n"]
    for run in _runs(offsets):
        rows.append(b"%d %d\n" % (run[0][0], len(run)))
        rows += [b"%010d %05d n \n" % (offsets[identity], identity[1]) for identity in run]
    return b"".join(rows)


def _stream(pdf: Pdf, offsets: Mapping[_Id, int], size: int, place: int, previous: int) -> bytes:
    """The cross-reference stream, which is an object with an entry of its own."""
    own = size, 0
    places = {**offsets, own: place}
    about = _trailer(pdf, size + 1, previous)
    about.Type = Name.XRef
    about.W = Array([1, _OFFSET_BYTES, 2])
    about.Index = Array([part for run in _runs(places) for part in (run[0][0], len(run))])
    data = b"".join(
        b"\x01" + places[identity].to_bytes(_OFFSET_BYTES) + identity[1].to_bytes(2)
        for identity in sorted(places)
    )
    about.Length = len(data)
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (size, about.unparse(), data)


def _runs(ids: Iterable[_Id]) -> list[list[_Id]]:
    """The objects in runs of numbers that follow each other."""
    runs: list[list[_Id]] = []
    for identity in sorted(ids):
        if runs and runs[-1][-1][0] + 1 == identity[0]:
            runs[-1].append(identity)
        else:
            runs.append([identity])
    return runs
