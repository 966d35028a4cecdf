"""The invisible text that another program's recognition left on a page.

Were it kept beside ours, everything would be found and copied twice. Only the operators
that show invisible text go, from the page's contents and the forms these draw; what they
leave behind in the graphics state stays. Contents that are large, or packed in an
unusual way, are left as they are: then both texts stand on the page.
"""

from __future__ import annotations

import re
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

_MAX_BYTES = 4 * 1024 * 1024
"""Bytes of contents that are looked at."""
_TIGHTEST = 1032
"""How many times smaller Flate can make data at most."""
_SPELLED = frozenset({"/ASCII85Decode", "/ASCIIHexDecode"})
"""Filters that make data no smaller."""
_INVISIBLE = 3
_MENTION = re.compile(rb"(?<![\d.])3\s+Tr\b")
_MAX_DEPTH = 3
"""Forms within forms that are looked at."""


def remove_old_text(pdf: Pdf, page: Page) -> None:
    """Remove invisible text from a page, as far as that is safe."""
    own = page.obj.get("/Contents")
    parts = own.as_list() if isinstance(own, Array) else [own] if own is not None else []
    contents = [unpacked(part) for part in parts]
    if None in contents:
        return
    data = b"\n".join(part for part in contents if part is not None)
    if _MENTION.search(data):
        kept = _without_invisible(pdf, data)
        page.obj.Contents = pdf.make_indirect(_packed(pdf, kept))
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
        data = unpacked(form)
        if data is not None and _MENTION.search(data):
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


def _packed(pdf: Pdf, data: bytes) -> Stream:
    return Stream(pdf, zlib.compress(data), Filter=Name.FlateDecode)


def unpacked(stream: Object) -> bytes | None:
    """A stream's data; None if it is too much, or not packed in the usual way."""
    if not isinstance(stream, Stream):
        return None
    filters = stream.get("/Filter", Array())
    names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
    packed = [name for name in names if name not in _SPELLED]
    raw = stream.read_raw_bytes()
    if packed not in ([], ["/FlateDecode"]) or "/DecodeParms" in stream:
        return None
    if names != packed or not packed:
        return stream.read_bytes() if len(raw) <= _MAX_BYTES / _TIGHTEST else None
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(raw, _MAX_BYTES)
    except zlib.error:
        return None
    return None if opened.unconsumed_tail else data
