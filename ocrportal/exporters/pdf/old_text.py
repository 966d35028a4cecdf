"""Removes the text layer of an earlier recognition from a page.

With two text layers, each text would be found and copied twice. Text is removed if no reader of
the page can see it: invisible text (modes 3 and 7), and text that a later opaque picture covers.
Only the operators that show it are removed, from the contents of the page and of its forms;
operators that change the graphics state are kept. Contents that are large or use unusual filters
are not changed.
"""

from __future__ import annotations

import re
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from ocrportal.exporters.pdf.hidden_text import Box, hidden_text

_MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the largest contents that are read."""
_MAX_COMPRESSION = 1032
"""Compression ratio of Flate, at most."""
_ASCII_FILTERS = frozenset({"/ASCII85Decode", "/ASCIIHexDecode"})
"""Filters that do not compress."""
_HIDING_MODE = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
_SHOWS = re.compile(rb"T[jJ]\b|[)>]\s*['\"]")
_MAX_DEPTH = 3
"""Levels of nested forms that are read."""


def remove_old_text(pdf: Pdf, page: Page, box: Box) -> bool:
    """Remove hidden text from a page, as far as its contents can be read.

    ``box`` is the visible part of the page: its left, bottom, right and top. Returns whether text
    may be left: the page has operators that show some, or contents that were not read.
    """
    own = page.obj.get("/Contents")
    parts = own.as_list() if isinstance(own, Array) else [own] if own is not None else []
    contents = [decoded_data(part) for part in parts]
    if None in contents:
        return True
    data = b"\n".join(part for part in contents if part is not None)
    resources = page.obj.get("/Resources")
    if _can_hide(data):
        kept = _without_hidden(pdf, data, resources, box)
        if kept is not None:
            data = kept
            page.obj.Contents = pdf.make_indirect(_compressed(pdf, kept))
    has_text = bool(_SHOWS.search(data))
    if isinstance(resources, Dictionary):
        has_text = _clean_forms(pdf, resources, _MAX_DEPTH) or has_text
    return has_text


def _clean_forms(pdf: Pdf, resources: Object, depth: int) -> bool:
    drawn = resources.get("/XObject")
    if not isinstance(drawn, Dictionary):
        return False
    if depth == 0:
        return True
    has_text = False
    for form in drawn.as_dict().values():
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form:
            continue
        data, inner = decoded_data(form), form.get("/Resources")
        if data is None:
            has_text = True
            continue
        if _can_hide(data):
            # The visible part of a form depends on where it is drawn.
            kept = _without_hidden(pdf, data, inner, None)
            if kept is not None:
                data = kept
                form.write(zlib.compress(kept), filter=Name.FlateDecode, decode_parms=None)
        has_text = has_text or bool(_SHOWS.search(data))
        if isinstance(inner, Dictionary):
            has_text = _clean_forms(pdf, inner, depth - 1) or has_text
    return has_text


def _can_hide(data: bytes) -> bool:
    """Whether contents may have hidden text: a mode that hides it, or a picture after it."""
    first = _SHOWS.search(data)
    return first is not None and (
        _HIDING_MODE.search(data) is not None or data.rfind(b" Do") > first.start()
    )


def _without_hidden(
    pdf: Pdf, data: bytes, resources: Object | None, box: Box | None
) -> bytes | None:
    """The contents without their hidden text; None if they have none."""
    instructions = pikepdf.parse_content_stream(pdf.make_stream(data))
    hidden = hidden_text(instructions, resources, box)
    if not hidden:
        return None
    return pikepdf.unparse_content_stream(
        [entry for index, entry in enumerate(instructions) if index not in hidden]
    )


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
