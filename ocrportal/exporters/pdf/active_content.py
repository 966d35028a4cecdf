"""Removes active content from a PDF: scripts, and actions that launch, play or submit.

Actions that lead to a destination in the file or to a web page are kept, as are attached files,
which viewers open on request only.
"""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_HARMLESS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
"""Types of actions that are kept."""
_WEB_ADDRESS = re.compile(r"(?i)(https?|mailto|ftp):|[^:]*$")
_PLAYERS = frozenset({"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"})
"""Types of annotations that play media."""
_SUSPECT = re.compile(rb"/(AA|A|PA|Next|OpenAction|XFA|JavaScript|Annots|FT)\b")


def remove_active_content(pdf: Pdf, *, keep_signatures: bool = False) -> bool:
    """Remove active content from all objects, and signatures, which changes invalidate.

    Returns whether there was any.
    """
    root, found = pdf.Root, False
    form = root.get("/AcroForm")
    holders: list[tuple[Object | None, list[str]]] = [
        (root, ["/OpenAction", "/Requirements", "/URI"])
    ]
    holders += [(root.get("/Names"), ["/JavaScript"]), (form, ["/XFA"])]
    if not keep_signatures:
        holders += [(root, ["/Perms"]), (form, ["/SigFlags"])]
    for holder, keys in holders:
        for name in keys:
            if isinstance(holder, Dictionary) and name in holder:
                del holder[name]
                found = True
    for entry in pdf.objects:
        if isinstance(entry, Stream):
            entry = entry.stream_dict  # some viewers read it like a dictionary
        if not isinstance(entry, Dictionary | Array):
            continue
        before = entry.unparse(resolved=True)
        if _SUSPECT.search(before):  # most objects contain none of these keys
            _clean(entry, keep_signatures)
            found = found or entry.unparse(resolved=True) != before
    return found


def _clean(entry: Object, keep_signatures: bool) -> None:
    """Clean a dictionary or array with its direct objects, but not the objects it refers to."""
    if isinstance(entry, Array):
        for inner in entry.as_list():
            if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
                _clean(inner, keep_signatures)
        return
    for name in ("/AA", "/PA"):
        if name in entry:
            del entry[name]
    for name in ("/A", "/Next"):
        if name in entry and not _is_harmless(entry[name]):
            del entry[name]
    annotations = entry.get("/Annots")
    if isinstance(annotations, Array) and any(map(_plays, annotations.as_list())):
        entry.Annots = Array([note for note in annotations.as_list() if not _plays(note)])
    if not keep_signatures and entry.get("/FT") == Name.Sig and "/V" in entry:
        del entry["/V"]  # the changes invalidate a signature
    for inner in entry.as_dict().values():
        if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
            _clean(inner, keep_signatures)


def _is_harmless(action: Object) -> bool:
    """Whether an object is an action that is kept, or not an action."""
    if isinstance(action, Array):
        return all(_is_harmless(part) for part in action.as_list())
    if isinstance(action, Stream):
        return False
    if not isinstance(action, Dictionary) or "/S" not in action:
        return True
    if action.get("/S") == Name.URI:
        return bool(_WEB_ADDRESS.match(str(action.get("/URI", ""))))
    return str(action.S) in _HARMLESS


def _plays(note: Object) -> bool:
    return isinstance(note, Dictionary | Stream) and str(note.get("/Subtype", "")) in _PLAYERS
