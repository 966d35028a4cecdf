"""Removes the invisible text layer of an earlier recognition from a page.

With two text layers, each text would be found and copied twice. Only operators that show
invisible text are removed, from the contents of the page and of its forms; operators that change
the graphics state are kept. Contents that are large or use unusual filters are not changed.
"""

from __future__ import annotations

import re
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

_MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the largest contents that are read."""
_MAX_COMPRESSION = 1032
"""Compression ratio of Flate, at most."""
_ASCII_FILTERS = frozenset({"/ASCII85Decode", "/ASCIIHexDecode"})
"""Filters that do not compress."""
_INVISIBLE = 3
_INVISIBLE_MODE = re.compile(rb"(?<![\d.])3\s+Tr\b")
_MAX_DEPTH = 3
"""Levels of nested forms that are read."""


def remove_old_text(pdf: Pdf, page: Page) -> None:
    """Remove invisible text from a page, as far as its contents can be read."""
    own = page.obj.get("/Contents")
    parts = own.as_list() if isinstance(own, Array) else [own] if own is not None else []
    contents = [decoded_data(part) for part in parts]
    if None in contents:
        return
    data = b"\n".join(part for part in contents if part is not None)
    if _INVISIBLE_MODE.search(data):
        kept = _without_invisible(pdf, data)
        page.obj.Contents = pdf.make_indirect(_compressed(pdf, kept))
    resources = page.obj.get("/Resources")
    if isinstance(resources, Dictionary):
        _clean_forms(pdf, resources, _MAX_DEPTH)


def _clean_forms(pdf: Pdf, resources: Object, depth: int) -> None:
    drawn = resources.get("/XObject")
    if depth == 0 or not isinstance(drawn, Dictionary):
        return
    for form in drawn.as_dict().values():
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form:
            continue
        data = decoded_data(form)
        if data is not None and _INVISIBLE_MODE.search(data):
            form.write(
                zlib.compress(_without_invisible(pdf, data)),
                filter=Name.FlateDecode,
                decode_parms=None,
            )
        inner = form.get("/Resources")
        if isinstance(inner, Dictionary):
            _clean_forms(pdf, inner, depth - 1)


def _without_invisible(pdf: Pdf, data: bytes) -> bytes:
    mode, outer = 0, []
    kept = []
    for instruction in pikepdf.parse_content_stream(pdf.make_stream(data)):
        operator = str(instruction.operator)
        if operator == "q":
            outer.append(mode)
        elif operator == "Q" and outer:
            mode = outer.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if mode != _INVISIBLE or operator not in ("Tj", "TJ", "'", '"'):
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def _compressed(pdf: Pdf, data: bytes) -> Stream:
    return Stream(pdf, zlib.compress(data), Filter=Name.FlateDecode)


def decoded_data(stream: Object) -> bytes | None:
    """The decoded data of a stream; None if it is too large or uses an unusual filter."""
    if not isinstance(stream, Stream):
        return None
    filters = stream.get("/Filter", Array())
    names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
    compressions = [name for name in names if name not in _ASCII_FILTERS]
    raw = stream.read_raw_bytes()
    if compressions not in ([], ["/FlateDecode"]) or "/DecodeParms" in stream:
        return None
    if names != compressions or not compressions:
        return stream.read_bytes() if len(raw) <= _MAX_BYTES / _MAX_COMPRESSION else None
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(raw, _MAX_BYTES)
    except zlib.error:
        return None
    return None if opened.unconsumed_tail else data
