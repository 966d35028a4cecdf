"""Reads the contents of a page, and what they use, within limits of size."""

from __future__ import annotations

import re
import zlib

from pikepdf import Array, Dictionary, Name, Object, Page, Stream

_MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the largest contents that are read."""
_MAX_COMPRESSION = 1032
"""Compression ratio of Flate, at most."""
_ASCII_FILTERS = frozenset({"/ASCII85Decode", "/ASCIIHexDecode"})
"""Filters that do not compress."""
_NAME = re.compile(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]*")


def decoded_contents(page: Page) -> bytes | None:
    """The decoded contents of a page; None if they cannot be read within the limits."""
    own = page.obj.get("/Contents")
    parts = own.as_list() if isinstance(own, Array) else [own] if own is not None else []
    read = []
    for part in parts:
        data = decoded_data(part)
        if data is None:
            return None
        read.append(data)
    return b"\n".join(read)


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


def used_resources(resources: Dictionary, data: bytes | None) -> Dictionary:
    """The resources whose names are in the contents ``data``; all of them if that is None.

    All pages of a file can share one dictionary with the fonts and pictures of the whole file.
    """
    if data is None:
        return resources
    found = set(_NAME.findall(data))
    if any(b"#" in name or not name.isascii() for name in found):
        return resources  # such a name can be spelled in several ways
    names = {name.decode() for name in found}
    used = {}
    for kind, entries in resources.as_dict().items():
        if isinstance(entries, Dictionary):
            entries = Dictionary({k: v for k, v in entries.as_dict().items() if k in names})
        used[kind] = entries
    forms = used.get("/XObject")
    if isinstance(forms, Dictionary) and any(map(_inherits, forms.as_dict().values())):
        return resources
    return Dictionary(used)


def _inherits(entry: Object) -> bool:
    """Whether an entry is a form that uses the resources of its page."""
    return (
        isinstance(entry, Stream)
        and entry.get("/Subtype") == Name.Form
        and "/Resources" not in entry
    )
