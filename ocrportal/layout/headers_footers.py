"""Running headers, footers and page numbers, recognised by what neighbouring pages repeat.

A page is compared with two pages before and two after it, so that only five pages are in
memory at a time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice

from ocrportal.layout.blocks import Paragraph, is_header_or_footer
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.list_markers import PAGE_NUMBER
from ocrportal.layout.roles.page_edges import MAX_PIECES

NEIGHBOURS = 2
"""Pages compared on either side: left and right pages of a book have headers of their own."""
_MARGIN = 0.15
"""Share of the page at its top and bottom where headers and footers may be."""
_MAX_ROWS = 3
"""Headers and footers have at most this many lines."""
_SAME_PLACE = 0.015
"""Share of the page's height by which the position of a header may vary."""
_ALIKE = 0.8
"""Similarity of the same header recognised twice."""


@dataclass(frozen=True, slots=True)
class _Draft:
    page: LaidOutPage
    candidates: dict[int, tuple[float, str]]
    """Height (0 to 1) and comparable text of blocks near the edges, by their index."""


def mark_headers_and_footers(pages: Iterable[LaidOutPage]) -> Iterator[LaidOutPage]:
    """Each page with its repeated headers, footers and page numbers marked as such."""
    drafts = map(_draft, pages)
    behind: deque[_Draft] = deque(maxlen=NEIGHBOURS)
    ahead = deque(islice(drafts, NEIGHBOURS + 1))
    while ahead:
        draft = ahead.popleft()
        yield _marked(draft, [*behind, *ahead])
        behind.append(draft)
        ahead.extend(islice(drafts, 1))


def without_headers_and_footers(page: LaidOutPage) -> LaidOutPage:
    """The page without its headers, footers and page numbers."""
    return replace(page, blocks=tuple(b for b in page.blocks if not is_header_or_footer(b)))


def as_text(page: LaidOutPage) -> LaidOutPage:
    """The page with its headers, footers and page numbers as ordinary text."""
    blocks = tuple(
        replace(block, kind="body")
        if isinstance(block, Paragraph) and block.is_header_or_footer
        else block
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def _draft(page: LaidOutPage) -> _Draft:
    heights = {
        index: sum(point[1] for point in page.result.lines[block.lines[0].indices[0]].box)
        / (4 * page.result.height)
        for index, block in enumerate(page.blocks)
        if isinstance(block, Paragraph)
        and len(block.lines) == 1
        and len(block.lines[0].pieces) <= MAX_PIECES
    }
    order = sorted(heights, key=lambda index: heights[index])
    top = [index for index in order[:_MAX_ROWS] if heights[index] < _MARGIN]
    bottom = [index for index in order[-_MAX_ROWS:] if heights[index] > 1 - _MARGIN]
    texts = {index: _text(page, index) for index in top + bottom}
    return _Draft(page, {index: (heights[index], texts[index]) for index in texts})


def _text(page: LaidOutPage, index: int) -> str:
    """A block's text for comparison: digits alike, without spaces."""
    block = page.blocks[index]
    assert isinstance(block, Paragraph)  # _draft only takes paragraphs
    return "".join("0" if char.isdigit() else char for char in block.text if not char.isspace())


def _marked(draft: _Draft, neighbours: list[_Draft]) -> LaidOutPage:
    blocks = list(draft.page.blocks)
    for index, (height, text) in draft.candidates.items():
        block = blocks[index]
        assert isinstance(block, Paragraph)  # _draft only takes paragraphs
        if not block.is_header_or_footer and any(_repeats(text, height, n) for n in neighbours):
            if PAGE_NUMBER.fullmatch(block.text):
                blocks[index] = replace(block, kind="page_number", level=0)
            else:
                blocks[index] = replace(block, kind="header" if height < 0.5 else "footer", level=0)
    # Pages that are alike from top to bottom consist of text.
    if all(map(is_header_or_footer, blocks)):
        return draft.page
    return replace(draft.page, blocks=tuple(blocks))


def _repeats(text: str, height: float, neighbour: _Draft) -> bool:
    return any(
        abs(height - other_height) < _SAME_PLACE and _alike(text, other)
        for other_height, other in neighbour.candidates.values()
    )


def _alike(text: str, other: str) -> bool:
    return SequenceMatcher(None, text, other, autojunk=False).ratio() >= _ALIKE
