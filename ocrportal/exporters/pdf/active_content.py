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


def remove_active_content(pdf: Pdf) -> None:
    """Remove active content from all objects, and signatures, which the changes invalidate."""
    root = pdf.Root
    for name in ("/OpenAction", "/Requirements", "/Perms", "/URI"):
        if name in root:
            del root[name]
    names = root.get("/Names")
    if isinstance(names, Dictionary) and "/JavaScript" in names:
        del names["/JavaScript"]
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary):
        if "/XFA" in form:
            del form["/XFA"]
        if "/SigFlags" in form:
            del form["/SigFlags"]
    for entry in pdf.objects:
        if isinstance(entry, Stream):
            entry = entry.stream_dict  # some viewers read it like a dictionary
        # Most objects contain none of these keys.
        if isinstance(entry, Dictionary | Array) and _SUSPECT.search(entry.unparse(resolved=True)):
            _clean(entry)


def _clean(entry: Object) -> None:
    """Clean a dictionary or array with its direct objects, but not the objects it refers to."""
    if isinstance(entry, Array):
        for inner in entry.as_list():
            if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
                _clean(inner)
        return
    for name in ("/AA", "/PA"):
        if name in entry:
            del entry[name]
    for name in ("/A", "/Next"):
        if name in entry and not _is_harmless(entry[name]):
            del entry[name]
    annotations = entry.get("/Annots")
    if isinstance(annotations, Array):
        entry.Annots = Array([note for note in annotations.as_list() if not _plays(note)])
    if entry.get("/FT") == Name.Sig and "/V" in entry:
        del entry["/V"]  # the changes invalidate a signature
    for inner in entry.as_dict().values():
        if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
            _clean(inner)


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
