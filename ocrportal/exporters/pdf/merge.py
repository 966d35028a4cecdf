"""Merges PDF files: their pages follow each other unchanged.

Contents, images and fonts of the pages are copied without changes. The bookmarks of a file are
below a bookmark with its title. Links between pages and to the web work, comments are kept, and
filled-in forms are visible. Properties of the whole file are dropped: page labels, tags, attached
files, interactive form fields and metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, OutlineStructureError, Pdf

from ocrportal.exporters.pdf.archival import make_archival
from ocrportal.exporters.pdf.page_selection import target_of

_MAX_OPEN = 100
"""Number of files open at a time; more files are merged in steps."""
_MAX_DEPTH = 50
"""Levels of bookmarks."""
_DAMAGED = (
    *(pikepdf.PdfError, OutlineStructureError),
    *(AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError),
)
"""Errors raised by malformed bookmarks."""


@dataclass(frozen=True, slots=True)
class MergeInput:
    """One of the files to be merged."""

    path: Path
    title: str
    """The title of its bookmark; empty if its bookmarks are titles of documents already."""


def merge(
    inputs: Sequence[MergeInput],
    out: BinaryIO,
    *,
    title: str,
    producer: str,
    written: datetime,
    archival: bool,
) -> None:
    """Merge files of at least one page each into ``out``, which is seekable.

    With ``archival`` the result is PDF/A-2u, to which each of them conforms.
    """
    inputs = list(inputs)
    while len(inputs) > _MAX_OPEN:
        folder = inputs[0].path.parent
        groups = [inputs[i : i + _MAX_OPEN] for i in range(0, len(inputs), _MAX_OPEN)]
        inputs = []
        for number, group in enumerate(groups):
            path = folder / f"{group[0].path.stem}-{number}-merged.pdf"
            with path.open("wb+") as file, ExitStack() as stack:
                _save(_joined(group, stack), file)
            for part in group:
                part.path.unlink()
            inputs.append(MergeInput(path, ""))
    with ExitStack() as stack:
        pdf = _joined(inputs, stack)
        pdf.docinfo["/Title"] = title
        pdf.docinfo["/Creator"] = pdf.docinfo["/Producer"] = producer
        for name in ("/CreationDate", "/ModDate"):
            pdf.docinfo[name] = f"{written:D:%Y%m%d%H%M%SZ}"
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if archival:
            make_archival(pdf)
        _save(pdf, out)


def _joined(inputs: Sequence[MergeInput], stack: ExitStack) -> Pdf:
    merged = stack.enter_context(pikepdf.new())
    outline: list[OutlineItem] = []
    for part in inputs:
        # Streams of the pages are copied only when the result is saved.
        source = stack.enter_context(pikepdf.open(part.path, access_mode=pikepdf.AccessMode.stream))
        if "/Lang" in source.Root and "/Lang" not in merged.Root:
            merged.Root.Lang = pikepdf.String(str(source.Root.Lang))
        before = len(merged.pages)
        places = {page.obj.objgen: number for number, page in enumerate(source.pages)}
        links = list(_cut_links(source, places))
        merged.pages.extend(source.pages)
        for number, note, target, rest in links:
            link = merged.pages[before + number].obj.Annots[note]
            link.Dest = Array([merged.pages[before + target].obj, *rest])
        items = _bookmarks(source, merged, places, before)
        if part.title:
            item = OutlineItem(part.title, before)
            item.is_closed = True
            item.children.extend(items)
            items = [item]
        outline += items
    with merged.open_outline(max_depth=_MAX_DEPTH + 1) as written:
        written.root.extend(outline)
    return merged


def _bookmarks(
    source: Pdf, merged: Pdf, places: dict[tuple[int, int], int], before: int
) -> list[OutlineItem]:
    """The bookmarks of a file; none if they are malformed."""
    try:
        with source.open_outline(max_depth=_MAX_DEPTH) as found:
            return list(_items(source, merged, found.root, places, before))
    except _DAMAGED:
        return []


def _cut_links(
    pdf: Pdf, places: dict[tuple[int, int], int]
) -> Iterator[tuple[int, int, int, list[Object]]]:
    """Remove links to pages, which cannot be copied before their target pages.

    Yields for each link the index of its page, its index among the annotations of the page, the
    index of the target page, and the view of that page.
    """
    for number, page in enumerate(pdf.pages):
        for place, note in enumerate((page.obj.get("/Annots") or Array()).as_list()):
            if not isinstance(note, Dictionary):
                continue
            action = note.get("/A")
            wanted = note.get("/Dest")
            if isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
                wanted = action.get("/D")
                del note["/A"]
            target = target_of(pdf, wanted)
            if "/Dest" in note:
                del note["/Dest"]
            if target is not None and target[0].objgen in places:
                yield number, place, places[target[0].objgen], _view(target)


def _items(
    source: Pdf,
    merged: Pdf,
    items: Sequence[OutlineItem],
    places: dict[tuple[int, int], int],
    before: int,
) -> Iterator[OutlineItem]:
    for item in items:
        action = item.action
        wanted: Object | int | None = item.destination
        if wanted is None and action is not None:
            wanted = action.get("/D")
        target = target_of(source, wanted)
        copy = OutlineItem(item.title)
        if target is not None and target[0].objgen in places:
            page = merged.pages[before + places[target[0].objgen]].obj
            copy.destination = Array([page, *_view(target)])
        copy.is_closed = item.is_closed
        copy.children.extend(_items(source, merged, item.children, places, before))
        yield copy


def _view(target: Array) -> list[Object]:
    """The view of a destination, without references to objects of its file."""
    return [part for part in target.as_list()[1:] if not getattr(part, "is_indirect", False)]


def _save(pdf: Pdf, out: BinaryIO) -> None:
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
