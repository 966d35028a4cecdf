"""A document as one text: what repeats from page to page, and what runs on over their ends.

Works in passing: of a long document only a page and its two neighbours on either side are
held at a time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice

from ocrportal.catalogue.spec import services
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.options import ExportOptions
from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.contents import Part, contents_of
from ocrportal.layout.page import Paragraph
from ocrportal.layout.roles import PAGE_NUMBER
from ocrportal.results import PageResult
from ocrportal.text import join_lines, words_of

NEIGHBOURS = 2
"""Left and right pages of a book have running heads of their own."""
_MARGIN = 0.15
"""Share of the page at its head and foot where furniture may stand."""
_MAX_ROWS = 3
"""Running heads and footers have no more rows than this."""
_SAME_PLACE = 0.015
"""Share of the page's height by which the place of furniture varies."""
_ALIKE = 0.8
"""Likeness of the same running head read twice."""
_SAME_SIZE = 0.12


@dataclass(frozen=True, slots=True)
class FlowPage:
    """The parts of one page as they stand in the document."""

    page: ExportPage
    parts: tuple[Part, ...]
    runs_on: bool = False
    """Whether it begins within a paragraph, which is whole on the page before."""
    source: str = ""
    """Title of the document it is from, where several become one file; else empty."""
    place: int = 0
    """Of that document among them, from 0."""
    begins: bool = False
    """Whether that document begins here."""


@dataclass(frozen=True, slots=True)
class _Draft:
    page: ExportPage
    parts: tuple[Part, ...]
    edge: dict[int, float]
    """Parts that may be furniture, from the page's edges inwards, with their height (0 to 1)."""


def flow_of(document: ExportDocument, options: ExportOptions) -> Iterator[FlowPage]:
    """The pages of a document, as the options want them.

    A paragraph that runs on is joined once, to the page where it begins: one that fills a
    whole page is two. A video has no running heads and page numbers, and no frame of it
    goes on in the next. Nothing goes on from one document to the next where several become
    one file.
    """
    for place, part in enumerate(document.parts):
        for index, page in enumerate(_pages_of(part, options)):
            yield replace(page, source=part.title, place=place, begins=index == 0)
    if not document.parts:
        yield from _pages_of(document, options)


def _pages_of(document: ExportDocument, options: ExportOptions) -> Iterator[FlowPage]:
    first = next(document.iter_pages(), None)
    if first is not None and first.seconds is not None:
        yield from map(_frame, document.iter_pages())
        return
    pages = _with_furniture(document)
    joins = options.lines == "paragraphs" and options.layout == "flow"
    for page in _joined(pages) if joins else pages:
        if options.furniture:
            yield page
        else:
            yield replace(page, parts=tuple(p for p in page.parts if not is_furniture(p)))


def is_furniture(part: Part) -> bool:
    """Whether a part is a running head, a footer or a page number."""
    return isinstance(part, Paragraph) and part.is_furniture


def _with_furniture(document: ExportDocument) -> Iterator[FlowPage]:
    """Each page with its furniture told by what its neighbours repeat."""
    drafts = map(_draft, document.iter_pages())
    behind: deque[_Draft] = deque(maxlen=NEIGHBOURS)
    ahead = deque(islice(drafts, NEIGHBOURS + 1))
    while ahead:
        draft = ahead.popleft()
        yield FlowPage(draft.page, _marked(draft, [*behind, *ahead]))
        behind.append(draft)
        ahead.extend(islice(drafts, 1))


def _frame(page: ExportPage) -> FlowPage:
    parts = contents_of(page.result, services().get(page.service))
    return FlowPage(page, tuple(map(_as_text, parts)))


def _as_text(part: Part) -> Part:
    if isinstance(part, Paragraph) and part.is_furniture:
        return replace(part, kind="body")
    return part


def _draft(page: ExportPage) -> _Draft:
    parts = tuple(contents_of(page.result, services().get(page.service)))
    return _Draft(page, parts, _edge(parts, page.result.upright()))


def _edge(parts: tuple[Part, ...], upright: PageResult) -> dict[int, float]:
    heights = {
        place: sum(point[1] for point in upright.lines[part.lines[0].indices[0]].box)
        / (4 * upright.height)
        for place, part in enumerate(parts)
        if isinstance(part, Paragraph) and len(part.lines) == 1
    }
    order = sorted(heights, key=lambda place: heights[place])
    head = [place for place in order[:_MAX_ROWS] if heights[place] < _MARGIN]
    foot = [place for place in order[-_MAX_ROWS:] if heights[place] > 1 - _MARGIN]
    return {place: heights[place] for place in head + foot}


def _marked(draft: _Draft, neighbours: list[_Draft]) -> tuple[Part, ...]:
    parts = list(draft.parts)
    for place, height in draft.edge.items():
        part = parts[place]
        assert isinstance(part, Paragraph)
        if not part.is_furniture and any(_repeats(part.text, height, n) for n in neighbours):
            if PAGE_NUMBER.fullmatch(part.text):
                parts[place] = replace(part, kind="number", level=0)
            else:
                parts[place] = replace(part, kind="header" if height < 0.5 else "footer", level=0)
    # Pages that are alike from top to bottom have nothing but text.
    return draft.parts if all(map(is_furniture, parts)) else tuple(parts)


def _repeats(text: str, height: float, neighbour: _Draft) -> bool:
    for place, other_height in neighbour.edge.items():
        other = neighbour.parts[place]
        assert isinstance(other, Paragraph)
        if abs(height - other_height) < _SAME_PLACE and _alike(text, other.text):
            return True
    return False


def _alike(text: str, other: str) -> bool:
    """Whether two running heads are the same but for the numbers in them."""
    plain, other_plain = (
        "".join("0" if char.isdigit() else char for char in some if not char.isspace())
        for some in (text, other)
    )
    return SequenceMatcher(None, plain, other_plain, autojunk=False).ratio() >= _ALIKE


def _joined(pages: Iterator[FlowPage]) -> Iterator[FlowPage]:
    held: FlowPage | None = None
    for page in pages:
        if held is not None:
            held, page = _across(held, page)
            yield held
        held = page
    if held is not None:
        yield held


def _across(page: FlowPage, following: FlowPage) -> tuple[FlowPage, FlowPage]:
    """Two neighbouring pages, the paragraph between them whole on the first."""
    if not _is_next(page.page, following.page):
        return page, following  # nobody knows what the page between them says
    last = next((i for i in reversed(range(len(page.parts))) if _is_text(page.parts[i])), None)
    first = next((i for i in range(len(following.parts)) if _is_text(following.parts[i])), None)
    if last is None or first is None:
        return page, following
    tail, head = page.parts[last], following.parts[first]
    if not isinstance(tail, Paragraph) or not isinstance(head, Paragraph):
        return page, following
    size = following.page.result.upright().width / page.page.result.upright().width
    if not _goes_on(tail, head, size, indented=_uses_indents(page.parts + following.parts)):
        return page, following
    words = words_of(line.text for part in (tail, head) for line in part.lines)
    whole = replace(tail, text=join_lines((tail.text, head.text), words))
    return (
        replace(page, parts=(*page.parts[:last], whole, *page.parts[last + 1 :])),
        FlowPage(
            following.page, (*following.parts[:first], *following.parts[first + 1 :]), runs_on=True
        ),
    )


def _is_next(page: ExportPage, following: ExportPage) -> bool:
    """Whether no page, and no half of one that was cut in two, is missing between them."""
    if following.number == page.number:
        return following.part == page.part + 1
    return following.number == page.number + 1 and page.part != 1 and following.part != 2


def _is_text(part: Part) -> bool:
    return not is_furniture(part)


def _goes_on(tail: Paragraph, head: Paragraph, size: float, *, indented: bool) -> bool:
    """Whether a page's first paragraph goes on with the last one of the page before.

    ``size`` is the size of its picture, that of the page before being 1.
    """
    return (
        tail.kind in ("body", "item")
        and head.kind == "body"
        and bool(tail.lines and head.lines)
        and head.shape.alignment in ("left", "justified")
        and head.shape.indent == 0
        and abs(head.shape.em / size / tail.shape.em - 1) < _SAME_SIZE
        and not tail.shape.has_room_for(head.text)
        # Where paragraphs begin with an indent, one without goes on.
        and (indented or not tail.text.endswith(SENTENCE_END))
    )


def _uses_indents(parts: tuple[Part, ...]) -> bool:
    texts = [part for part in parts if isinstance(part, Paragraph) and part.kind == "body"]
    indented = sum(part.shape.indent > 1 for part in texts)
    return indented > 1 and indented > len(texts) / 2
