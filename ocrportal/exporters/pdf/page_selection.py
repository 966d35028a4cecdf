"""Keeps selected pages of a PDF, without any content of the removed pages.

Bookmarks to removed pages are dropped, and page labels are kept with their pages. Structures that
describe the whole document (tags, article threads) are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Object, OutlineItem, Pdf

_WHOLE_DOCUMENT = ("/StructTreeRoot", "/MarkInfo", "/Threads", "/PieceInfo", "/SpiderInfo")
_MAX_DEPTH = 50
"""Levels of form fields."""


def keep_pages(pdf: Pdf, numbers: Sequence[int]) -> None:
    """Keep the pages with these numbers, which are counted from 1 and ascend."""
    chosen = set(numbers)
    labels = _labels(pdf, numbers)
    removed = [page.obj for number, page in enumerate(pdf.pages, 1) if number not in chosen]
    removed_ids = {page.objgen for page in removed}
    if pdf.Root.get("/Outlines") is not None:
        with pdf.open_outline() as outline:
            outline.root[:] = _kept(pdf, outline.root, removed_ids)
    for number in range(len(pdf.pages), 0, -1):
        if number not in chosen:
            del pdf.pages[number - 1]
    _drop_fields(pdf)
    for page in removed:
        # Remaining references lead to an empty page.
        for key in list(page.keys()):
            del page[key]
    for name in _WHOLE_DOCUMENT:
        if name in pdf.Root:
            del pdf.Root[name]
    if labels is not None:
        pdf.Root.PageLabels = labels


def _labels(pdf: Pdf, numbers: Sequence[int]) -> Dictionary | None:
    """The labels of the kept pages; None if the document has none."""
    root = pdf.Root.get("/PageLabels")
    if not isinstance(root, Dictionary):
        return None
    ranges = sorted(NumberTree(root).items())
    rows: list[Object | int] = []
    expected = None
    for place, number in enumerate(numbers):
        begin, style = next(
            (entry for entry in reversed(ranges) if entry[0] <= number - 1), (0, Dictionary())
        )
        value = int(style.get("/St", 1)) + number - 1 - begin
        if expected != (begin, value):
            label = Dictionary(dict(style.items()))
            label.St = value
            rows += [place, label]
        expected = begin, value + 1
    return Dictionary(Nums=Array(rows))


def _kept(
    pdf: Pdf, items: Iterable[OutlineItem], removed_ids: set[tuple[int, int]]
) -> list[OutlineItem]:
    """Bookmarks to kept pages, and those with such bookmarks below them."""
    kept = []
    for item in items:
        item.children[:] = _kept(pdf, item.children, removed_ids)
        if item.children or not _leads_to(pdf, item, removed_ids):
            kept.append(item)
    return kept


def _leads_to(pdf: Pdf, item: OutlineItem, pages: set[tuple[int, int]]) -> bool:
    target: Object | int | None = item.destination
    if target is None and item.action is not None:
        target = item.action.get("/D")
    found = target_of(pdf, target)
    return found is not None and found[0].objgen in pages


def target_of(pdf: Pdf, target: Object | int | None) -> Array | None:
    """The explicit destination of a link or bookmark: page and view; None without a page."""
    if isinstance(target, Name):
        target = pdf.Root.get("/Dests", Dictionary()).get(str(target))
    elif target is not None and not isinstance(target, Array | Dictionary):
        target = _named(pdf, str(target))
    if isinstance(target, Dictionary):
        target = target.get("/D")
    if not isinstance(target, Array) or not len(target) or not isinstance(target[0], Dictionary):
        return None
    return target


def _named(pdf: Pdf, name: str) -> Object | None:
    names = pdf.Root.get("/Names", Dictionary()).get("/Dests")
    if not isinstance(names, Dictionary):
        return None
    found: Object | None = NameTree(names).get(name)
    return found


def _drop_fields(pdf: Pdf) -> None:
    """Remove the form fields of removed pages with their values."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not isinstance(form.get("/Fields"), Array):
        return
    widgets = {
        note.objgen
        for page in pdf.pages
        for note in (page.obj.get("/Annots") or Array()).as_list()
        if isinstance(note, Dictionary)
    }
    form.Fields = Array(
        [field for field in form.Fields.as_list() if _is_shown(field, widgets, _MAX_DEPTH)]
    )


def _is_shown(field: Object, widgets: set[tuple[int, int]], depth: int) -> bool:
    if not isinstance(field, Dictionary) or depth == 0:
        return False
    if field.objgen in widgets:
        return True
    kids = field.get("/Kids")
    if not isinstance(kids, Array):
        return False
    shown = [kid for kid in kids.as_list() if _is_shown(kid, widgets, depth - 1)]
    field.Kids = Array(shown)
    return bool(shown)
