"""Several PDF files as one: their pages as they are, one behind the other.

Contents, pictures and fonts of the pages stay bit for bit. The bookmarks of a file stand below
one with its name. Links from page to page and to the web work; so do comments, and filled-in
forms are seen. What belongs to a file as a whole goes: page labels, tags, attached files,
fields that can be filled in, metadata.
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
"""Files that are open at a time; what more there are is put together in steps."""
_MAX_DEPTH = 50
"""Levels of bookmarks."""
_DAMAGED = (
    *(pikepdf.PdfError, OutlineStructureError),
    *(AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError),
)
"""What reading bookmarks raises that are not what they should be."""


@dataclass(frozen=True, slots=True)
class MergeInput:
    """A file that becomes a part of another."""

    path: Path
    title: str
    """The name of its bookmark; empty if its own bookmarks are names of documents already."""


def merge(
    inputs: Sequence[MergeInput],
    out: BinaryIO,
    *,
    title: str,
    producer: str,
    written: datetime,
    archival: bool,
) -> None:
    """Write files of at least one page each as one, to ``out``, which is seekable.

    With ``archival`` as PDF/A-2u, which each of them has to be.
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
            for volume in group:
                volume.path.unlink()
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
    for volume in inputs:
        # Pages come with their streams only when all is saved.
        source = stack.enter_context(
            pikepdf.open(volume.path, access_mode=pikepdf.AccessMode.stream)
        )
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
        if volume.title:
            item = OutlineItem(volume.title, before)
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
    """Those of a file; where they are damaged, none: its pages count for more."""
    try:
        with source.open_outline(max_depth=_MAX_DEPTH) as found:
            return list(_items(source, merged, found.root, places, before))
    except _DAMAGED:
        return []


def _cut_links(
    pdf: Pdf, places: dict[tuple[int, int], int]
) -> Iterator[tuple[int, int, int, list[Object]]]:
    """Take out links to pages, which cannot be copied before those pages are.

    Each is the place of its page, its own among the page's notes, where it leads, and what of
    that page it shows.
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
    """What of a page is shown, without what belongs to its file."""
    return [part for part in target.as_list()[1:] if not getattr(part, "is_indirect", False)]


def _save(pdf: Pdf, out: BinaryIO) -> None:
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
